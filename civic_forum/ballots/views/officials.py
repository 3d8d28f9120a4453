"""The desk of two officials: how far a vote has come, what one proposed, what another has to confirm."""

from functools import wraps

from flask import flash, redirect, render_template, url_for

from civic_forum.kernel import clock, web
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import by_address, visitor

from .. import heads, keyring, records, subjects
from ..forms import ConfirmForm, ProposalForm
from ..models import BallotBox
from ..policy import may_officiate
from ..queries import boxes, confirmations, observed, papers, rolls
from ..rules.boxes import BoxStage, ConfirmationState, ConfirmedAction
from ..rules.encoding import instant
from ..services import publication
from ..services import confirmations as four_eyes
from ..steps import opening
from ..words import ACTION, STAGE
from .desk import beside, bp, shown_to, tabs

HERE = "/desk/votes/<box>"
GOES_ON = frozenset({BoxStage.CLOSED, BoxStage.COUNTED, BoxStage.RECORDS_WRITTEN})
"""Stages at which an official alone can take the next step."""
A_MOMENT, A_MINUTE = 2_000, 10_000
"""Entries of the log that are counted, recorded and verified within it, whatever the rule (docs/performance.md)."""


def for_officials(view):
    """Decorate a view of one box, opened or not, whose page says what is refused."""

    @wraps(view)
    def page(box: BallotBox, **given):
        try:
            return view(box, **given)
        except Refusal as refusal:
            return _refused(box, refusal)

    return shown_to(may_officiate, unopened=True)(page)


def _refused(box: BallotBox, refusal: Refusal, **forms):
    return _page(boxes.by_id(box.id), trouble=str(refusal), **forms), refusal.status


def _done(box: BallotBox, message: str):
    flash(message)
    return redirect(url_for(".officials", box=box.id.hex()), 303)


@bp.get("/desk/votes/confirmations", endpoint="confirmations")
@web.shown_to(may_officiate)
def show_list():
    found = boxes.newest()
    pending = confirmations.pending_of(box.id for box in found)
    stages = four_eyes.stages_now(found)
    rows = [{"box": box, "title": boxes.title(box), "stage": stages[box.id],
             "waiting": [one for one in pending.get(box.id, ())
                         if confirmations.state_of(one, box) is ConfirmationState.PENDING]} for box in found]
    return render_template("ballots/officials_list.html", rows=rows, STAGE=STAGE, ACTION=ACTION, user=visitor())


@bp.get(HERE, endpoint="officials")
@for_officials
def show(box: BallotBox):
    return _page(box)


@bp.post(f"{HERE}/proposals", endpoint="propose")
@for_officials
def propose(box: BallotBox):
    form = ProposalForm()
    try:
        if not form.validate():
            raise Refusal(_("화면을 새로 열고 다시 해 주세요."))
        four_eyes.propose(form.proposed, box.id, seen=form.fingerprint, note=form.note.data, by=visitor())
    except Refusal as refusal:
        if refusal.field == "note":
            form.refuse(refusal)
        return _refused(box, refusal, proposal=form)
    return _done(box, _("제안했어요. 다른 담당자가 24시간 안에 확인해야 해요."))


@bp.post(f"{HERE}/proposals/<id:proposal>/confirmation", endpoint="confirm")
@for_officials
@by_address
def confirm(box: BallotBox, proposal: int):
    form = ConfirmForm()
    try:
        if not form.validate():
            raise Refusal(_("적은 것을 확인해 주세요."), field="password")
        _of_this_box(box, proposal)
        if confirmations.held(proposal).action is ConfirmedAction.EXPORT_KEY:  # the command hands the key out, no page
            raise Refusal(_("화면을 새로 열고 다시 해 주세요."))
        four_eyes.confirm_password(form.password.data, by=visitor())
        done = four_eyes.confirm(proposal, seen=form.fingerprint, note=form.note.data, by=visitor())
        publication.destroy_key(box.id, by=visitor())
    except Refusal as refusal:
        if refusal.field and refusal.field in form and not form.errors:
            form.refuse(refusal)
        return _refused(box, refusal, form=form)
    return _done(box, _("확인했어요: %(action)s", action=ACTION[done.action]))


@bp.post(f"{HERE}/proposals/<id:proposal>/withdrawal", endpoint="withdraw")
@for_officials
def withdraw(box: BallotBox, proposal: int):
    _of_this_box(box, proposal)
    four_eyes.withdraw(proposal, by=visitor())
    return _done(box, _("제안을 거뒀어요."))


@bp.post(f"{HERE}/steps", endpoint="take_step")
@for_officials
def take_step(box: BallotBox):
    """Count, write the record and have it verified, empty the box: as far as it goes without a second official."""
    publication.carry_on(box.id, by=visitor())
    return _done(box, _("세고, 기록을 확인하고, 투표지를 지웠어요. 이제 두 담당자가 열쇠를 없애면 돼요."))


def _of_this_box(box: BallotBox, proposal: int) -> None:
    if confirmations.box_of(proposal) != box.id:
        raise boxes.missing()


def _page(box: BallotBox, *, trouble: str | None = None, form: ConfirmForm | None = None,
          proposal: ProposalForm | None = None):
    stage, subject = four_eyes.stages_now([box])[box.id], subjects.of(box)
    goes_on, tombstone = stage in GOES_ON, keyring.tombstone_of(box.id)
    drawn = opening.parts_of(box).get("draw")
    entries = heads.newest(box.id).size if goes_on else 0
    return render_template(
        "ballots/officials.html", box=box, hex=box.id.hex(), title=boxes.title(box), stage=stage, trouble=trouble,
        tabs=tabs(box, "officials") if box.opened_at else [],
        offers=four_eyes.offers(box), form=form or ConfirmForm(),
        proposal=proposal or ProposalForm(formdata=None), user=visitor(),
        history=[(one, confirmations.state_of(one, box)) for one in confirmations.of_box(box.id)],
        goes_on=goes_on, roll=rolls.size(box.roll_id, box.opened_at) if box.roll_id else None, url=subject.url(box),
        desk_url=subject.desk_url(box), signer=keyring.key_fingerprint(),
        tombstone=tombstone and tombstone | {"at": instant(tombstone["at"])},
        observers=observed.observers(box), needed=observed.needed(box), said=observed.counted(box),
        under_way=goes_on and records.is_somebody_s_turn(box.id),
        minutes=-(-entries // A_MINUTE) if entries > A_MOMENT else 0,
        key_is_there=keyring.is_there(box.id), recorded=box.recorded_at and records.are_as_written(box),
        why_not_counted=None if stage is not BoxStage.CLOSED or box.finished_at else papers.why_not_finished(
            box, clock.now()),
        note_hint=four_eyes.SAYS | ({ConfirmedAction.DRAW: four_eyes.DRAWN[drawn]} if drawn else {}),
        **beside(box, "officials"), ACTION=ACTION, STAGE=STAGE)
