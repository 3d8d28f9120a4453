"""Taking the logs out of the site; that it happened is itself in the log."""

import json
from dataclasses import asdict

from civic_forum.accounts.policy.staff import may_read_access_log, may_read_audit
from civic_forum.accounts.queries import people
from civic_forum.kernel.i18n import local
from civic_forum.kernel.policy import require
from civic_forum.kernel.spreadsheets import as_csv
from civic_forum.kernel.work import use_case

from . import queries
from .filters import AccessFilter, AuditFilter


def export_audit(wanted: AuditFilter, *, by) -> str:
    """The audit log, as far as the filter goes, as CSV. Written down first; read without holding the lock."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_read_audit)
        work.record("accounts.audit_exported", f"user:{by.id}", **_narrowed(wanted))
    entries = [entry for batch in queries.whole(queries.audit_entries, wanted) for entry in batch]
    names = _names({entry.actor_id for entry in entries} - {None})
    return as_csv(("id", "at", "actor", "action", "subject", "details"), (
        (entry.id, _at(entry), names.get(entry.actor_id, entry.actor_id), entry.action, entry.subject,
         json.dumps(entry.details, ensure_ascii=False, sort_keys=True)) for entry in entries))


def export_access_log(wanted: AccessFilter, *, by) -> str:
    """The log of look-ups, as far as the filter goes, as CSV."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_read_access_log)
        work.record("accounts.access_log_exported", f"user:{by.id}", **_narrowed(wanted))
    records = [record for batch in queries.whole(queries.access_records, wanted) for record in batch]
    names = _names({record.by_id for record in records})
    return as_csv(("id", "at", "by", "user", "reason"), (
        (record.id, _at(record), names.get(record.by_id, record.by_id), record.user_id, record.reason)
        for record in records))


def _narrowed(wanted: AuditFilter | AccessFilter) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(wanted).items() if value is not None}


def _at(row) -> str:
    return local(row.at).isoformat(timespec="seconds")


def _names(ids: set[int]) -> dict[int, str]:
    return {user.id: user.sign_in_name or f"user:{user.id}" for user in people.users(ids).values()}
