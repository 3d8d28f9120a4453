"""One's own entry in the electoral roll of a poll."""

from flask_login import login_required

from civic_forum.ballots.pages import rolls
from civic_forum.ballots.pages.rolls import OwnRoll
from civic_forum.ballots.standing import Actions
from civic_forum.platform import clock
from civic_forum.platform.i18n import Language, _, language
from civic_forum.platform.web import by_address, by_user, unlogged

from ..policy import why_not_object
from .ballot import found
from .blueprint import bp


@bp.get("/<slug>/roll")
@login_required
@unlogged
def own_entry(slug: str):
    return rolls.own_page(_vote(slug))


@bp.post("/<slug>/roll/objections")
@login_required
@by_address
@by_user
def object_to_roll(slug: str):
    return rolls.objected(_vote(slug))


def _vote(slug: str) -> OwnRoll:
    poll, ways = found(slug), Actions(f"/polls/{slug}")
    words = {} if language() is Language.KO else poll.texts.get(str(language())) or {}
    return OwnRoll(
        title=poll.title, way=[(_("투표"), "/polls"), (poll.title, ways.page)], ways=ways, box=poll.box,
        roll=poll.roll, eligibility=words.get("eligibility") or poll.eligibility, fixed_on=poll.roll_fixed_on,
        check_to=poll.roll_check_to, why_not_object=why_not_object(poll, clock.now()))
