"""Personal data of requests for a visit: for the download, and for leaving."""

from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from .models import VisitRequest


def collect(user: User) -> list[dict[str, object]]:
    return [{"place": request.place, "why": request.why, "names": request.names, "at": request.asked_at.isoformat(),
             "refused_because": request.refused_because} for request in db.session.scalars(
                 sa.select(VisitRequest).filter_by(by_id=user.id).order_by(VisitRequest.id))]


def erase(user: User, session: Any) -> None:
    """Removal of requests that were not answered; the rest stays as of nobody."""
    session.execute(sa.delete(VisitRequest).where(VisitRequest.by_id == user.id, VisitRequest.answered_at.is_(None)))
    session.execute(sa.update(VisitRequest).filter_by(by_id=user.id).values(by_id=None))
