"""The desk of two officials: the way of a vote, its next step, what one proposed and another has to confirm."""

from collections.abc import Iterable
from functools import wraps

from flask import flash, redirect, render_template, request, url_for

from civic_forum.accounts import attempts, proofs
from civic_forum.accounts.labels import VERIFICATION
from civic_forum.accounts.passkey_form import shown_in
from civic_forum.blocks.pages import attempt
from civic_forum.platform import web
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, visitor

from .. import voted
from .. import queries as boxes
from ..counting import publication
from ..counting import queries as tallies
from ..desk.views import beside, bp, shown_to, tabs
from ..forms import ConfirmForm, OneselfForm, ProposalForm, SeenForm
from ..keys import keyring
from ..keys import backups as backup_list
from ..labels import ACTION, CONFIRMATION, NOTE, STAGE, STEP
from ..models import BallotBox
from ..observing import queries as observed
from ..officers import queries as officers
from ..strikes import queries as strikes
from ..policy import may_officiate
from ..published import downloads, heads, records
from ..rolls.queries import additions_by_hand, additions_by_way
from ..rules.boxes import BoxStage, ConfirmationState, ConfirmedAction, POSSIBLE_AT
from ..rules.log import instant
from . import queries, services, shown, timeline

HERE = "/desk/votes/<box>"
TO_COUNT = frozenset({BoxStage.CLOSED, BoxStage.COUNTED})
"""Stages at which an official alone takes the next step."""
BESIDE = frozenset({ConfirmedAction.CLOSE_EARLY, ConfirmedAction.SET_BACK})
"""Actions that are never the next step."""
A_MOMENT, A_MINUTE = 2_000, 10_000
"""Entries of the log that are counted, recorded and verified within it, whatever the rule (docs/performance.md)."""


def for_officials(view):
    """Decorate a view of one box, opened or not, whose page says what is refused."""

    @wraps(view)
    def page(box: BallotBox, **arguments):
        return attempt(lambda: view(box, **arguments), lambda refusal: _refused(box, refusal))

    return shown_to(may_officiate, unopened=True)(page)


def for_officers(view, *, unopened: bool = True):
    """Decorate a view of one box, opened unless `unopened`, that its officers alone see: they know the result before
    it is published, whom a strike is about, and phrases of keys."""

    @wraps(view)
    def page(box: BallotBox, **arguments):
        officers.required(visitor(), box)
        return view(box, **arguments)

    return shown_to(may_officiate, unopened=unopened)(page)


def routes(guard, above: str = HERE):
    """Decorators of views for GET and POST, called with the address below `above` and the endpoint; `guard` decorates
    each by who sees it."""

    def by(method):
        return lambda path, endpoint: lambda view: method(above + path, endpoint=endpoint)(guard(view)) and view

    return by(bp.get), by(bp.post)


def oneself(form: OneselfForm) -> None:
    """Check that whoever acts is who they say, by a passkey where votes are confirmed by one. Raises Refusal at
    `password` or `code`."""
    attempts.with_password(lambda: proofs.prove(shown_in(form, form.password), form.code.data, by=visitor()))


get, post = routes(for_officials)
download, _post = routes(for_officers)


def _refused(box: BallotBox, refusal: Refusal, **forms):
    return _page(boxes.by_id(box.id), trouble=str(refusal), **forms)


def _done(box: BallotBox, message: str):
    flash(message)
    return redirect(url_for(".officials", box=box.id.hex()), 303)


@bp.get("/desk/votes/confirmations", endpoint="confirmations")
@web.shown_to(may_officiate)
def show_list():
    votes = boxes.newest()
    pending = queries.pending_of(box.id for box in votes)
    stages = services.stages_now(votes)
    rows = [{"box": box, "title": boxes.title(box), "stage": stages[box.id],
             "waiting": [confirmation for confirmation in pending.get(box.id, ())
                         if queries.state_of(confirmation, box) is ConfirmationState.PENDING]} for box in votes]
    return render_template("ballots/officials_list.html", rows=rows, STAGE=STAGE, ACTION=ACTION, user=visitor())


@post("/proposals", "propose")
def propose(box: BallotBox):
    form = ProposalForm()

    def act() -> None:
        if not form.validate():
            raise Refusal(_("화면을 새로 열고 다시 해 주세요."))
        services.propose(form.action_asked, box.id, seen=form.fingerprint, note=form.note.data, by=visitor())

    def again(refusal: Refusal):
        if refusal.field == "note":
            form.refuse(refusal)
        return _refused(box, refusal, proposal=form)

    def done(_made):
        if services.is_confirmed_alone(form.action_asked, box.id):
            return _done(box, _("제안했어요. 예행연습에서는 제안한 사람이 이어서 확인해도 돼요."))
        return _done(box, _("제안했어요. 다른 담당관이 24시간 안에 확인해야 해요."))

    return attempt(act, again, done)


@post("/proposals/<id:proposal>/confirmation", "confirm")
@by_address
def confirm(box: BallotBox, proposal: int):
    form = ConfirmForm()

    def act():
        form.action_asked = next((act.action for act in queries.of_box(box.id) if act.id == proposal), None)
        if not form.validate():
            raise Refusal(_("적은 것을 확인해 주세요."), field="password")
        _of_this_box(box, proposal)
        action = queries.held(proposal).action
        oneself(form)
        confirmed = services.confirm(proposal, seen=form.fingerprint, by=visitor(),
                                     note=form.note.data if action is ConfirmedAction.DRAW else None)
        publication.destroy(box.id, by=visitor())
        return confirmed

    def again(refusal: Refusal):
        if refusal.field and refusal.field in form and not form.errors:
            form.refuse(refusal)
        return _refused(box, refusal, form=form)

    return attempt(act, again, lambda made: _done(box, _("확인했어요: %(action)s", action=ACTION[made.action])))


