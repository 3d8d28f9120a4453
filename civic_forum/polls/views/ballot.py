"""The ballot of a poll: opened anew each time, never kept, filled in by one person."""

from flask import redirect, render_template, url_for
from flask_login import login_required

from civic_forum.ballots import ballot_forms
from civic_forum.ballots.ballot_forms import BallotForm
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import casts, rolls
from civic_forum.ballots.rules.boxes import BoxStage, stage_of
from civic_forum.ballots.slips import Slip
from civic_forum.ballots.wording import ballot_words
from civic_forum.kernel import clock
from civic_forum.kernel.web import leaves_no_trace, visitor

from .. import countdown
from ..models import Poll
from ..policy import may_read
from ..queries import records
from .blueprint import bp


def found(slug: str, *, whole: bool = False) -> Poll:
    """The poll at this address, if the visitor may know of it. Raises NotFound."""
    poll = records.whole(slug) if whole else records.by_slug(slug)
    if may_read(visitor(), poll):
        raise records.missing()
    return poll


@bp.get("/<slug>/ballot")
@login_required
@leaves_no_trace
def ballot(slug: str):
    poll = found(slug, whole=True)
    if poll.box is None or stage_of(poll.box, clock.now()) is not BoxStage.OPEN:
        return redirect(f"/polls/{slug}")
    entry = rolls.own_entry(poll.box.roll, visitor())
    if not entry.state.may_vote:
        return redirect(url_for(".own_entry", slug=slug))
    standing = casts.standing(poll.box.id, entry.person)
    if standing.is_paper:
        return redirect(url_for(".own_entry", slug=slug))
    return page(poll, ballot_forms.opened(poll.box, entry.person, standing.revision))


def page(poll: Poll, form: BallotForm, *, chosen=None, blank: bool = False, refused: str = "", status: int = 200):
    """The ballot; with `refused` what was sent without script and why it was not taken."""
    pictures = {option.number: option.picture for option in poll.options if option.picture}
    return render_template(
        "polls/ballot.html", form=form, pictures=pictures, chosen=chosen or {}, blank=blank, refused=refused,
        words=ballot_words(form.title), cast_url=url_for(".cast", slug=poll.slug), slip=Slip.blank(), before="",
        late="", left=countdown.left(poll.box.closes_at, clock.now()), **around(poll, form.title)), status


def around(poll: Poll, title: str) -> dict[str, object]:
    """What the ballot, the receipt and the page of a late ballot all show."""
    box: BallotBox = poll.box
    return {"poll": poll, "box": box, "title": title, "ballot_url": url_for(".ballot", slug=poll.slug)}
