"""The chain over the audit log: each link names an entry by digests and holds the hash of the link before.

A job links what is committed, so nobody who writes an entry waits for it. What the chain came to is noted beside the
keys, where a writer of the database does not reach.
"""

import json
import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, storage
from .audit import AuditEntry
from .base import Number, db
from .errors import Conflict
from .work import unlogged_transaction

BEGINNING = bytes(32)
WINDOW = 10_000
"""So many numbers below the highest linked one are looked through again: whoever took one may commit after others."""
SETTLED = timedelta(hours=1)
"""No transaction lasts so long: what appears later below or before a linked entry was put in."""
AT_ONCE = 5_000
DAY = "????-??-??.jsonl"


class AuditLink(db.Model):
    """One link. Without `salt` the details of its entry were taken away on purpose, and the rest still holds."""

    __tablename__ = "audit_link"

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(Number, unique=True)
    at: Mapped[datetime]
    facts: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    details: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    head: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


def facts_of(number: int, at: datetime, actor: int | None, action: str, subject: str) -> bytes:
    """Digest of an entry without its details."""
    return _digest([number, at.isoformat(), actor, action, subject])


def details_of(salt: bytes, details: dict) -> bytes:
    """Digest of details, which nobody can guess once the salt is gone."""
    return _digest([salt.hex(), details])


def head_of(before: bytes, number: int, entry: int, at: datetime, facts: bytes, details: bytes) -> bytes:
    """Hash of a link over the one before."""
    return _digest([before.hex(), number, entry, at.isoformat(), facts.hex(), details.hex()])


def _digest(parts: list) -> bytes:
    return sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).digest()


def link() -> int:
    """Link what was committed since, and note the newest head; returns how many. Of two workers one comes to it."""
    linked = 0
    with suppress(Conflict):
        while count := _link_some():
            linked += count
    _note()
    return linked


def _link_some() -> int:
    with unlogged_transaction() as session:
        number, head = session.execute(sa.select(AuditLink.number, AuditLink.head)
                                       .order_by(AuditLink.number.desc()).limit(1)).first() or (0, BEGINNING)
        highest = session.scalar(sa.select(sa.func.max(AuditLink.entry_id))) or 0
        at = clock.now()
        entries = session.scalars(_waiting().where(AuditEntry.id > highest - WINDOW)
                                  .order_by(AuditEntry.id).limit(AT_ONCE)).all()
        for place, entry in enumerate(entries, number + 1):
            salt = os.urandom(16)
            facts, details = _facts(entry), details_of(salt, entry.details)
            head = head_of(head, place, entry.id, at, facts, details)
            session.add(AuditLink(number=place, entry_id=entry.id, at=at, facts=facts, salt=salt, details=details,
                                  head=head))
        return len(entries)


def _waiting():
    return sa.select(AuditEntry).where(~sa.exists().where(AuditLink.entry_id == AuditEntry.id))


def _facts(entry: AuditEntry) -> bytes:
    return facts_of(entry.id, entry.at, entry.actor_id, entry.action, entry.subject)


def _folder() -> Path:
    return Path(current_app.config["KEYS"]) / "audit"


def _note() -> None:
    newest = db.session.scalars(sa.select(AuditLink).order_by(AuditLink.number.desc()).limit(1)).first()
    if newest is None or newest.number <= _noted().get("number", 0):
        return
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    storage.write(_folder() / "head.json", _line(newest))


def _noted() -> dict:
    try:
        return json.loads((_folder() / "head.json").read_bytes())
    except FileNotFoundError:
        return {}


def export() -> Path | None:
    """Write the links that no day's file has yet, unless that was done today. Digests alone, no word of an entry."""
    path, last = _folder() / f"{clock.now():%Y-%m-%d}.jsonl", 0
    if path.exists():
        return None
    if files := sorted(_folder().glob(DAY)):
        last = json.loads(files[-1].read_bytes().splitlines()[-1])["number"]
    links = db.session.scalars(sa.select(AuditLink).where(AuditLink.number > last).order_by(AuditLink.number)).all()
    if not links:
        return None
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    storage.write_once(path, b"".join(map(_line, links)))
    return path


def _line(one: AuditLink) -> bytes:
    return json.dumps({"number": one.number, "entry": one.entry_id, "head": one.head.hex()}).encode() + b"\n"


def faults() -> Iterator[str]:
    """Faults, a sentence for each: entries changed, missing or put in, links broken, heads that were noted."""
    noted = {said["number"]: said for said in _said()}
    before, expected, settled = BEGINNING, 0, Settled()
    rows = db.session.execute(sa.select(AuditLink, AuditEntry).outerjoin(
        AuditEntry, AuditEntry.id == AuditLink.entry_id).order_by(AuditLink.number).execution_options(yield_per=1_000))
    for one, entry in rows:
        expected += 1
        if one.number != expected:
            yield f"Links {expected} to {one.number - 1} are missing."
            expected = one.number
        elif one.head != head_of(before, one.number, one.entry_id, one.at, one.facts, one.details):
            yield f"Link {one.number} does not follow the one before."
        said = noted.pop(one.number, None)
        if said and (said["head"], said["entry"]) != (one.head.hex(), one.entry_id):
            yield f"Link {one.number} is not the one that was noted beside the keys."
        before = one.head
        if entry is None:
            yield f"Entry {one.entry_id} is missing."
            continue
        if settled.is_late(entry.id, entry.at, one.at):
            yield f"Entry {entry.id} was put in later."
        if _facts(entry) != one.facts or one.salt and details_of(one.salt, entry.details) != one.details:
            yield f"Entry {entry.id} was changed."
        elif one.salt is None and entry.details:
            yield f"Entry {entry.id} has details that were taken away."
    for number in sorted(noted):
        yield f"Link {number} (entry {noted[number]['entry']}) was noted beside the keys and is missing."
    for entry in db.session.scalars(_waiting().order_by(AuditEntry.id)):
        if settled.is_late(entry.id, entry.at, clock.now()):
            yield f"Entry {entry.id} was put in later."


def counts() -> tuple[int, int, int]:
    """Links, entries that wait for theirs, and links whose details were taken away."""
    linked, bare = db.session.execute(sa.select(
        sa.func.count(), sa.func.count().filter(AuditLink.salt.is_(None))).select_from(AuditLink)).one()
    return linked, db.session.scalar(sa.select(sa.func.count()).select_from(_waiting().subquery())), bare


def _said() -> Iterator[dict]:
    for path in sorted(_folder().glob(DAY)):
        yield from map(json.loads, path.read_bytes().splitlines())
    if head := _noted():
        yield head


class Settled:
    """The highest id and the latest moment of entries that were linked an hour before; asked in order of links."""

    def __init__(self) -> None:
        self.id, self.at, self.fresh = 0, None, deque()

    def is_late(self, number: int, at: datetime, linked: datetime) -> bool:
        """True if an entry that was linked only now stands below or before these."""
        while self.fresh and self.fresh[0][0] <= linked - SETTLED:
            _linked, other, moment = self.fresh.popleft()
            self.id, self.at = max(self.id, other), max(self.at or moment, moment)
        self.fresh.append((linked, number, at))
        return number < self.id or self.at is not None and at < self.at - SETTLED
