"""Labels of projects: what comes next, and kinds of change."""

from civic_forum.platform.i18n import _l

from ..rules import ProjectState

NEXT = {
    ProjectState.HANDED_IN: _l("접수했어요. 사업을 다 받으면 담당 부서를 정해 적격성을 검토해요."),
    ProjectState.IN_REVIEW: _l("담당 부서가 법과 규정, 기술, 비용을 살펴보고 있어요. 결과는 이 화면에 모두 공개돼요."),
    ProjectState.ELIGIBLE: _l("투표에 오를 수 있어요. 투표를 열면 배정 예산의 다른 사업들과 함께 주민이 골라요."),
    ProjectState.ELIGIBLE_IF: _l("아래 조건을 갖추면 돼요. 투표에는 조건과 함께 올라요."),
    ProjectState.NOT_ELIGIBLE: _l("투표에는 오르지 않아요. 이유는 아래 검토에 있어요."),
    ProjectState.MERGED: _l("다른 사업이 이어 가요. 앞으로의 소식은 그 사업에서 볼 수 있어요."),
    ProjectState.WITHDRAWN: _l("제안한 사람이 거두었어요. 글은 이유와 함께 남아요."),
    ProjectState.ON_BALLOT: _l("투표에 올랐어요. 투표를 연 뒤에는 내용과 비용을 바꾸지 않아요."),
    ProjectState.CHOSEN: _l("선정한 사업은 예산안에 담아 구의회가 의결해야 확정돼요."),
    ProjectState.NOT_CHOSEN: _l("이번에는 선정되지 않았어요. 왜 그런지는 결과 화면에 있어요."),
    ProjectState.IN_BUDGET: _l("구의회가 의결해 예산에 담았어요. 담당 부서가 실행해요."),
    ProjectState.DROPPED: _l("구의회가 예산에서 뺐어요. 이유는 처리 과정에 있어요."),
    ProjectState.IN_PROGRESS: _l("담당 부서가 실행하고 있어요."),
    ProjectState.DONE: _l("실행을 마쳤어요."),
}
"""One sentence for each state: what happens next."""
