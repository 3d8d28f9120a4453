"""One's own entry in the electoral roll of a vote: in it or why not, what to do, whether one is marked as having voted.

The features whose votes they are have the routes; both pages are theirs by what they hand over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import flash, redirect, render_template

from civic_forum.kernel import clock
from civic_forum.kernel.errors import Conflict, Refusal, Unavailable
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import visitor

from ..models import BallotBox, ElectoralRoll
from ..policy.rolls import WHY_NOT
from ..queries import casts, rolls
from ..queries.casts import Standing
from ..queries.mine import roll_of
from ..queries.rolls import OwnEntry
from ..rules.boxes import BoxStage, close_is_due, stage_of
from ..rules.rolls import MOST_TEXT, EntryState
from ..services import closing
from ..services import rolls as services
from ..standing import Ways, not_listed
from .forms import RollObjectionForm


@dataclass(frozen=True)
class OwnRoll:
    """A vote as the page of one's own entry tells it."""

    title: str
    way: Sequence[tuple[str, str | None]]
    """The crumbs above the page."""
    ways: Ways
    box: BallotBox | None
    roll: ElectoralRoll | None
    eligibility: str
    fixed_on: date
    check_to: datetime | None
    why_not_object: str | None


def page(vote: OwnRoll, form: RollObjectionForm | None = None, status: int = 200):
    """The page; `form` is what was refused."""
    box = vote.box
    if box is not None and close_is_due(box, clock.now()):
        closing.close_if_due(box.id)
    roll = roll_of(box, vote.roll)
    entry = rolls.own_entry(roll, visitor()) if roll else OwnEntry(EntryState.NOT_FIXED)
    stage = stage_of(box, clock.now()) if box else BoxStage.PREPARING
    may_object = roll is not None and vote.why_not_object is None
    return render_template(
        "ballots/own_roll.html", vote=vote, entry=entry, stage=stage, standing=_standing(box, entry),
        why_not=_why_not(entry.state, may_object), form=form or RollObjectionForm(formdata=None),
        may_object=may_object, objections=rolls.own_objections(roll.id, visitor().id) if roll else [],
        limit=MOST_TEXT, is_open=stage is BoxStage.OPEN), status


def objected(vote: OwnRoll):
    """What was sent, taken over: back to the page, or the page with what is wrong. Raises Conflict outside the days."""
    form = RollObjectionForm()
    if vote.why_not_object:
        raise Conflict(vote.why_not_object)
    if vote.roll is None:
        raise Conflict(_("투표인 명부를 아직 만들지 않았어요. 명부를 확인하는 기간에 다시 와 주세요."))
    if not form.validate():
        return page(vote, form, 422)
    try:
        services.object_to(vote.roll.id, form.text.data, by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return page(vote, form, refusal.status)
    flash(_("이의를 냈어요. 답변은 이 화면에서 볼 수 있어요."), "success")
    return redirect(vote.ways.roll, 303)


def _why_not(state: EntryState, may_object: bool) -> str:
    """Nobody is told to object where it is too late for that."""
    if state is EntryState.NOT_ON_LIST and not may_object:
        return not_listed()
    return str(WHY_NOT.get(state, ""))


def _standing(box: BallotBox | None, entry: OwnEntry) -> Standing | None:
    """None where nobody can tell: before the opening, and while the key of the box is lost."""
    if box is None or box.opened_at is None or entry.person is None:
        return None
    try:
        return casts.standing(box.id, entry.person)
    except Conflict:  # the key is destroyed, so who took part is written down apart
        return Standing(None, 0)
    except Unavailable:
        return None
