"""The ballot of one box, the receipt, and the page of a ballot that came too late.

The features whose votes they are have the routes. Nothing here writes a line, an event or a cookie.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import AnonymousUserMixin

from civic_forum.accounts.queries.sessions import Caller
from civic_forum.platform import clock
from civic_forum.platform.error_pages import error_page
from civic_forum.platform.errors import Denied, Refusal, Unavailable
from civic_forum.platform.i18n import _, _l, local, moment
from civic_forum.platform.web import visitor

from .. import identities, voted
from .. import queries as boxes
from ..box import casting, voters
from ..box.casting import CastForm
from ..models import BallotBox
from ..rolls import queries as rolls
from ..rules.boxes import BoxStage, Channel, stage_of
from . import own, refusals, services
from . import ballot as ballot_forms
from .ballot import BallotForm, LastLook
from .receipts import ReceiptView
from .standing import Actions

WHY_SIGN_IN = _l("투표하려면 로그인해 주세요.")
MOST_NEXT = 2
"""Votes that a receipt names."""


@dataclass(frozen=True)
class Voting:
    """A vote as the pages of its ballot tell it."""

    box: BallotBox
    ways: Actions
    way: Sequence[tuple[str, str | None]]
    """The crumbs above the page."""


def next_votes(sent: Collection[bytes]) -> list[own.OwnVote]:
    """Those after a ballot for these boxes in which the visitor did not take part."""
    if not visitor().is_authenticated:
        return []
    return [vote for vote in own.votes(own.eligible(visitor())) if not set(vote.left) <= set(sent)][:MOST_NEXT]


def ballot(vote: Voting):
    """The ballot, opened anew; where there is none for this person now, the page that says why."""
    if stage_of(vote.box, clock.now()) is not BoxStage.OPEN:
        return redirect(vote.ways.page)
    try:
        form = opened(vote.box)
    except Denied as refusal:
        return not_cast(refusal, vote.ways.page, _("투표 안내로 가기"))
    return page(vote, form) if form else redirect(vote.ways.roll)


def opened(box: BallotBox, *, on_paper: bool = False) -> BallotForm | None:
    """A new ballot for the visitor; None where they may not vote, or have a paper ballot, unless `on_paper`. Raises
    Denied as `casting.opened_for`."""
    entry = rolls.own_entry(box.roll, visitor())
    if not entry.state.may_vote:
        return None
    took_part = voters.standing(box.id, entry.person)
    if took_part.is_paper and not on_paper:
        return None
    form_key = casting.opened_for(box.id, entry.person, visitor().id)
    return ballot_forms.opened(box, entry.person, took_part, form_key=form_key)


def page(vote: Voting, form: BallotForm, status: int = 200, **tried):
    """The ballot; with what was `tried` without script."""
    return render_template(
        "ballots/ballot.html", slip=ReceiptView.blank(), before="", late="",
        next_votes=next_votes([vote.box.id]), **shown(vote.box, form, **tried), **_around(vote)), status


def shown(box: BallotBox, form: BallotForm, *, chosen=None, blank: bool = False, refused: str = "",
          group: int | None = None) -> dict[str, object]:
    """Parts of every page of a ballot; with `refused` what was sent and why not taken, `group` in which group."""
    return {"form": form, "pictures": voted.of(box).pictures,
            "chosen": chosen or {}, "blank": blank, "refused": refused, "group": group}


def tried(box: BallotBox, refusal: Refusal) -> dict[str, object]:
    """A ballot sent without script and not taken, for the page that shows it again."""
    return {"chosen": ballot_forms.selection(request.form, boxes.rule_of(box)), "refused": str(refusal),
            "blank": ballot_forms.is_blank(request.form), "group": getattr(refusal, "group", None)}


def cast(box_id: bytes, caller: Caller | AnonymousUserMixin, find: Callable[[], Voting]):
    """Cast the ballot that was sent, as JSON from the script or as fields from the page without it. The caller may know
    of the vote. Nearly all ballots come from the script, a hundred a second: only a page has its records read (`find`).
    """
    if not caller.is_authenticated:
        return _sign_in_first(find())
    try:
        form = sent(lambda: find().box)
        if wants_look():
            return _look(find())
        receipt = services.cast_as(box_id, identities.candidates(caller, rolls.key_of(box_id)), form,
                                   Channel.ONLINE, caller.id)
    except refusals.CastingOver as late:
        return too_late(find(), late)
    except Refusal as refusal:
        return _refused(find, refusal)
    return received(ReceiptView.of(receipt), "ballots/ballot_receipt.html",
                    lambda: _around(find()) | {"next_votes": next_votes([box_id])})


LOOK, AGAIN = "look", "again"
"""Buttons of a page without script: see it once more, choose anew."""


def wants_look() -> bool:
    """Nothing is to be cast yet; the script shows the last look itself."""
    return not request.is_json and (LOOK in request.form or AGAIN in request.form)


def _look(vote: Voting):
    form = opened(vote.box) if stage_of(vote.box, clock.now()) is BoxStage.OPEN else None
    if form is None:
        return redirect(vote.ways.page)
    if AGAIN in request.form:
        return page(vote, form, chosen=ballot_forms.selection(request.form, form.rule),
                    blank=ballot_forms.is_blank(request.form))
    return look([LastLook.of(form, request.form)], vote.box.closes_at, _around(vote))


def look(looks: Sequence[LastLook], closes_at: datetime, around: Mapping[str, object]):
    """The last look of a page without script, of one length for whatever was chosen."""
    return render_template("ballots/look.html", looks=looks, closes_at=closes_at, **around)


def sent(find_box: Callable[[], BallotBox]) -> CastForm:
    """The ballot of this request."""
    if request.is_json:
        return ballot_forms.from_json(request.get_data())
    return ballot_forms.from_fields(request.form, boxes.rule_of(find_box()))


def received(slip: ReceiptView, template: str, around: Callable[[], dict[str, object]]):
    """The receipt, for the script or as a page."""
    return jsonify(slip.to_json()) if request.is_json else render_template(template, slip=slip, **around())


def _refused(find: Callable[[], Voting], refusal: Refusal):
    """With script a sentence; without it the same ballot again, or a page that leads to a new one."""
    if request.is_json:
        raise refusal
    vote = find()
    if refusal.status == Refusal.status and (form := opened(vote.box, on_paper=True)):
        return page(vote, form, refusal.status, **tried(vote.box, refusal))
    return not_cast(refusal, vote.ways.ballot)


def not_cast(refusal: Refusal, onward: str, label: str = ""):
    """A page with the reason and the way onward, to a new ballot unless its label says otherwise."""
    title = getattr(refusal, "title", None) or _("투표하지 못했어요")
    answer = render_template("errors/error.html", status=refusal.status, title=title, message=refusal,
                             action_url=onward, action_label=label or _("투표 화면 다시 열기"))
    wait = getattr(refusal, "retry_after", None)
    return answer, refusal.status, {"Retry-After": str(wait)} if wait else {}


def too_late(vote: Voting, late: refusals.CastingOver):
    """409: when it closed, when the ballot came, what counts now."""
    came, before = when_it_came(late), took_part_before(vote.box)
    if request.is_json:
        return closed(late, came, before=before)
    return render_template("ballots/ballot_closed.html", late=came, before=before, **_around(vote)), late.status


def closed(late: refusals.CastingOver, came: str, **more: str):
    """The same for the script."""
    answer = error_page(late.status, came)
    answer.set_data(jsonify(answer.get_json() | {"type": "closed"} | more).get_data())
    return answer


def when_it_came(late: refusals.CastingOver) -> str:
    return _("보낸 투표지가 %(day)s %(time)s에 도착해 세지 않았어요. 시각은 투표함의 시계로 재요. "
             "마감 전에 받은 투표지가 있으면 그것을 그대로 세요.", day=moment(late.at).rsplit(" ", 1)[0],
             time=f"{local(late.at):%H:%M:%S}")


def took_part_before(box: BallotBox) -> str:
    """A word on a ballot of the visitor that came in time: there is one, or none."""
    entry = rolls.own_entry(box.roll, visitor())
    try:
        took_part = entry.person is not None and voters.standing(box.id, entry.person).channel is not None
    except Unavailable:
        return _("지금은 알 수 없어요")
    return _("있어요") if took_part else _("없어요")


def _sign_in_first(vote: Voting):
    if request.is_json:
        raise Denied(_("로그인이 끝나서 아직 투표하지 못했어요. 다시 로그인한 뒤 투표 화면을 새로 열어 주세요."))
    return redirect(url_for("accounts.sign_in", next=vote.ways.ballot))


def _around(vote: Voting) -> dict[str, object]:
    """Parts that the ballot, the receipt and the page of a late ballot have in common."""
    return {"box": vote.box, "ways": vote.ways, "way": list(vote.way), "title": ballot_forms.title_of(vote.box)}
