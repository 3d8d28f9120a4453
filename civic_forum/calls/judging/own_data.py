"""Personal data of a juror: juries, points, and applications that they stay out of."""

from typing import Any

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData

from .. import queries as calls
from ..models import CallConflict, CallScore


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    return {
        "call_juries": [{"call": each.call_id, "since": str(each.begins)} for each in calls.juries_of(user.id)],
        "call_scores": [{"application": score.application_id, "points": score.points, "note": score.note,
                         "at": score.at.isoformat()} for score in calls.noted_by(user.id, CallScore)],
        "call_conflicts": [{"application": conflict.application_id, "reason": conflict.reason,
                            "at": conflict.at.isoformat()} for conflict in calls.noted_by(user.id, CallConflict)]}


def erase(_user: User, _session: Any) -> None:
    """Nothing goes: scores count, and conflicts say why some do not, without a name."""


PERSONAL_DATA["call_juries"] = PersonalData(collect=collect, erase=erase)
