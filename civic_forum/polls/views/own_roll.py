"""One's own entry in the electoral roll: in it or why not, what to do, and whether one is marked as having voted."""

from flask import flash, redirect, render_template, url_for
from flask_login import login_required

from civic_forum.ballots.policy.rolls import WHY_NOT
from civic_forum.ballots.queries import casts, rolls
from civic_forum.ballots.queries.casts import Standing
from civic_forum.ballots.queries.rolls import OwnEntry
from civic_forum.ballots.rules.boxes import BoxStage, close_is_due, stage_of
from civic_forum.ballots.rules.rolls import MOST_TEXT, EntryState
from civic_forum.ballots.services import closing
from civic_forum.ballots.services import rolls as services
from civic_forum.kernel import clock
from civic_forum.kernel.errors import Conflict, Refusal, Unavailable
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import by_address, by_user, leaves_no_trace, visitor

from ..forms.rolls import RollObjectionForm
from ..models import Poll
from ..policy import why_not_object
from ..standing import not_listed
from .ballot import found
from .blueprint import bp


@bp.get("/<slug>/roll")
@login_required
@leaves_no_trace
def own_entry(slug: str):
    poll = found(slug)
    return _page(poll, RollObjectionForm(formdata=None))


@bp.post("/<slug>/roll/objections")
@login_required
@by_address
@by_user
def object_to_roll(slug: str):
    poll, form = found(slug), RollObjectionForm()
    if reason := why_not_object(poll, clock.now()):
        raise Conflict(reason)
    if not form.validate():
        return _page(poll, form, 422)
    try:
        services.object_to(poll.roll_id, form.text.data, by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(poll, form, refusal.status)
    flash(_("이의를 냈어요. 답변은 이 화면에서 볼 수 있어요."), "success")
    return redirect(url_for(".own_entry", slug=slug), 303)


def _page(poll: Poll, form: RollObjectionForm, status: int = 200):
    if poll.box is not None and close_is_due(poll.box, clock.now()):
        closing.close_if_due(poll.box.id)
    roll = poll.box.roll if poll.box is not None and poll.box.roll else poll.roll
    entry = rolls.own_entry(roll, visitor()) if roll else OwnEntry(EntryState.NOT_FIXED)
    stage = stage_of(poll.box, clock.now()) if poll.box else BoxStage.PREPARING
    may_object = roll is not None and why_not_object(poll, clock.now()) is None
    return render_template(
        "polls/roll.html", poll=poll, entry=entry, stage=stage, standing=_standing(poll, entry),
        why_not=_why_not(entry.state, may_object), form=form, may_object=may_object,
        objections=rolls.own_objections(roll.id, visitor().id) if roll else [], limit=MOST_TEXT,
        is_open=stage is BoxStage.OPEN), status


def _why_not(state: EntryState, may_object: bool) -> str:
    """Nobody is told to object where it is too late for that."""
    if state is EntryState.NOT_ON_LIST and not may_object:
        return not_listed()
    return str(WHY_NOT.get(state, ""))


def _standing(poll: Poll, entry: OwnEntry) -> Standing | None:
    """None where nobody can tell: before the opening, and while the key of the box is lost."""
    if poll.box is None or poll.box.opened_at is None or entry.person is None:
        return None
    try:
        return casts.standing(poll.box.id, entry.person)
    except Conflict:  # the key is destroyed, so who took part is written down apart
        return Standing(None, 0)
    except Unavailable:
        return None
