"""Operations on the index for other features, inside their own transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.blocks.public import Public
from civic_forum.platform import hooks, plain_text

from . import index, rules, vocabulary
from .models import Entry

BATCH, MISSING = 50_000, 500
_entries = Entry.__table__


class Text(NamedTuple):
    """A text to be found: of which kind, its id there, and what it says in plain text."""

    kind: str
    ref_id: int
    title: str
    body: str
    at: datetime
    """Newer texts are shown first."""


def put(session: Session, kind: str, ref_id: int, *, title: str, body: str, at: datetime) -> None:
    """Make a text findable, or what it says now instead of what it said before."""
    known = session.execute(sa.select(_entries).filter_by(kind=kind, ref_id=ref_id)).one_or_none()
    says = {"title": _title(title), "body": _body(body), "at": at}
    if known and all(known._mapping[name] == value for name, value in says.items()):
        return
    if known:
        _forget(session, known)
    number = known.id if known and known.at == at else _free_place(session, rules.place(kind, ref_id, at))
    session.execute(sa.insert(_entries).values(id=number, kind=kind, ref_id=ref_id, **says))
    index.of(session).add(session, number, rules.tokens(kind, says["title"], says["body"]))
    vocabulary.add(session, says["title"])


def keep(session: Session, public: Public[Any], record: Any) -> None:
    """A record is found by what it says now, once everybody may read it."""
    if (since := getattr(record, public.since.key)) is not None:
        put(session, public.kind, record.id, title=public.title_of(record), body=public.words(record), at=since)


def keep_missing(session: Session, public: Public[Any]) -> None:
    """Keep records that everybody may read and that the index does not have: of before they were found at all."""
    there = sa.select(_entries.c.ref_id).where(_entries.c.kind == public.kind)
    for record in session.scalars(sa.select(public.model).where(
            public.since.is_not(None), public.model.id.not_in(there)).order_by(public.model.id).limit(MISSING)):
        keep(session, public, record)


def follow(public: Public[Any], key: str, *facts: type) -> None:
    """Keep the record whose id these facts have under `key` as it stands after each of them."""
    def make_findable(fact: Any, session: Session) -> None:
        keep(session, public, session.get_one(public.model, getattr(fact, key)))

    for fact in facts:
        hooks.on(fact)(make_findable)


def remove(session: Session, kind: str, ref_id: int) -> None:
    """A text is found no more. Removing one that is not there does nothing."""
    known = session.execute(sa.select(_entries).filter_by(kind=kind, ref_id=ref_id)).one_or_none()
    if known:
        _forget(session, known)


def remove_all(session: Session, kind: str, ref_ids: Sequence[int]) -> None:
    """Several texts are found no more, in a few statements. Those that are not there do nothing."""
    known = session.execute(sa.select(_entries).where(_entries.c.kind == kind, _entries.c.ref_id.in_(ref_ids))).all()
    if known:
        index.of(session).discard_many(
            session, [(entry.id, rules.tokens(kind, entry.title, entry.body)) for entry in known])
        session.execute(sa.delete(_entries).where(_entries.c.id.in_([entry.id for entry in known])))


def put_all(session: Session, texts: Iterable[tuple[str, int, str, str, datetime]]) -> int:
    """Make new texts findable in a few statements; none of them may be in the index yet. How many it were."""
    texts, count = iter(texts), 0
    # Samples say the same things again and again.
    clean = lru_cache(4096)(lambda title, body: (_title(title), _body(body)))
    document = lru_cache(4096)(lambda *text: index.of(session).document(rules.tokens(*text)))
    while batch := [Text(*text) for text in islice(texts, BATCH)]:
        entries = [{"kind": text.kind, "ref_id": text.ref_id, "at": text.at,
                    **dict(zip(("title", "body"), clean(text.title, text.body)))} for text in batch]
        _give_places(session, entries)
        documents = [document(entry["kind"], entry["title"], entry["body"]) for entry in entries]
        index.of(session).add_many(session, entries, documents)
        count += len(batch)
    return count


def put_many(session: Session, texts: Iterable[tuple[str, int, str, str, datetime]]) -> int:
    """As `put_all` for so many texts that the index is worth tidying after them."""
    count = put_all(session, texts)
    index.of(session).finish_many(session)
    return count


def rebuild(session: Session) -> int:
    """Make the index anew from its entries, as after a change of the rules. How many there are."""
    engine, last, count = index.of(session), -1, 0
    engine.clear(session)
    newer = sa.select(_entries).order_by(_entries.c.id).limit(1_000)
    while entries := session.execute(newer.where(_entries.c.id > last)).all():
        for entry in entries:
            engine.add(session, entry.id, rules.tokens(entry.kind, entry.title, entry.body))
        last, count = entries[-1].id, count + len(entries)
    engine.finish_many(session)
    return count


def _title(text: str) -> str:
    return plain_text.clean(text)[:rules.TITLE_LENGTH]


def _body(text: str) -> str:
    return plain_text.clean(text[:rules.BODY_LENGTH], lines=True)


def _forget(session: Session, entry: sa.Row) -> None:
    index.of(session).discard(session, entry.id, rules.tokens(entry.kind, entry.title, entry.body))
    session.execute(sa.delete(_entries).where(_entries.c.id == entry.id))


def _free_place(session: Session, number: int) -> int:
    while session.scalar(sa.select(_entries.c.id).where(_entries.c.id == number)) is not None:
        number += 1
    return number


def _give_places(session: Session, entries: list[dict]) -> None:
    """Number the entries by their age, beside those that are there, and sort them by it."""
    for entry in entries:
        entry["id"] = rules.place(entry["kind"], entry["ref_id"], entry["at"])
    entries.sort(key=lambda entry: entry["id"])
    taken = _taken_places(session, [entry["id"] for entry in entries])
    last = -1
    for entry in entries:
        number = max(entry["id"], last + 1)
        while number in taken:
            number = _free_place(session, number + 1)
        entry["id"] = last = number


def _taken_places(session: Session, numbers: Sequence[int]) -> set[int]:
    taken: set[int] = set()
    for start in range(0, len(numbers), 10_000):
        some = _entries.c.id.in_(numbers[start:start + 10_000])
        taken.update(session.scalars(sa.select(_entries.c.id).where(some)))
    return taken
