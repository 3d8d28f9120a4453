"""Own data of somebody in courses."""

from typing import Any

from sqlalchemy.orm import Session

from civic_forum.blocks import sections
from civic_forum.platform import site_version
from civic_forum.platform.i18n import _

from . import labels, queries
from .models import CourseAttendance


def collect(user: Any) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for application in queries.own(user.id):
        certificate = queries.certificate(application.id)
        rows.append({"course": application.call.title, "number": application.number, "sessions": [
            {"session": each.forum.title, "present": each.present} for each in queries.attended([application.id])],
            "certificate": certificate and certificate.number})
    return rows


def erase(user: Any, _session: Session) -> None:
    """A certificate holds on, and says of no name any more that it is the one."""
    queries.forget_names(user.id)


def on_me(user: Any) -> dict[str, object] | None:
    """Hours in courses."""
    if site_version.is_unused(CourseAttendance.__tablename__):  # a district without any
        return None
    kept: dict[str, object] | None = sections.kept_for_one(_hours, user.id)
    return kept


def _hours(user_id: int) -> dict[str, object] | None:
    mine = queries.own(user_id)
    came = queries.minutes([application.id for application in mine])
    return {"label": _("내 교육"), "key": "courses", "place": 47, "total": len(mine), "items": [
        (application.call.title, f"/calls/{application.call.slug}/mine/{application.number}",
         labels.progress(application.call.hours, came.get(application.id, 0)))
        for application in mine]} if mine else None
