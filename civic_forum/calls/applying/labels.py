"""Words for conditions of calls."""

from typing import Any

from civic_forum.platform.i18n import _, _l

from .rules import Unmet

UNMET = {Unmet.GROUP: _l("모임이 신청하는 모집이에요."),
         Unmet.PEOPLE: _l("모임 사람 수가 모자라요."), Unmet.RESIDENT: _l("구에 살거나 일하거나 다니는 사람이 신청해요."),
         Unmet.AGE: _l("신청할 수 있는 나이가 아니에요.")}


def why_not_hours(call: Any, minutes: int) -> str | None:
    """Reason against applying for who came so long to the course that the call asks for."""
    if call.course is None or minutes >= 60 * (call.course_hours or 0):
        return None
    return _("먼저 「%(course)s」 %(hours)s시간을 들어야 해요. 지금은 %(came)s시간이에요.", course=call.course.title,
             hours=call.course_hours, came=f"{minutes / 60:.3g}")
