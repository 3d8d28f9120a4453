"""The definition that a box was opened with, kept beside the keys: whatever acts on a box goes by its instants and its
rule, and not by a table that says otherwise."""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from civic_forum.platform.base import Instant, db
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _

from ..keys import keyring
from ..rules.log import canonical_json, instant, parse_canonical
from .sealing import fingerprint
from ..models import BallotBox, Head
from ..rules.choices import BoxRule

ALARMS = logging.getLogger(__name__)
SUFFIX, ROLL = ".definition", ".roll"
INSTANTS = tuple(column for column in BallotBox.__table__.c if isinstance(column.type, Instant))
_kept: dict[bytes, Mapping[str, object]] = {}
"""Read once: it never changes after the opening."""


def columns(text: str) -> dict[str, object]:
    """Columns of a box that follow from its definition. Raises KeyError, TypeError or ValueError for what is none."""
    parts = parse_canonical(text.encode())
    return {"definition": text, "fingerprint": fingerprint(text.encode()), "rehearsal": bool(parts["rehearsal"]),
            "key_sha256": bytes.fromhex(parts["key_sha256"]), "publishes": parts["publishes"],
            "rule": canonical_json(BoxRule.from_json(parts["rule"]).to_json()).decode(),
            "opens_at": instant(parts["opens_at"]), "closes_at": instant(parts["closes_at"]),
            "paper_until": instant(parts["paper_until"]) if "paper_until" in parts else None}


def keep(box: BallotBox) -> None:
    """Before the opening head is kept; what is there stays."""
    keyring.make_file(keyring.beside_keys(box.id, SUFFIX), box.definition.encode())
    keyring.make_file(keyring.beside_keys(box.id, ROLL), b"%d" % (box.roll_id or 0))


def of(box_id: bytes) -> Mapping[str, object] | None:
    """Columns as they were opened; None for a box of which no head was kept. Raises Unavailable where neither the file
    nor the table has what the kept head names."""
    if box_id not in _kept:
        head = keyring.last_head(box_id)
        if head is None:
            return None
        text = next((text for text in _written(box_id) if fingerprint(text).hex() == head["fingerprint"]), None)
        if text is None:
            ALARMS.critical("ALARM: the definition of box %s is lost", box_id.hex())
            raise Unavailable(_("투표를 시작할 때의 내용이 없어져서 멈췄어요. 구청에 바로 알려 주세요."))
        _kept[box_id] = columns(text.decode()) | _roll(box_id)
    return _kept[box_id]


def _written(box_id: bytes) -> Iterator[bytes]:
    """Beside the keys, and in the table where that is lost."""
    with suppress(OSError):
        yield keyring.beside_keys(box_id, SUFFIX).read_bytes()
    yield from (text.encode() for text in db.session.scalars(sa.select(BallotBox.definition).filter_by(id=box_id)))


def _roll(box_id: bytes) -> dict[str, object]:
    """Number of the roll, which no definition says; nothing where the file is lost."""
    with suppress(OSError, ValueError):
        return {"roll_id": int(keyring.beside_keys(box_id, ROLL).read_bytes()) or None}
    return {}


def check(row: BallotBox | sa.Row[Any]) -> None:
    """Raises Unavailable, with an alarm, where columns of a box say otherwise than it was opened with."""
    if _differs(row):
        raise Unavailable(_("투표함의 내용이 시작할 때와 달라서 멈췄어요. 구청에 바로 알려 주세요."))


def put_back(box: BallotBox) -> None:
    """Make the row, which the caller holds, what the box was opened with, with an alarm where it was not: a closing
    waits for nobody. Raises as `of`."""
    if _differs(box):
        table = BallotBox.__table__
        db.session.execute(sa.update(table).where(table.c.id == box.id).values(**of(box.id) or {}))
        db.session.refresh(box)


def unreadable(box_id: bytes, *columns: sa.Column[Any]) -> list[str]:
    """Columns, of these or all, whose instant is none: SQLite keeps any text, PostgreSQL infinity."""
    try:
        db.session.execute(sa.select(*columns or INSTANTS).where(BallotBox.id == box_id)).all()
    except (TypeError, ValueError, sa.exc.DBAPIError) as trouble:
        if getattr(trouble, "connection_invalidated", False):
            raise
        return [columns[0].name] if columns else [name for column in INSTANTS for name in unreadable(box_id, column)]
    return []


def put_instants_back(box_id: bytes, wrong: Collection[str]) -> None:
    """Write these columns of an opened box anew, with an alarm: as it was opened with, or as its heads were signed.
    What comes after the heads has not happened where nothing is counted. Raises as `of`."""
    ALARMS.critical("ALARM: box %s has no instant in %s", box_id.hex(), ", ".join(wrong))
    table, kept = BallotBox.__table__, dict(of(box_id) or {})
    signed = dict(db.session.execute(sa.select(Head.number, Head.at).filter_by(box_id=box_id)).all())
    opened_at, closed_at, finished_at = map(signed.get, range(3))
    known = kept | {"created_at": opened_at, "opened_at": opened_at, "closed_at": closed_at, "finished_at": finished_at}
    uncounted = db.session.scalar(sa.select(table.c.result.is_(None)).where(table.c.id == box_id))
    values = {name: known.get(name) for name in wrong
              if known.get(name) or table.c[name].nullable and (name in known or uncounted)}
    if values:
        db.session.execute(sa.update(table).where(table.c.id == box_id).values(**values))


def _differs(row: BallotBox | sa.Row[Any]) -> bool:
    kept = of(row.id) or {}
    wrong = sorted(name for name in kept if getattr(row, name, kept[name]) != kept[name])
    if wrong:
        ALARMS.critical("ALARM: box %s was opened with another %s than the tables say", row.id.hex(), ", ".join(wrong))
    return bool(wrong)