@post("/proposals/<id:proposal>/withdrawal", "withdraw")
def withdraw(box: BallotBox, proposal: int):
    _of_this_box(box, proposal)
    services.withdraw(proposal, by=visitor())
    return _done(box, _("제안을 거뒀어요."))


@download("/record.zip", "officials_record")
def record(box: BallotBox):
    """The edition for everybody, to keep before anything is deleted."""
    return downloads.officials_record(box)


@download("/observers.zip", "officials_observers_record")
def observers_record(box: BallotBox):
    """The edition with every ballot, which nobody can write again once the ballots are deleted."""
    return downloads.officials_record(box, observers=True)


@post("/backups/deletions", "say_backup_gone")
def say_backup_gone(box: BallotBox):
    publication.say_backups_gone(box.id, [request.form.get("name", "")], by=visitor())
    return _done(box, _("지웠다고 적었어요."))


@post("/steps", "take_step")
def take_step(box: BallotBox):
    """Count, write the record and have it verified, which deletes nothing; finish a destruction that two officials
    confirmed and that was cut off."""
    publication.carry_on(box.id, by=visitor())
    return _done(box, _("세고, 기록을 만들어 확인했어요. 지운 것은 없어요. 기록을 내려받아 따로 보관해 주세요.")
                 if boxes.by_id(box.id).erased_at is None else _("지우다 멈춘 것을 마저 지웠어요."))


def _forms(kind: type[SeenForm], offers: Iterable[services.ActionOffer], refused: SeenForm | None) -> dict[str,
                                                                                                           SeenForm]:
    """A form for each action; `refused` is the one that came back, for its own action. Ids differ from form to form."""
    forms = {}
    for offer in offers:
        mine = refused is not None and refused.action_asked is offer.action
        forms[offer.action] = refused if mine else kind(formdata=None)
        forms[offer.action].note.label.text = NOTE.get(offer.action, _("이유"))
        for field in forms[offer.action]:
            field.id = f"{field.short_name}-{offer.action}"
    return forms


def _waits_for_two(box: BallotBox, offers: Iterable[services.ActionOffer]) -> bool:
    """True while the count needs a reason or a draw of two officials."""
    return bool(box.tied_at and not queries.draw_of(box.id)) or any(
        offer.action is ConfirmedAction.COUNT_ANYWAY for offer in offers)


def _of_this_box(box: BallotBox, proposal: int) -> None:
    if queries.box_of(proposal) != box.id:
        raise boxes.missing()


@get("", "officials")
def _page(box: BallotBox, *, trouble: str | None = None, form: ConfirmForm | None = None,
          proposal: ProposalForm | None = None):
    stage, subject = services.stages_now([box])[box.id], voted.of(box)
    office = officers.office(box, visitor())
    tombstone, offers = keyring.tombstone_of(box.id), services.offers(box) if office.may_act else []
    history = queries.of_box(box.id)
    steps = timeline.of_box(box, history)
    cut_off = office.may_act and box.key_destroyed_at is None and queries.destruction(box) is not None
    to_count = office.may_act and stage in TO_COUNT
    entries = heads.newest(box.id).size if to_count else 0
    return render_template(
        "ballots/officials.html", box=box, hex=box.id.hex(), title=boxes.title(box), stage=stage, trouble=trouble,
        tabs=tabs(box, "officials") if box.opened_at else [], steps=steps,
        next=next((step for step in steps if step.is_next), None),
        offers=[offer for offer in offers if offer.pending or offer.action not in BESIDE],
        others=[offer for offer in offers if not offer.pending and offer.action in BESIDE],
        forms=_forms(ConfirmForm, offers, form), proposals=_forms(ProposalForm, offers, proposal), user=visitor(),
        history=[(act, queries.state_of(act, box)) for act in history], to_count=to_count, cut_off=cut_off,
        counted=shown.counted(box) if office.may_act and box.rehearsal and box.result else [],
        vote=shown.rows(box, additions_by_hand([box.roll_id])), options=shown.options(box), url=subject.url,
        desk_url=subject.desk_url,
        additions=tallies.additions_by_day(box), added_by=additions_by_way(box), signer=heads.signer(box.id),
        tombstone=tombstone and tombstone | {"at": instant(tombstone["at"])},
        observers=observed.observers(box), needed=observed.needed(box), said=observed.counted(box),
        waits_for_two=to_count and _waits_for_two(box, offers),
        under_way=to_count and records.is_somebody_s_turn(box.id), may_act=office.may_act,
        backups=backup_list.listed(box.id) if office.may_act else [], seats=officers.current(box),
        minutes=-(-entries // A_MINUTE) if entries > A_MOMENT else 0,
        key_is_there=keyring.is_there(box.id), recorded=box.recorded_at and records.are_as_written(box),
        earlier=observed.earlier(box.id), hints=services.hints(box), long=services.LONG,
        strikes=strikes.waiting(box) if office.may_act and stage in POSSIBLE_AT[ConfirmedAction.STRIKE] else [],
        unanswered=queries.named(box, queries.unanswered(box)),
        before=queries.told_before_opening(box) if stage is BoxStage.PREPARING and office.may_act and not box.rehearsal
        else None, **beside(box, "officials"), ACTION=ACTION, STAGE=STAGE, STEP=STEP,
        CONFIRMATION=CONFIRMATION, VERIFICATION=VERIFICATION)
