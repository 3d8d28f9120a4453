"""Taking the logs out of the site; that it happened is itself in the log."""

import json
from collections.abc import Iterator

from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.policy import may_read_access_log, may_read_audit
from civic_forum.accounts.queries import people
from civic_forum.blocks.listing import Chosen
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import queries

Export = tuple[tuple[str, ...], Iterator[tuple]]
"""The header of a table, and its rows as they are read."""


def export_audit(wanted: Chosen, *, by) -> Export:
    """The audit log, as far as the filter goes. Written down first; read without holding the lock."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_read_audit)
        require_proof(by, work.at)
        work.record("accounts.audit_exported", f"user:{by.id}", **queries.narrowed(wanted))
    return ("id", "at", "actor", "action", "subject", "details"), (
        (entry.id, entry.at, names.get(entry.actor_id, entry.actor_id), entry.action, entry.subject,
         json.dumps(entry.details, ensure_ascii=False, sort_keys=True)) for entries in queries.whole(wanted)
        for names in [_names({entry.actor_id for entry in entries} - {None})] for entry in entries)


def export_access_log(wanted: Chosen, *, by) -> Export:
    """The log of look-ups, as far as the filter goes."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_read_access_log)
        require_proof(by, work.at)
        work.record("accounts.access_log_exported", f"user:{by.id}", **queries.narrowed(wanted))
    return ("id", "at", "by", "user", "reason", "what", "how_many"), (
        (record.id, record.at, names.get(record.by_id, record.by_id), record.user_id, record.reason, record.what,
         record.how_many) for records in queries.whole(wanted)
        for names in [_names({record.by_id for record in records})] for record in records)


def _names(ids: set[int]) -> dict[int, str]:
    return {user.id: user.sign_in_name or f"user:{user.id}" for user in people.users(ids).values()}
