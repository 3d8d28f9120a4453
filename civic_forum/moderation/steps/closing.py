"""Reports that somebody has looked at."""

from collections.abc import Collection

import sqlalchemy as sa

from ..events import ReportsClosed
from ..models import Report


def close_reports(work, subject_kind: str, subject_ids: Collection[int], how: str, *, seen: int | None = None) -> int:
    """Close the open reports on these things, those up to the number `seen` if one is given; returns how many."""
    which = [Report.subject_kind == subject_kind, Report.subject_id.in_(subject_ids), Report.closed_at.is_(None)]
    if seen is not None:
        which.append(Report.id <= seen)
    closing = sa.update(Report).where(*which).values(closed_at=work.at, closed_how=how,
                                                     closed_by_id=getattr(work.actor, "id", None))
    closed = tuple(sorted(work.session.scalars(closing.returning(Report.id))))
    if closed:
        work.emit(ReportsClosed(closed))
    return len(closed)
