"""Actions open in a round now, by its phase and by who asks, in words and with their addresses."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from civic_forum.ballots.rules.boxes import BoxStage, Stage, stage_of
from civic_forum.ballots.voting import standing as vote_standing
from civic_forum.ballots.voting.standing import Actions
from civic_forum.platform.i18n import _, moment

from .. import rules as phases
from ..labels import PHASE
from ..policy import is_moderator, is_staff
from ..rules import EDITABLE, Phase
from .queries import OwnRound, Sketch

Step = tuple[str, str]
AFTER_THE_VOTE = (Phase.CHOSEN, Phase.COUNCIL, Phase.IN_BUDGET, Phase.CARRIED_OUT)


@dataclass(frozen=True)
class Eligibility:
    """A sentence and the steps that are open: label and address, the first is the one to take."""

    title: str
    text: str
    steps: tuple[Step, ...] = ()


def of(detail: Sketch, actor, own: OwnRound | None, now: datetime) -> Eligibility:
    """`own`: None for a visitor."""
    base = f"/budgets/{detail.round.slug}"
    phase = phases.current(detail.spans, now)
    if phase is None:
        return _before_the_first(detail, now)
    if detail.round.decided_in:
        return Eligibility(_("사업을 정했어요"), _("%(where)s에서 정한 사업이에요.", where=detail.round.decided_in),
                        ((_("정한 사업 보기"), f"{base}/results"),))
    if phase in phases.BEFORE_VOTING and not phases.is_on(detail.spans, phase, now):
        return _between(detail, phase, now)
    if phase not in phases.BEFORE_VOTING and not all(box.published_at for box in detail.boxes):
        phase = Phase.VOTING  # whatever the calendar says: there is no result yet
    eligibility = _BY_PHASE[phase](detail, actor, own, base, now)
    return Eligibility(eligibility.title, eligibility.text, (*eligibility.steps, *_of_staff(actor, detail, phase)))


def _before_the_first(detail: Sketch, now: datetime) -> Eligibility:
    if coming := phases.next_change(detail.spans, now):
        return Eligibility(_("아직 시작하지 않았어요"), _("%(phase)s: %(moment)s 시작", phase=PHASE[coming.phase],
                                              moment=moment(coming.at)))
    return Eligibility(_("준비하고 있어요"), _("일정을 정하면 여기에서 알려 드려요."))


def _between(detail: Sketch, phase: Phase, now: datetime) -> Eligibility:
    coming = phases.next_change(detail.spans, now)
    text = _("%(phase)s: %(moment)s 시작", phase=PHASE[coming.phase], moment=moment(coming.at)) if coming else \
        _("다음 일정을 정하면 여기에서 알려 드려요.")
    return Eligibility(_("%(phase)s 단계가 끝났어요", phase=PHASE[phase]), text,
                    ((_("사업 보기"), f"/budgets/{detail.round.slug}/projects"),))


def _signed(actor, label: str, way: str) -> Step:
    """The step itself, or signing in first."""
    if actor.is_authenticated:
        return label, way
    return _("로그인하고 %(what)s", what=label), f"/sign-in?next={quote(way, safe='')}"


def _collecting(detail, actor, own, base, now) -> Eligibility:
    return Eligibility(_("사업을 제안할 수 있어요"),
                    _("동네에 필요한 사업을 적어 내거나, 내 제안을 사업으로 바꿀 수 있어요. 낸 사업은 부서가 하나씩 살펴봐요."),
                    (_signed(actor, _("사업 제안하기"), f"{base}/projects/new"), (_("낸 사업 보기"), f"{base}/projects")))


def _review(detail, actor, own, base, now) -> Eligibility:
    steps = [(_("사업과 검토 내용 보기"), f"{base}/projects")]
    if own and own.projects:
        steps.append((_("내 사업 보기"), f"{base}/projects/{own.projects[0][0]}"))
    return Eligibility(_("부서가 사업을 살펴보고 있어요"),
                    _("법, 기술, 비용을 살펴보고 할 수 있는지 알려요. 제안한 분은 다시 봐 달라고 할 수 있고, "
                      "누구나 의견을 남길 수 있어요."), tuple(steps))


def _adjusting(detail, actor, own, base, now) -> Eligibility:
    mine = [code for code, _title, state in (own.projects if own else ()) if state in EDITABLE]
    steps = [(_("내 사업 다듬기"), f"{base}/projects/{mine[0]}/edit")] if mine else []
    return Eligibility(_("사업을 함께 다듬고 있어요"),
                    _("제안한 분과 부서가 비용과 자리, 규모를 고치고 있어요. 고친 것은 모두 남고, 누구나 의견을 남길 수 있어요."),
                    (*steps, (_("사업 보고 의견 남기기"), f"{base}/projects")))


def _committee(detail, actor, own, base, now) -> Eligibility:
    steps = [(_("위원으로 심사하기"), f"{base}/committee")] if own and own.sits_on_committee else []
    return Eligibility(_("참여예산위원회가 심사하고 있어요"),
                    _("위원이 권하는 사업을 골라요. 몇 명이 권했는지는 심사가 끝나면 사업마다 공개해요."),
                    (*steps, (_("심사하는 사업 보기"), f"{base}/projects")))


def _voting(detail, actor, own, base, now) -> Eligibility:
    stages = [stage_of(box, now) for box in detail.boxes]
    if BoxStage.OPEN in stages:
        text = _("마감까지 몇 번이든 바꿀 수 있고, 마지막에 낸 것만 세요. 중간 집계는 아무도 볼 수 없어요.")
        if own is None and detail.round.roll_fixed_on:
            text = vote_standing.who_is_on(detail.round.roll_grows, detail.round.roll_fixed_on,
                                           max(box.closes_at for box in detail.boxes))
        return _own_votes(own, base, actor) or Eligibility(_("지금 투표할 수 있어요"), text,
                        (_signed(actor, _("투표하기"), f"{base}/ballot"), (_("사업 살펴보기"), f"{base}/projects")))
    if stages and all(stage is BoxStage.PUBLISHED for stage in stages):
        return _chosen(detail, actor, own, base, now)
    if any(stage.reached(BoxStage.CLOSED) for stage in stages):
        return Eligibility(_("투표가 끝났고, 표를 세고 있어요"),
                        _("종이 투표지까지 맞춘 뒤에 모든 배정 예산의 결과를 공개해요."), ((_("사업 보기"), f"{base}/projects"),))
    return Eligibility(_("투표를 준비하고 있어요"), _("두 담당관이 확인하면 투표가 열려요."), ((_("사업 살펴보기"), f"{base}/projects"),))


def _own_votes(own: OwnRound | None, base: str, actor) -> Eligibility | None:
    """Actions that somebody who is signed in still has in the votes that are open; None: simply vote."""
    votes = own.votes if own else []
    mine = [vote for vote in votes if vote.person is not None]
    if not votes or any(vote.may_vote and vote.channel is None for vote in mine):
        return None
    first = min(mine or votes, key=lambda vote: vote.channel or 0)  # whom staff keep from voting before who voted
    eligibility = vote_standing.of(Actions(base, roll_page=f"{base}/{first.envelope.slug}/roll"), Stage.OPEN,
                                   vote_standing.mine(first.envelope.box, None, actor, elsewhere=False))
    return Eligibility(eligibility.title, eligibility.text, eligibility.steps if mine else (
        *eligibility.steps, (_("사업 살펴보기"), f"{base}/projects")))


def _chosen(detail, actor, own, base, now) -> Eligibility:
    return Eligibility(_("결과가 나왔어요"), _("선정한 사업은 예산안에 담아 구의회가 의결해야 확정돼요."),
                    ((_("결과와 이유 보기"), f"{base}/results"), (_("모든 사업 보기"), f"{base}/projects")))


def _council(detail, actor, own, base, now) -> Eligibility:
    return Eligibility(_("구의회가 심의하고 있어요"),
                    _("선정한 사업은 예산안에 담아 구의회가 의결해야 확정돼요. 바꾸거나 빼는 사업은 이유와 함께 알려요."),
                    ((_("결과와 이유 보기"), f"{base}/results"), (_("모든 사업 보기"), f"{base}/projects")))


def _in_budget(detail, actor, own, base, now) -> Eligibility:
    return Eligibility(_("예산이 확정됐어요"), _("구의회가 의결한 대로 사업을 시작해요. 사업마다 어디까지 왔는지 볼 수 있어요."),
                    ((_("결과와 확정된 예산 보기"), f"{base}/results"), (_("모든 사업 보기"), f"{base}/projects")))


def _carried_out(detail, actor, own, base, now) -> Eligibility:
    return Eligibility(_("사업을 실행하고 있어요"), _("사업마다 어디까지 왔는지 볼 수 있어요."),
                    ((_("어디까지 왔는지 보기"), f"{base}/projects"), (_("결과 보기"), f"{base}/results")))


_BY_PHASE = {
    Phase.COLLECTING: _collecting, Phase.REVIEW: _review, Phase.ADJUSTING: _adjusting, Phase.COMMITTEE: _committee,
    Phase.VOTING: _voting, Phase.CHOSEN: _chosen, Phase.COUNCIL: _council, Phase.IN_BUDGET: _in_budget,
    Phase.CARRIED_OUT: _carried_out,
}


def _of_staff(actor, detail: Sketch, phase: Phase) -> tuple[Step, ...]:
    """Addresses at which those who prepare, review and follow it go on."""
    here, steps = f"/desk/budgets/{detail.round.slug}", []
    moderates, answers = is_moderator(actor), is_staff(actor) and bool(actor.department_ids())
    if answers and phase in (Phase.REVIEW, Phase.ADJUSTING):
        steps.append((_("적격성 검토하기"), "/desk/reviews"))
    if (moderates or answers) and detail.chosen and phase in AFTER_THE_VOTE:
        steps.append((_("의결과 실행 적기"), f"{here}/council"))
    return (*steps, (_("준비 화면으로 가기"), here)) if moderates else tuple(steps)
