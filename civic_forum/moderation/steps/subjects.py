"""Acts on each kind of thing: how it is found, locked, brought into a state, and what the state was.

A state is a small value for JSON: for a text since when and under which rule it is hidden (`None`: it is shown),
for an account since when it is blocked or until when it is muted (`None`: it is not).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from civic_forum.accounts.queries import people
from civic_forum.accounts import operations as limits

from ..queries.texts import texts
from ..rules import ActionKind


@dataclass(frozen=True)
class Subject:
    """One kind of thing that moderators act on."""

    authors: Callable
    """(session, ids) → {id: whose it is}, nothing locked"""
    locked: Callable
    """(session, ids) → {id: record}, locked in one order"""


def _accounts(_session, ids: Collection[int]) -> dict:
    return people.held_rows(ids)


def subjects() -> dict[str, Subject]:
    """Texts in the order in which they are locked, then accounts."""
    found = {name: Subject(moderated.authors, moderated.locked) for name, (_kind, moderated) in texts().items()}
    return found | {"user": Subject(lambda _session, ids: {one: one for one in people.users(ids)}, _accounts)}


def state(kind: ActionKind, record) -> dict | None:
    """State in which this kind of act finds the thing."""
    if kind is ActionKind.WARN:
        return None
    if kind is ActionKind.MUTE:
        return record.muted_until and {"until": _text(record.muted_until)}
    if kind is ActionKind.BLOCK:
        return record.blocked_at and {"at": _text(record.blocked_at), "until": _text(record.blocked_until)}
    return record.hidden_at and {"at": _text(record.hidden_at), "rule": record.hidden_rule}


def put(work, subject_kind: str, kind: ActionKind, states: dict) -> None:
    """Bring records into these states: {record: state}. The transaction has locked them."""
    if kind is ActionKind.WARN:
        return
    if kind is ActionKind.MUTE:
        limits.put_muted({record: given and _moment(given["until"]) for record, given in states.items()})
    elif kind is ActionKind.BLOCK:
        limits.put_blocked(work.session, {record: given and (_moment(given["at"]), _moment(given["until"]))
                                          for record, given in states.items()})
    else:
        _kind, moderated = texts()[subject_kind]
        moderated.put_hidden(work, {record: given and (_moment(given["at"]), given["rule"])
                                    for record, given in states.items()})


def _text(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
