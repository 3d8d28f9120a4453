"""The chains of the audit log.

Each connection of a process has a chain of its own: as an entry is written it gets its place there and a seal over
itself and the seal before, under a key that is not in the database. No writer asks for another.

Each minute a job joins what was committed into one chain of links: each names an entry by digests and holds the hash of
the link before. What it came to is noted beside the keys, where a writer of the database does not reach.
"""

import json
import logging
import math
import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from secrets import randbits

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, aliased, mapped_column

from . import clock, keys, storage
from .audit import AuditEntry
from .base import Number, db
from .errors import Conflict, Refusal
from .site_version import quiet
from .work import unlogged_transaction

log = logging.getLogger(__name__)
BEGINNING = bytes(32)
WINDOW = 10_000
"""So many numbers below the highest linked one are looked through again: whoever took one may commit after others."""
SETTLED = timedelta(hours=1)
"""No transaction lasts so long: what appears later below or before a linked entry was put in."""
AT_ONCE = 1_000
DAY, HEAD = "????-??-??.jsonl", "head.json"
NO_MORE: tuple = (math.inf, ())
CHAIN = "audit_chain"
"""Key of what a connection knows of its chain: which it is, the last place and the last seal."""


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


quiet(AuditLink)


@sa.event.listens_for(AuditEntry, "before_insert")
def _chain(_mapper, connection: sa.Connection, entry: AuditEntry) -> None:
    """The next place in the chain of this connection."""
    entry.chain, last, before = connection.info.get(CHAIN) or (randbits(63), 0, b"")
    entry.place = last + 1
    entry.seal = keys.keyed_hash("audit", _sealed(entry, before))
    connection.info[CHAIN] = entry.chain, entry.place, entry.seal
    for failure in ("rollback", "rollback_savepoint"):
        if not sa.event.contains(connection, failure, _begin_anew):
            sa.event.listen(connection, failure, _begin_anew)


def _begin_anew(connection: sa.Connection, *_savepoint: object) -> None:
    """Whoever wrote and rolled back, or cannot know whether that was committed, begins another chain."""
    if not connection.invalidated:
        connection.info.pop(CHAIN, None)


def _sealed(entry: AuditEntry, before: bytes) -> bytes:
    """Content of a seal. The number is not known yet where it is made: a link names it."""
    details = json.loads(json.dumps(entry.details or {}))
    return json.dumps([before.hex(), entry.chain, entry.place, entry.at.astimezone(timezone.utc).isoformat(),
                       entry.actor_id, entry.action, entry.subject, details], sort_keys=True).encode()


def facts_of(number: int, at: datetime, actor: int | None, action: str, subject: str, *chained: object) -> bytes:
    """Digest of an entry without its details, with its chain, place and seal where it has them."""
    return _digest([number, at.isoformat(), actor, action, subject, *chained])


def details_of(salt: bytes, details: dict) -> bytes:
    """Digest of details, which nobody can guess once the salt is gone."""
    return _digest([salt.hex(), details])


def head_of(before: bytes, number: int, entry: int, at: datetime, facts: bytes, details: bytes) -> bytes:
    """Hash of a link over the one before."""
    return _digest([before.hex(), number, entry, at.isoformat(), facts.hex(), details.hex()])


def _digest(parts: list) -> bytes:
    return sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).digest()


def links_of(entries: Iterable[AuditEntry], number: int, head: bytes, at: datetime) -> Iterator[AuditLink]:
    """Links of entries, the first of which follows the link of this number and head."""
    for place, entry in enumerate(entries, number + 1):
        salt = os.urandom(16)
        facts, details = _facts(entry), details_of(salt, entry.details)
        head = head_of(head, place, entry.id, at, facts, details)
        yield AuditLink(number=place, entry_id=entry.id, at=at, facts=facts, salt=salt, details=details, head=head)


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
        entries = session.scalars(_waiting().where(AuditEntry.id > highest - WINDOW)
                                  .order_by(AuditEntry.id).limit(AT_ONCE)).all()
        session.add_all(links_of(entries, number, head, clock.now()))
        return len(entries)


