"""Decisions of the district about answers."""

from collections.abc import Mapping
from datetime import date

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.settings import Group, Setting, declare
from civic_forum.platform.work import Work

from . import operations


def _touches_the_past(before: list[str], after: list[str], from_day: date) -> str | None:
    """Reason against days from before the change: late is late by the days of then."""
    return _("%(day)s 전의 날은 넣거나 뺄 수 없어요.", day=day(from_day)) if any(
        date.fromisoformat(each) < from_day for each in set(before) ^ set(after)) else None


def _reckon(work: Work, _fields: Mapping[str, list]) -> None:
    operations.reckon_running(work)


declare(
    Setting(name="ANSWER_DAYS", group=Group.THRESHOLDS, by_two=True, label=_l("부서가 답하는 날"),
            does=_l("공감 기준에 이른 날부터 세요. 이미 시작한 기한은 그대로예요."), shape=shapes.count(1, 365, shapes.DAYS)),
    Setting(name="ANSWER_WORKING_DAYS", group=Group.THRESHOLDS, by_two=True, label=_l("답하는 날을 세는 법"),
            does=_l("이미 시작한 기한은 그대로예요."),
            shape=shapes.switch(_l("쉬는 날을 빼고 세요"), _l("달력의 모든 날을 세요"))),
    Setting(name="HOLIDAYS", group=Group.THRESHOLDS, label=_l("공휴일 말고 구청이 쉬는 날"), shape=shapes.days(),
            does=_l("쉬는 날을 빼고 세는 기한은 그날 다시 세요."), why_not=_touches_the_past, carry_out=_reckon),
    Setting(name="ANSWERS_NEED_APPROVAL", group=Group.TAKING_PART, by_two=True, label=_l("답변을 두 사람이 보나요"),
            does=_l("답변, 결과와 약속을 같은 부서의 다른 담당자가 승인한 뒤에 알려요."),
            shape=shapes.switch(_l("다른 담당자가 승인해요"), _l("쓴 사람이 바로 알려요"))))
