"""The ballot of a poll, one's own entry in its roll, and the roll at the desk."""

from flask import redirect
from flask_login import login_required

from civic_forum.accounts import session_cookie
from civic_forum.ballots.rolls import electorate
from civic_forum.ballots.rolls import pages as rolls
from civic_forum.ballots.rolls.pages import DeskRoll, OwnRoll
from civic_forum.ballots.voting import ballot as ballot_forms
from civic_forum.ballots.voting import pages as ballot_pages
from civic_forum.ballots.voting.pages import Voting
from civic_forum.ballots.voting.standing import Actions
from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import sign_in_for, unlogged, visitor

from .. import policy
from ..models import Poll
from ..pages import bp, desk, readable
from ..policy import may_make, may_read, why_not_object
from ..queries import records


@bp.get("/<slug>/ballot")
@sign_in_for(ballot_pages.WHY_SIGN_IN, once=records.grows)
@login_required
@unlogged
def ballot(slug: str):
    poll = readable(slug)
    return redirect(f"/polls/{slug}") if poll.box is None else ballot_pages.ballot(voting(poll))


@bp.post("/<slug>/casts")
@unlogged
def cast(slug: str):
    """As JSON of one length from the script, or as a form from a page without it. Nothing here writes a line, an event
    or a cookie; the route stays out of every log."""
    poll, caller = records.vote(slug, session_cookie.of_request())
    if may_read(caller, poll):
        raise records.missing()
    return ballot_pages.cast(poll.box_id, caller, lambda: voting(records.by_slug(slug)))


def voting(poll: Poll) -> Voting:
    """A poll that has a box, for the pages of its ballot."""
    ways = Actions(f"/polls/{poll.slug}")
    return Voting(poll.box, ways, [(_("투표"), "/polls"), (ballot_forms.title_of(poll.box), ways.page)])


def _own_vote(slug: str) -> OwnRoll:
    poll, ways = readable(slug), Actions(f"/polls/{slug}")
    return OwnRoll(
        title=poll.title, way=[(_("투표"), "/polls"), (poll.title, ways.page)], ways=ways, box=poll.box,
        roll=poll.roll, eligibility=electorate.of_vote(poll.box, poll.roll), fixed_on=poll.roll_fixed_on,
        check_to=poll.roll_check_to, why_not_object=why_not_object(poll, clock.now()))


def _vote(slug: str) -> DeskRoll:
    poll, home = records.whole(slug), f"/desk/polls/{slug}"
    if poll.roll is None:
        raise NotFound(_("아직 명부가 없어요. 누가 투표할 수 있는지 먼저 적어 주세요."))
    return DeskRoll(
        title=poll.title, way=[(_("업무 화면"), "/desk"), (_("투표"), "/desk/polls"), (poll.title, home)],
        here=f"{home}/roll", roll=poll.roll, opened=poll.box is not None and poll.box.opened_at is not None,
        why_not=policy.may_edit(visitor(), poll))


rolls.mount_own(bp, "/<slug>", _own_vote)
rolls.mount_desk(desk, "/polls/<slug>/roll", _vote, may_make)