def _waiting():
    return sa.select(AuditEntry).where(~sa.exists().where(AuditLink.entry_id == AuditEntry.id))


def _facts(entry: AuditEntry) -> bytes:
    chained = () if entry.chain is None else (entry.chain, entry.place, (entry.seal or b"").hex())
    return facts_of(entry.id, entry.at, entry.actor_id, entry.action, entry.subject, *chained)


def _folder() -> Path:
    return Path(current_app.config["KEYS"]) / "audit"


def _note() -> None:
    """Note the newest head, unless the chain does not hold the one that was noted before."""
    newest = db.session.scalars(sa.select(AuditLink).order_by(AuditLink.number.desc()).limit(1)).first()
    noted = next(_lines(_folder() / HEAD), {"number": 0})
    if newest is None or newest.number <= noted["number"]:
        return
    there = db.session.scalar(sa.select(AuditLink.head).where(AuditLink.number == noted["number"]))
    if noted["number"] and (there is None or there.hex() != noted["head"]):
        log.error("the audit log is not the one that was noted beside the keys: `audit check` says more")
        return
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    storage.write(_folder() / HEAD, _line(newest))


def export() -> Path | None:
    """Write the links that no day's file has yet, unless that was done today. Digests alone, no word of an entry."""
    path, last = _folder() / f"{clock.now():%Y-%m-%d}.jsonl", 0
    if path.exists():
        return None
    if files := sorted(_folder().glob(DAY)):
        last = deque(_lines(files[-1]), 1).pop()["number"]
    links = db.session.execute(sa.select(AuditLink.number, AuditLink.entry_id, AuditLink.head)
                               .where(AuditLink.number > last).order_by(AuditLink.number)
                               .execution_options(yield_per=AT_ONCE))
    if (first := next(links, None)) is None:
        return None
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    storage.write_pieces_once(path, map(_line, chain((first,), links)))
    return path


def _line(link) -> bytes:
    return json.dumps({"number": link.number, "entry": link.entry_id, "head": link.head.hex()}).encode() + b"\n"


