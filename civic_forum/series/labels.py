"""Names of series, of their steps and of what stands for them."""

from civic_forum.platform.i18n import _l

from .rules import SeriesKind, StepState

KIND = {SeriesKind.YEARLY: _l("한 해 사업"), SeriesKind.ASSEMBLY: _l("주민총회")}
STAGE = {"preparing": _l("준비 중"), "announced": _l("알림")}
STEPS = (_l("의제 찾기"), _l("함께 살펴보기"), _l("자치계획안"), _l("공고"), _l("미리 투표"), _l("주민총회"), _l("자치계획 정하고 답하기"),
         _l("실행하고 나누기"))
"""Of an assembly, in their order."""
STATE = {StepState.DONE: _l("마침"), StepState.NOW: _l("지금"), StepState.AHEAD: _l("앞으로")}
ACTION = {"budget_round": _l("투표 자세히 보기"), "poll": _l("투표 자세히 보기"), "forum": _l("그날 보기"), "plan_version": _l("계획 보기")}
"""Kinds of things that stand for a step, with the button that leads there."""
PICKED = {"forum": "forum", "budget_round": "budget", "poll": "poll", "plan_version": "plan_version"}
"""Kind → name of the picker that finds it."""
