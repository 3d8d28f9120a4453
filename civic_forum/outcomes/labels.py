"""Labels of decisions, promises and the way behind an outcome."""

from typing import Any

from civic_forum.blocks import kinds
from civic_forum.platform.i18n import _l, won

from .rules import Decision, Missing, OutcomeState, Progress, Promise, Side, WayStep, cost_shown

DECISION = {
    Decision.DECIDED: _l("하기로 했어요"), Decision.PARTLY: _l("일부 하기로 했어요"),
    Decision.DIFFERENTLY: _l("다르게 하기로 했어요"), Decision.DECLINED: _l("안 하기로 했어요"),
    Decision.POSTPONED: _l("나중에 다시 정해요"),
}
SHORT = DECISION | {Decision.PARTLY: _l("일부"), Decision.DIFFERENTLY: _l("다르게")}
TONE = {Decision.DECIDED: "success", Decision.PARTLY: "success", Decision.DIFFERENTLY: "warning",
        Decision.DECLINED: "gray", Decision.POSTPONED: "warning"}
STATE = {
    OutcomeState.DRAFT: _l("쓰는 중"),
    OutcomeState.AWAITING_APPROVAL: _l("승인을 기다려요"),
    OutcomeState.PUBLISHED: _l("공개했어요"),
}
PROGRESS = {Progress.PROMISED: _l("시작 전"), Progress.IN_PROGRESS: _l("실행 중"), Progress.DONE: _l("완료")}
ICON = {"poll": "vote", "project": "budget", "forum_decision": "talk"}
"""Signs of what has no category; otherwise `agenda`."""
PROMISE = {
    Promise.RUNNING: _l("약속한 날까지 남았어요"), Promise.SILENT: _l("약속한 날이 지났는데 알린 것이 없어요"),
    Promise.LATE: _l("약속한 날보다 늦어지고 있어요"), Promise.KEPT: _l("약속한 날까지 마쳤어요"),
    Promise.KEPT_LATE: _l("약속한 날보다 늦게 마쳤어요"),
}
PROMISE_TONE = {Promise.SILENT: "late", Promise.LATE: "late", Promise.KEPT: "ok", Promise.KEPT_LATE: "soon"}
SIDE = {Side.BEFORE: _l("전"), Side.AFTER: _l("후")}
WAY = {
    WayStep.PROPOSED: _l("제안 %(count)s개"), WayStep.SUPPORTED: _l("공감 %(count)s명"), WayStep.GROUPED: _l("의제"),
    WayStep.VOTED: _l("투표 %(count)s명"), WayStep.ANSWERED: _l("부서 답변"), WayStep.DECIDED: _l("결정"),
    WayStep.IN_PROGRESS: _l("실행"), WayStep.DONE: _l("완료"),
}
MISSING = {
    Missing.TITLE: _l("무엇을 정했는지 제목을 5자 이상 적어 주세요."),
    Missing.DECISION: _l("어떻게 정했는지 하나를 골라 주세요."),
    Missing.REASONS: _l("왜 그렇게 정했는지 10자 이상 적어 주세요."),
    Missing.WHAT_FOLLOWS: _l("앞으로 무엇을 하는지 10자 이상 적어 주세요."),
    Missing.NOTHING_ELSE: _l("안 하기로 했으면 날짜와 돈을 비워 주세요. 다른 것을 하면 ‘다르게 하기로 했어요’를 골라 주세요."),
    Missing.PROMISED_ON: _l("언제까지 하는지 날짜를 적어 주세요."),
}


def subject(kind: str) -> object:
    """As pages call what an outcome is about."""
    return kinds.of(kind).label


def about(kind: str) -> object:
    """As pages call an outcome of this kind of thing."""
    return kinds.with_capability(kind, kinds.Decidable).about


def _decidable() -> list[tuple[kinds.Kind, kinds.Decidable]]:
    return sorted(kinds.having(kinds.Decidable), key=lambda pair: pair[1].order)


def subjects() -> dict[str, object]:
    return {kind.name: kind.label for kind, _decides in _decidable()}


def abouts() -> dict[str, object]:
    return {kind.name: decides.about for kind, decides in _decidable()}


def cost_of(outcome: Any) -> str:
    """Cost of an outcome (a record, a row or a card) in words; nothing where it is not shown."""
    cost = cost_shown(outcome.decision, outcome.cost)
    return won(cost) if cost else ""
