"""Opening the vote of a round: what it still needs, the boxes, the two officials, and notices beside it."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.accounts import attempts
from civic_forum.ballots import shown
from civic_forum.ballots import labels as vote_words
from civic_forum.ballots.officers import queries as officers
from civic_forum.ballots.queries import confirmations as waiting
from civic_forum.ballots.rehearsal_form import RehearsalForm
from civic_forum.ballots.rules.boxes import ConfirmationState, ConfirmedAction, stage_of
from civic_forum.ballots.services import confirmations
from civic_forum.ballots.labels import ACTION, STAGE
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, shown_to, visitor

from ..forms.opening import OpenAllForm
from ..forms.rounds import NoticeForm
from ..models import BudgetRound, Envelope
from ..policy.acting import may_make, may_see_desk
from ..policy.preparing import may_notify, may_prepare_opening, may_rehearse
from ..process import season_of
from ..queries import preparing as queries
from ..queries import records
from ..services import announcing, opening, rehearsing
from ..labels import preparing, rounds
from .blueprint import desk
from .desk import DESK, gaps


@desk.route("/budgets/<slug>/rehearsals", methods=["GET", "POST"])
@shown_to(may_make)
def rehearsals(slug: str):
    budget_round = records.whole(slug)
    form = RehearsalForm() if request.method == "POST" else RehearsalForm(formdata=None, data={"hours": 24})

    def page(now: BudgetRound) -> str:
        return render_template("budgets/desk/rehearsals.html", desk=DESK, round=now, form=form,
                               held=records.rehearsals_of(now.id), why_not=may_rehearse(visitor(), now))

    if request.method != "POST":
        return page(budget_round)
    return handle(form, lambda: rehearsing.rehearse(budget_round.id, form.people, hours=form.hours.number or 0,
                                                    by=visitor()),
                  lambda: page(records.whole(slug)),
                  lambda made: saved(_("예행연습을 열었어요. 함께할 사람에게 이 주소를 알려 주세요: %(url)s",
                                       url=url_for("budgets.show", slug=made.slug, _external=True)),
                                     url_for("ballots.officials", box=made.envelopes[0].box_id.hex())))


@desk.get("/budgets/<slug>/opening", endpoint="opening")
@shown_to(may_see_desk)
def show(slug: str):
    return _page(slug, OpenAllForm(formdata=None))


@desk.post("/budgets/<slug>/preparations", endpoint="prepare_round")
@shown_to(may_make)
def prepare(slug: str):
    form = OpenAllForm(formdata=None)
    return handle(form, lambda: opening.prepare(records.by_slug(slug).id, by=visitor()), lambda: _page(slug, form),
                  lambda _made: saved(_("투표함을 준비했어요."), url_for(".opening", slug=slug)))


@desk.post("/budgets/<slug>/opening/proposals", endpoint="propose_opening")
@shown_to(may_see_desk)
def propose(slug: str):
    """One official proposes to open every box that can be opened; each is a confirmation of its own."""
    return _for_all(slug, OpenAllForm(), _propose, _("제안했어요. 다른 담당관이 24시간 안에 확인해야 해요."))


@desk.post("/budgets/<slug>/opening/confirmations", endpoint="confirm_opening")
@shown_to(may_see_desk)
@by_address
def confirm(slug: str):
    """Another official confirms all that were proposed."""
    form = OpenAllForm()
    return handle(form, lambda: attempts.with_password(lambda: confirmations.confirm_password(form.password.data or "",
                                                                                              form.code.data,
                                                                                              by=visitor())),
                  lambda: _page(slug, form),
                  lambda made: _for_all(slug, form, _confirm, _("투표를 열었어요.")))


@desk.route("/budgets/<slug>/notices", methods=["GET", "POST"], endpoint="round_notices")
@shown_to(may_make)
def notices(slug: str):
    found = records.by_slug(slug)
    form = NoticeForm() if request.method == "POST" else NoticeForm(formdata=None)

    def page() -> str:
        return render_template("ballots/notices.html", desk=DESK, record=found, form=form,
                               labels=vote_words, notices=queries.notices_of(found.id),
                               why_not=may_notify(visitor(), found))

    if request.method != "POST":
        return page()
    return handle(form, lambda: announcing.notify(found.id, form.title.data or "", form.text.data or "", by=visitor()),
                  page, lambda _made: saved(_("알림을 올렸어요."), url_for(".round_notices", slug=slug)))


def _for_all(slug: str, form: OpenAllForm, act, done: str):
    """Each box is opened by itself: what stands against one keeps the others from nothing."""
    said, acted = [], 0
    for name, box_id, fingerprint in _boxes(records.whole(slug), form):
        try:
            acted += act(box_id, fingerprint)
        except Refusal as refusal:
            said.append(f"{name}: {refusal}")
    if said:
        form.form_errors.extend(said)
        return _page(slug, form, 409)
    if not acted:
        form.form_errors.append(_("지금 열 수 있는 투표함이 없어요. 화면을 새로 열고 확인해 주세요."))
        return _page(slug, form, 409)
    flash(done, "success")
    return redirect(url_for(".opening", slug=slug), 303)


def _boxes(found: BudgetRound, form: OpenAllForm) -> list[tuple[str, bytes, bytes | None]]:
    """Name, box, and its fingerprint as the page of the official showed it, of all that are not open."""
    seen = form.fingerprints
    return [(one.name, one.box_id, seen.get(one.slug)) for one in found.envelopes
            if one.box is not None and one.box.opened_at is None]


def _propose(box_id: bytes, fingerprint: bytes | None) -> int:
    if waiting.alive(box_id, ConfirmedAction.OPEN) is not None:
        return 0
    confirmations.propose(ConfirmedAction.OPEN, box_id, seen=fingerprint or b"", by=visitor())
    return 1


def _confirm(box_id: bytes, fingerprint: bytes | None) -> int:
    proposed = waiting.alive(box_id, ConfirmedAction.OPEN)
    if proposed is None:
        return 0
    confirmations.confirm(proposed.id, seen=fingerprint or b"", by=visitor())
    return 1


def _page(slug: str, form: OpenAllForm, status: int = 200):
    found = records.whole(slug)
    on_ballots = queries.on_ballots(found)
    missing, unfit = gaps(found, on_ballots)
    undecided = 0 if found.opened_at else sum(
        count for (_envelope, state), count in queries.how_many(found.id).items() if state in queries.UNDECIDED)
    closed = [one for one in found.envelopes if one.box is not None and one.box.opened_at is None]
    seen = waiting.fingerprints(ConfirmedAction.OPEN, [one.box for one in closed])
    alive, before = waiting.proposed(ConfirmedAction.OPEN, seen)
    pending = {one.id: alive[one.box_id] for one in closed if one.box_id in alive}
    boxes = {one.box_id: one.box for one in found.envelopes if one.box is not None and one.box.opened_at is not None}
    return render_template(
        "budgets/desk/opening.html", round=found,
        stages={box_id: stage_of(box, clock.now()) for box_id, box in boxes.items()},
        stage_words=STAGE, action_words=ACTION, waits=_waits(boxes), user=visitor(), form=form, on_ballots=on_ballots,
        missing=missing, unfit=unfit, may_act=officers.may_act_in([one.box for one in closed], visitor()),
        unnamed=any(officers.has_too_few(one.box) for one in closed), undecided=undecided, said=preparing,
        labels=rounds, pending=pending,
        seen={one.id: seen[one.box_id] for one in closed}, votes=_votes(closed, before),
        mine={one for one, proposed in pending.items() if proposed.proposed_by_id == visitor().id},
        season=season_of(found), why_not=may_prepare_opening(visitor(), found)), status


def _votes(closed: list[Envelope], before: waiting.Proposed) -> dict[int, dict]:
    """By envelope what is confirmed with its box, in words, and what changed since it was proposed last."""
    return {one.id: {"rows": shown.rows(one.box), "options": shown.options(one.box),
                     "changed": shown.changed(before.get(one.box_id), one.box)} for one in closed}


def _waits(boxes: dict) -> dict[bytes, list]:
    """Proposals for boxes that are open, as another official can confirm it now."""
    asked_for = waiting.pending_of(boxes) if boxes else {}
    return {box_id: [one for one in asked if waiting.state_of(one, boxes[box_id]) is ConfirmationState.PENDING]
            for box_id, asked in asked_for.items()}
