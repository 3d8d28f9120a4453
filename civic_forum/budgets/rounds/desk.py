"""Desk pages of a round: list, first form, parts, what comes next, and the opening of its votes."""

from flask import redirect, render_template, request, url_for

from civic_forum.accounts import attempts, proofs
from civic_forum.accounts.passkey_form import shown_in
from civic_forum.ballots.officials import shown
from civic_forum.ballots.officials import queries as waiting
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots import labels as vote_words
from civic_forum.ballots.labels import ACTION, STAGE
from civic_forum.ballots.officers import queries as officers
from civic_forum.ballots.rehearsal_form import RehearsalForm
from civic_forum.ballots.rolls.queries import additions_by_hand
from civic_forum.ballots.rules.boxes import ConfirmationState, ConfirmedAction, stage_of
from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process import Next
from civic_forum.blocks.process_pages import Desk
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, shown_to, visitor

from .. import readiness
from ..counting.settings import CountingRules
from .. import labels as budgets
from .. import queries as records
from ..models import BudgetRound, Envelope
from ..pages import desk
from ..policy import may_edit, may_make, may_notify, may_prepare, may_prepare_opening, may_rehearse, may_see_desk
from ..rules import FOR_ANNOUNCING, Missing, current, voting_ends
from ..process import PROCESS, season_of
from ..results import weighing
from ..results import labels as weighing_words
from ..trials import queries as trials
from . import labels, opening, queries, services
from .forms import CalendarForm, CountingForm, NewRoundForm, NoticeForm, OpenAllForm


def _facts(budget_round: BudgetRound, part: str) -> dict[str, object]:
    return {"labels": budgets, "trials": trials.of_round(budget_round.id) if part == "counting" else []}


DESK: Desk[BudgetRound] = Desk(
    process=PROCESS, bp=desk, rule="/budgets/<slug>", home=lambda record: f"/desk/budgets/{record.slug}",
    title=lambda record: record.title, above=lambda: [(_("업무 화면"), "/desk"), (_("주민참여예산"), "/desk/budgets")],
    find=records.whole, may_see=may_see_desk, may_make=may_make, may_work=may_prepare,
    forms={"phases": CalendarForm, "counting": CountingForm},
    templates={"phases": "budgets/desk/phases.html", "counting": "budgets/desk/counting.html"},
    endpoints={"part": "round_part", "announce": "announce_round", "accept_season": "accept_round_season",
               "copy": "copy_round"}, facts=_facts)


@desk.get("/budgets", endpoint="rounds")
@shown_to(may_see_desk)
def show_list():
    page = queries.everything(request.args.get("after"))
    return render_template("budgets/desk/list.html", page=page, labels=budgets, desk=DESK,
                           after_url=page.after and url_for(".rounds", after=page.after))


@desk.route("/budgets/new", methods=["GET", "POST"])
@shown_to(may_see_desk, may_prepare)
def new_round():
    if request.method != "POST":
        return _new(NewRoundForm(formdata=None, data={
            "year": local(clock.now()).year + 1, "department_id": str(min(visitor().department_ids(), default=""))}))
    form = NewRoundForm()
    return handle(form, lambda: services.begin(form.slug.data or None, form.part(), by=visitor()), lambda: _new(form),
                  lambda made: redirect(url_for(".round", slug=made.slug), 303))


def _new(form: NewRoundForm):
    return render_template("budgets/desk/new.html", form=form, desk=DESK)


@desk.get("/budgets/<slug>", endpoint="round")
@shown_to()
def round_page(slug: str):
    budget_round = records.whole(slug)
    require(visitor(), may_see_desk, budget_round)
    on_ballots = records.on_ballots(budget_round)
    missing, unfit = gaps(budget_round, on_ballots)
    season = season_of(budget_round)
    return render_template(
        "budgets/desk/show.html", round=budget_round, phase=current(budget_round.phases, clock.now()), labels=budgets,
        desk=DESK, said=budgets, vote_words=vote_words, missing=missing, unfit=unfit, season=season,
        on_ballots=on_ballots, how_many=_by_state(budget_round), sentences=_counted(budget_round),
        own_counting=labels.told_apart(budget_round.envelopes),
        is_weighted=readiness.is_weighted(budget_round), next=next_step(budget_round, missing, unfit, season),
        notices=records.notices_of(budget_round.id), trials=trials.of_round(budget_round.id), now=clock.now(),
        may_edit=may_edit(visitor(), budget_round) is None,
        tried=weighing.before_vote(budget_round, budget_round.envelopes), weighing_words=weighing_words)


def gaps(budget_round: BudgetRound, on_ballots: dict[int, list]) -> tuple[list, dict[int, list]]:
    """Gaps of the vote, and envelope id → what keeps its ballot from being cast; nothing where none is to come."""
    if budget_round.opened_at is not None or budget_round.decided_in:
        return [], {envelope.id: [] for envelope in budget_round.envelopes}
    return (readiness.missing(budget_round, readiness.stand(on_ballots)),
            {purse.id: readiness.unfit(purse, on_ballots.get(purse.id, [])) for purse in budget_round.envelopes})


