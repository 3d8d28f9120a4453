"""The logs, newest first."""

from collections.abc import Iterator

import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord
from civic_forum.kernel.audit import AuditEntry
from civic_forum.kernel.base import db
from civic_forum.kernel.work import let_go

from .filters import AccessFilter, AuditFilter

BATCH = 500


def audit_entries(wanted: AuditFilter, limit: int, after: int | None = None) -> list[AuditEntry]:
    found = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if wanted.area:
        found = found.where(AuditEntry.action >= f"{wanted.area}.", AuditEntry.action < f"{wanted.area}/")
    if wanted.subject:
        found = found.where(AuditEntry.subject == wanted.subject)
    if wanted.actor is not None:
        found = found.where(AuditEntry.actor_id == wanted.actor)
    return list(db.session.scalars(_between(found, AuditEntry, wanted, after)))


def access_records(wanted: AccessFilter, limit: int, after: int | None = None) -> list[AccessRecord]:
    found = sa.select(AccessRecord).order_by(AccessRecord.id.desc()).limit(limit)
    if wanted.by is not None:
        found = found.where(AccessRecord.by_id == wanted.by)
    if wanted.user is not None:
        found = found.where(AccessRecord.user_id == wanted.user)
    return list(db.session.scalars(_between(found, AccessRecord, wanted, after)))


def _between(found, table, wanted, after):
    if wanted.since:
        found = found.where(table.at >= wanted.since)
    if wanted.until:
        found = found.where(table.at < wanted.until)
    return found if after is None else found.where(table.id < after)


def whole(read, wanted) -> Iterator[list]:
    """Everything that a filter finds, in batches; in between no connection is held."""
    after = None
    while batch := read(wanted, BATCH, after):
        after = batch[-1].id
        yield batch
        let_go()