def _lines(path: Path) -> Iterator[dict]:
    """Heads noted in a file; nothing where there is none. Raises Refusal."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        for line in file:
            try:
                head = json.loads(line)
                yield {"number": int(head["number"]), "entry": int(head["entry"]), "head": str(head["head"])}
            except (ValueError, KeyError, TypeError) as broken:
                raise Refusal(f"{path} cannot be read: {line[:80]!r} is no head of the audit log.") from broken


def faults() -> Iterator[str]:
    """Faults of the log and of its chain: see `differences`. Read in pieces, however long the log is."""
    days = chain.from_iterable(map(_lines, sorted(_folder().glob(DAY))))
    noted = merge(days, _lines(_folder() / HEAD), key=itemgetter("number"))
    first = next(noted, None)  # read before the database: what is noted has been linked
    pieces = {"yield_per": AT_ONCE}
    before = aliased(AuditEntry)
    in_chain = sa.and_(before.chain == AuditEntry.chain, before.place == AuditEntry.place - 1)
    pairs = db.session.execute(sa.select(AuditLink, AuditEntry, before.seal).outerjoin(
        AuditEntry, AuditEntry.id == AuditLink.entry_id).outerjoin(before, in_chain).order_by(AuditLink.number)
        .execution_options(**pieces))
    waiting = db.session.execute(_waiting().add_columns(before.seal).outerjoin(before, in_chain)
                                 .order_by(AuditEntry.id).execution_options(**pieces))
    yield from differences(pairs, waiting, chain((first,) if first else (), noted), clock.now())


def differences(pairs: Iterable[tuple[AuditLink, AuditEntry | None, bytes | None]],
                waiting: Iterable[tuple[AuditEntry, bytes | None]], noted: Iterable[dict],
                now: datetime) -> Iterator[str]:
    """Sentences about entries that were changed, are missing or were put in, links that are broken, and noted heads
    that are gone or differ.

    `pairs`: every link with its entry, in order; `waiting`: entries without one; both with the seal of the entry before
    in the chain of its connection. `noted`: in order of numbers.
    """
    before, expected, settled = BEGINNING, 0, Settled()
    heads = groupby(noted, itemgetter("number"))
    number, lines = next(heads, NO_MORE)
    for link, entry, sealed_before in pairs:
        expected += 1
        if link.number != expected:
            yield f"Links {expected} to {link.number - 1} are missing."
            expected = link.number
        elif link.head != head_of(before, link.number, link.entry_id, link.at, link.facts, link.details):
            yield f"Link {link.number} does not follow the one before."
        while number < link.number:
            yield f"Link {number} (entry {next(lines)['entry']}) was noted beside the keys and is missing."
            number, lines = next(heads, NO_MORE)
        if number == link.number:
            if any((line["head"], line["entry"]) != (link.head.hex(), link.entry_id) for line in lines):
                yield f"Link {link.number} is not the one that was noted beside the keys."
            number, lines = next(heads, NO_MORE)
        before = link.head
        yield from _entry_faults(link, entry, sealed_before, settled)
    while number < math.inf:
        yield f"Link {number} (entry {next(lines)['entry']}) was noted beside the keys and is missing."
        number, lines = next(heads, NO_MORE)
    for entry, sealed_before in waiting:
        if settled.is_late(entry.id, entry.at, now):
            yield f"Entry {entry.id} was put in later."
        elif fault := settled.fault(entry, sealed_before):
            yield fault


def _entry_faults(link: AuditLink, entry: AuditEntry | None, before: bytes | None, settled: "Settled") -> Iterator[str]:
    """Sentences about the entry of a link; `before`: the seal before in its chain."""
    if entry is None:
        yield f"Entry {link.entry_id} is missing."
        return
    if settled.is_late(entry.id, entry.at, link.at):
        yield f"Entry {entry.id} was put in later."
    if _facts(entry) != link.facts or link.salt is not None and details_of(link.salt, entry.details) != link.details:
        yield f"Entry {entry.id} was changed."
    elif link.salt is None and entry.details:
        yield f"Entry {entry.id} has details that were taken away."
    elif fault := settled.fault(entry, before, bare=link.salt is None):
        yield fault


def counts() -> tuple[int, int, int]:
    """Links, entries that wait for theirs, and links whose details were taken away."""
    linked, bare = db.session.execute(sa.select(
        sa.func.count(), sa.func.count().filter(AuditLink.salt.is_(None))).select_from(AuditLink)).one()
    return linked, db.session.scalar(sa.select(sa.func.count()).select_from(_waiting().subquery())), bare


class Settled:
    """The highest id and the latest moment of entries that were linked an hour before, and whether there are chains
    yet; asked in order of links.

    Of those that were linked together only the highest are remembered.
    """

    def __init__(self) -> None:
        self.id, self.at, self.fresh, self.chained = 0, None, deque(), False

    def is_late(self, number: int, at: datetime, linked: datetime) -> bool:
        """True if an entry that was linked only now stands below or before these."""
        while self.fresh and self.fresh[0][0] <= linked - SETTLED:
            _linked, other, moment = self.fresh.popleft()
            self.id, self.at = max(self.id, other), max(self.at or moment, moment)
        together = self.fresh and self.fresh[-1][0] == linked
        _linked, other, moment = self.fresh.pop() if together else (linked, number, at)
        self.fresh.append((linked, max(other, number), max(moment, at)))
        return number < self.id or self.at is not None and at < self.at - SETTLED

    def fault(self, entry: AuditEntry, before: bytes | None, *, bare: bool = False) -> str | None:
        """A sentence about an entry that is not as its connection wrote it. `before`: the seal before in the chain;
        `bare`: details were taken away, and the seal is over them too."""
        if entry.chain is None:
            return f"Entry {entry.id} was put in: it is in no chain." if self.chained else None
        self.chained = True
        if before is None and entry.place != 1:
            return f"The entry before {entry.id} in its chain is missing."
        is_whole = bare or entry.seal in keys.hashes("audit", _sealed(entry, before or b""))
        return None if is_whole else f"Entry {entry.id} was changed."