def _by_state(budget_round: BudgetRound) -> dict[int, list]:
    """Envelope id → (state, how many) in the order of the states."""
    numbers = records.how_many(budget_round.id)
    return {envelope.id: [(state, numbers[envelope.id, state]) for state in budgets.STATE
                          if (envelope.id, state) in numbers] for envelope in budget_round.envelopes}


def _counted(budget_round: BudgetRound) -> list[str]:
    return labels.sentences(CountingRules.from_json(budget_round.counting),
                            budget_round.draw) if budget_round.counting else []


def next_step(budget_round: BudgetRound, missing: list, unfit: dict, season) -> Next:
    """Next step of this round."""
    if budget_round.decided_in:
        return Next(_("다른 곳에서 정했어요"),
                    _("%(where)s에서 정한 사업이에요. 이 사이트에서 투표하지 않아요.", where=budget_round.decided_in))
    if budget_round.announced_at is None:
        return _to_announce(budget_round, missing)
    if budget_round.opened_at is not None:
        return _once_open(budget_round)
    return _to_open(budget_round, missing, unfit, season)


def _to_announce(budget_round: BudgetRound, missing: list) -> Next:
    for gap in missing:
        if gap in FOR_ANNOUNCING:
            return Next(_("먼저 채울 것이 있어요"), str(budgets.MISSING[gap]), _("채우러 가기"),
                        f"/desk/budgets/{budget_round.slug}/{budgets.MISSING_PART[gap]}")
    return Next(_("알릴 수 있어요"), _("알리면 모두가 보고, 제안 받는 기간에 사업을 낼 수 있어요. 투표를 열기 전까지는 고칠 수 있어요."),
                _("모두에게 알리기"), url_for(".announce_round", slug=budget_round.slug), posts=True,
                wants="budgets.make")


def _once_open(budget_round: BudgetRound) -> Next:
    boxes = [envelope.box for envelope in budget_round.envelopes if envelope.box is not None]
    if all(box.published_at is not None for box in boxes):
        return Next(_("구의회와 실행"),
                    _("선정한 사업은 예산안에 담아 구의회가 의결해야 확정돼요. 구의회가 줄이거나 뺀 사업은 이유를 함께 적어요. 모두에게 보여요."),
                    _("구의회와 실행"), url_for(".council", slug=budget_round.slug), wants="budgets.see_council_desk")
    if all(box.closed_at is not None for box in boxes):
        return Next(_("표를 세고 공개할 차례예요"),
                    _("투표함마다 돌아온 종이를 입력하고 표를 세요. 두 담당관이 열쇠를 없애고 결과를 공개하면 끝나요."),
                    _("투표함 보기"), url_for(".opening", slug=budget_round.slug), wants="budgets.see_desk")
    return Next(_("투표를 열었어요"), _("이제 규칙과 한도, 사업을 고칠 수 없어요. 바로잡을 것은 알림으로 알려 주세요."),
                _("투표함 보기"), url_for(".opening", slug=budget_round.slug), wants="budgets.see_desk")


def _to_open(budget_round: BudgetRound, missing: list, unfit: dict, season) -> Next:
    if missing == [Missing.PROJECTS] and not any(unfit.values()):
        return Next(_("적격인 사업을 기다려요"),
                    _("제안 받기가 끝나면 사업마다 검토할 부서를 정해 주세요. 부서가 적격으로 검토한 사업이 투표에 올라요."),
                    _("적격성 검토로 가기"), "/desk/reviews?show=unassigned", wants="budgets.see_reviews")
    if missing or any(unfit.values()):
        return Next(_("투표를 열기 전에 채울 것이 있어요"), _("아래 목록을 하나씩 채워 주세요. 모두 채우면 투표함을 준비할 수 있어요."))
    ends = voting_ends(budget_round.phases)
    if ends is not None and ends <= clock.now():
        return Next(_("마감할 때가 지났어요"), _("아직 열지 않은 투표예요. 주민 투표의 시작과 마감을 다시 정해 주세요."), _("일정 고치기"),
                    url_for(".round_part", slug=budget_round.slug, part="phases"))
    if season is not None and budget_round.season_accepted_at is None:
        return Next(_("선거 기간과 겹쳐요"), _("%(name)s 기간에 여는 투표예요. 그래도 열려면 한 번 더 확인해 주세요.", name=season.name),
                    _("확인하러 가기"), url_for(".accept_round_season", slug=budget_round.slug))
    if any(envelope.box is not None for envelope in budget_round.envelopes):
        return Next(_("두 담당관이 열어요"), _("투표함을 준비했어요. 그 뒤에 고친 것이 있으면 다시 준비해 주세요. 표는 정한 시각부터 받아요."),
                    _("투표 열기 화면으로 가기"), url_for(".opening", slug=budget_round.slug), wants="budgets.see_desk")
    return Next(_("투표를 열 준비를 할 수 있어요"), _("명부를 확정하고 배정 예산마다 투표함을 준비해요. 두 담당관이 함께 열어요."),
                _("투표 열기 화면으로 가기"), url_for(".opening", slug=budget_round.slug), wants="budgets.see_desk")


