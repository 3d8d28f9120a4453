"""Labels of phases, states, verdicts and rules."""

from civic_forum.ballots.box.draws import DrawKind
from civic_forum.platform.i18n import _l

from ..rules.phases import Phase
from ..rules.states import CouncilDecision, Finding, ProjectState, Verdict

PHASE = {
    Phase.COLLECTING: _l("제안 받기"),
    Phase.REVIEW: _l("적격성 검토"),
    Phase.ADJUSTING: _l("함께 다듬기"),
    Phase.COMMITTEE: _l("위원회 심사"),
    Phase.VOTING: _l("주민 투표"),
    Phase.CHOSEN: _l("선정"),
    Phase.COUNCIL: _l("구의회 심의"),
    Phase.IN_BUDGET: _l("예산 확정"),
    Phase.CARRIED_OUT: _l("실행"),
}
STATE = {
    ProjectState.HANDED_IN: _l("접수"),
    ProjectState.IN_REVIEW: _l("적격성 검토 중"),
    ProjectState.ELIGIBLE: _l("적격"),
    ProjectState.ELIGIBLE_IF: _l("조건부 적격"),
    ProjectState.NOT_ELIGIBLE: _l("부적격"),
    ProjectState.MERGED: _l("합쳐짐"),
    ProjectState.WITHDRAWN: _l("거둠"),
    ProjectState.ON_BALLOT: _l("투표 대상"),
    ProjectState.CHOSEN: _l("선정"),
    ProjectState.NOT_CHOSEN: _l("선정되지 않음"),
    ProjectState.IN_BUDGET: _l("예산에 담음"),
    ProjectState.DROPPED: _l("예산에서 빠짐"),
    ProjectState.IN_PROGRESS: _l("실행 중"),
    ProjectState.DONE: _l("완료"),
}
STATE_TONE = {
    ProjectState.HANDED_IN: "gray", ProjectState.IN_REVIEW: "information", ProjectState.ELIGIBLE: "primary",
    ProjectState.ELIGIBLE_IF: "warning", ProjectState.NOT_ELIGIBLE: "danger", ProjectState.MERGED: "gray",
    ProjectState.WITHDRAWN: "gray", ProjectState.ON_BALLOT: "primary", ProjectState.CHOSEN: "success",
    ProjectState.NOT_CHOSEN: "gray", ProjectState.IN_BUDGET: "success", ProjectState.DROPPED: "warning",
    ProjectState.IN_PROGRESS: "information", ProjectState.DONE: "success",
}
VERDICT = {Verdict.ELIGIBLE: _l("적격"), Verdict.ELIGIBLE_IF: _l("조건부 적격"), Verdict.NOT_ELIGIBLE: _l("부적격")}
FINDING = {Finding.FINE: _l("문제없어요"), Finding.WITH_CONDITIONS: _l("조건이 있어요"),
           Finding.NOT_POSSIBLE: _l("할 수 없어요")}
COUNCIL = {CouncilDecision.CONFIRMED: _l("그대로 확정"), CouncilDecision.CUT: _l("줄여서 확정"),
           CouncilDecision.DROPPED: _l("예산에서 뺌")}
DRAW = {DrawKind.LOTTERY: _l("투표가 끝나고 24시간이 지난 뒤에 처음 하는 로또 6/45 추첨"),
        DrawKind.DICE: _l("투표가 끝난 뒤에 참관인 앞에서 던지는 주사위 20개")}
