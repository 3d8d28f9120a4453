"""Labels of states of agendas, relations, and what comes next."""

from datetime import datetime

from civic_forum.platform.i18n import _, _l, day

from .rules import OBJECTION_PERIOD, WITHDRAWAL_PERIOD, AgendaState, NextKind, Relation

STATE = {
    AgendaState.PREPARING: _l("준비 중"), AgendaState.IN_DELIBERATION: _l("논의 중"),
    AgendaState.AT_VOTE: _l("투표 중"), AgendaState.DECIDED: _l("결정함"), AgendaState.IN_PROGRESS: _l("실행 중"),
    AgendaState.CLOSED: _l("마침"),
}
TONE = {AgendaState.PREPARING: "gray", AgendaState.IN_DELIBERATION: "primary", AgendaState.AT_VOTE: "secondary",
        AgendaState.DECIDED: "information", AgendaState.IN_PROGRESS: "information", AgendaState.CLOSED: "gray"}
STAGE = {
    AgendaState.PREPARING: _l("준비"), AgendaState.IN_DELIBERATION: _l("논의"), AgendaState.AT_VOTE: _l("투표"),
    AgendaState.DECIDED: _l("결정"), AgendaState.IN_PROGRESS: _l("실행"),
}
RELATION = {Relation.CORE: _l("중심 제안"), Relation.RELATED: _l("이어진 제안"), Relation.ALTERNATIVE: _l("다른 방법")}
RELATION_HINT = {
    Relation.CORE: _l("이 의제의 답이 될 수 있어요"),
    Relation.RELATED: _l("함께 살펴야 해요"),
    Relation.ALTERNATIVE: _l("견주어 봐요"),
}
NEXT = {
    NextKind.POLL: _l("다음 투표"), NextKind.FORUM: _l("다음 만나는 날"), NextKind.BUDGET: _l("다음 주민참여예산"),
    NextKind.OTHER: _l("다음에 할 일"),
}
NEXT_LINK = {NextKind.POLL: _l("투표 자세히 보기"), NextKind.FORUM: _l("자세히 보기"), NextKind.BUDGET: _l("주민참여예산 보기")}
JOURNEY_STEP = {
    AgendaState.PREPARING: "agenda_preparing", AgendaState.IN_DELIBERATION: "agenda_in_deliberation",
    AgendaState.AT_VOTE: "in_poll", AgendaState.DECIDED: "decided", AgendaState.IN_PROGRESS: "in_progress",
    AgendaState.CLOSED: "agenda_closed",
}


def objecting_ends(since: datetime) -> str:
    """Until when an author may object; the days begin when they were told."""
    return _("%(day)s까지 반대할 수 있어요.", day=day(since + OBJECTION_PERIOD))


def taking_back_ends(merged: datetime) -> str:
    """Until when a supporter may take their name back from a merge, and what stays."""
    return _("%(day)s까지 거둘 수 있어요. 이 제안에 남긴 공감은 그대로예요.", day=day(merged + WITHDRAWAL_PERIOD))