DESK.mount()


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
    return handle(form, lambda: opening.rehearse(budget_round.id, form.people, hours=form.hours.number or 0,
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
    return handle(form, lambda: attempts.with_password(lambda: proofs.prove(shown_in(form, form.password),
                                                                            form.code.data, by=visitor())),
                  lambda: _page(slug, form),
                  lambda made: _for_all(slug, form, _confirm, _("투표를 열었어요.")))


@desk.route("/budgets/<slug>/notices", methods=["GET", "POST"], endpoint="round_notices")
@shown_to(may_make)
def notices(slug: str):
    budget_round = records.by_slug(slug)
    form = NoticeForm() if request.method == "POST" else NoticeForm(formdata=None)

    def page() -> str:
        return render_template("ballots/notices.html", desk=DESK, record=budget_round, form=form, labels=vote_words,
                               notices=records.notices_of(budget_round.id), why_not=may_notify(visitor(), budget_round))

    if request.method != "POST":
        return page()
    return handle(form, lambda: services.notify(budget_round.id, form.title.data or "", form.text.data or "",
                                                by=visitor()),
                  page, lambda _made: saved(_("알림을 올렸어요."), url_for(".round_notices", slug=slug)))


def _for_all(slug: str, form: OpenAllForm, act, done: str):
    """Each box is opened by itself: what stands against one keeps the others from nothing."""
    refusals, acted = [], 0
    for name, box_id, fingerprint in _boxes(records.whole(slug), form):
        try:
            acted += act(box_id, fingerprint)
        except Refusal as refusal:
            refusals.append(f"{name}: {refusal}")
    if refusals:
        form.form_errors.extend(refusals)
        return _page(slug, form, 409)
    if not acted:
        form.form_errors.append(_("지금 열 수 있는 투표함이 없어요. 화면을 새로 열고 확인해 주세요."))
        return _page(slug, form, 409)
    return saved(done, url_for(".opening", slug=slug))


def _boxes(budget_round: BudgetRound, form: OpenAllForm) -> list[tuple[str, bytes, bytes | None]]:
    """Name, box, and its fingerprint as the page of the official showed it, of all that are not open."""
    seen = form.fingerprints
    return [(envelope.name, envelope.box_id, seen.get(envelope.slug)) for envelope in budget_round.envelopes
            if envelope.box is not None and envelope.box.opened_at is None]


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
    budget_round = records.whole(slug)
    on_ballots = records.on_ballots(budget_round)
    missing, unfit = gaps(budget_round, on_ballots)
    undecided = 0 if budget_round.opened_at else sum(
        count for (_envelope, state), count in records.how_many(budget_round.id).items() if state in records.UNDECIDED)
    closed = [purse for purse in budget_round.envelopes if purse.box is not None and not purse.is_opened]
    seen = waiting.fingerprints(ConfirmedAction.OPEN, [envelope.box for envelope in closed])
    alive, before = waiting.proposed(ConfirmedAction.OPEN, seen)
    pending = {envelope.id: alive[envelope.box_id] for envelope in closed if envelope.box_id in alive}
    boxes = {envelope.box_id: envelope.box for envelope in budget_round.envelopes if envelope.is_opened}
    return render_template(
        "budgets/desk/opening.html", round=budget_round,
        stages={box_id: stage_of(box, clock.now()) for box_id, box in boxes.items()},
        stage_words=STAGE, action_words=ACTION, waits=_waits(boxes), user=visitor(), form=form, on_ballots=on_ballots,
        missing=missing, unfit=unfit, may_act=officers.may_act_in([envelope.box for envelope in closed], visitor()),
        unnamed=any(officers.has_too_few(envelope.box) for envelope in closed), undecided=undecided, said=budgets,
        labels=budgets, pending=pending,
        seen={envelope.id: seen[envelope.box_id] for envelope in closed}, votes=_votes(closed, before),
        mine={envelope_id for envelope_id, proposed in pending.items() if proposed.proposed_by_id == visitor().id},
        season=season_of(budget_round), why_not=may_prepare_opening(visitor(), budget_round)), status


def _votes(closed: list[Envelope], before: waiting.Proposed) -> dict[int, dict]:
    """By envelope what is confirmed with its box, in words, and what changed since it was proposed last."""
    additions = additions_by_hand([envelope.box.roll_id for envelope in closed])
    return {envelope.id: {"rows": shown.rows(envelope.box, additions), "options": shown.options(envelope.box),
                          "changed": shown.changed(before.get(envelope.box_id), envelope.box)} for envelope in closed}


def _waits(boxes: dict) -> dict[bytes, list]:
    """Proposals for boxes that are open, as another official can confirm it now."""
    asked_for = waiting.pending_of(boxes) if boxes else {}
    return {box_id: [proposal for proposal in asked
                     if waiting.state_of(proposal, boxes[box_id]) is ConfirmationState.PENDING]
            for box_id, asked in asked_for.items()}
