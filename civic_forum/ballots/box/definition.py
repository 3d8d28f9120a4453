"""The definition that a box was opened with, kept beside the keys: whatever acts on a box goes by its instants and its
rule, and not by a table that says otherwise."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Unavailable
from civic_forum.kernel.i18n import _

from .. import keyring
from ..models import BallotBox
from ..rules.choices import BoxRule
from ..rules.encoding import canonical_json, instant, parse_canonical
from .entries import fingerprint

ALARMS = logging.getLogger(__name__)
SUFFIX = ".definition"
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
        _kept[box_id] = columns(text.decode())
    return _kept[box_id]


def _written(box_id: bytes) -> Iterator[bytes]:
    """Beside the keys, and in the table where that is lost."""
    with suppress(OSError):
        yield keyring.beside_keys(box_id, SUFFIX).read_bytes()
    yield from (text.encode() for text in db.session.scalars(sa.select(BallotBox.definition).filter_by(id=box_id)))


def check(box_id: bytes, found: Mapping[str, object]) -> None:
    """Raises Unavailable, with an alarm, where a table says otherwise than the box was opened with."""
    if _differs(box_id, found):
        raise Unavailable(_("투표함의 내용이 시작할 때와 달라서 멈췄어요. 구청에 바로 알려 주세요."))


def check_box(box: BallotBox) -> None:
    """The same for a whole row."""
    check(box.id, _kept_columns(box))


def put_back(box: BallotBox) -> None:
    """Make the row, which the caller holds, what the box was opened with, with an alarm where it was not: a closing
    waits for nobody. Raises as `of`."""
    if _differs(box.id, _kept_columns(box)):
        table = BallotBox.__table__
        db.session.execute(sa.update(table).where(table.c.id == box.id).values(**of(box.id)))
        db.session.refresh(box)


def _kept_columns(box: BallotBox) -> dict[str, object]:
    return {name: getattr(box, name) for name in of(box.id) or ()}


def _differs(box_id: bytes, found: Mapping[str, object]) -> bool:
    kept = of(box_id)
    wrong = [] if kept is None else sorted(name for name in found if found[name] != kept[name])
    if wrong:
        ALARMS.critical("ALARM: box %s was opened with another %s than the tables say", box_id.hex(), ", ".join(wrong))
    return bool(wrong)
