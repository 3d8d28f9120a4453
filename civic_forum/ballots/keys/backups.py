"""Backups made while a box held sealed ballots, `<keys>/<box>.backups`: before its key is destroyed each is deleted by
name."""

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..models import BallotBox
from ..rules.log import instant, stamp
from . import keyring

SUFFIX = ".backups"


def note(directory: Path) -> None:
    """A backup was made there: every box that holds sealed ballots now is in it."""
    if not sa.inspect(db.engine).has_table(BallotBox.__tablename__):
        return  # a database from before there were votes
    for box_id in boxes.full_ids():
        _append(box_id, {"made": str(directory.absolute()), "at": stamp(clock.now())})


@dataclass(frozen=True)
class Backup:
    """A copy of the database made while the box held sealed ballots."""

    name: str
    made_at: datetime
    gone_at: datetime | None = None
    """Instant at which somebody said that it is deleted."""
    gone_by: str = ""


def listed(box_id: bytes) -> list[Backup]:
    """All of them, in the order in which they were made; one made again at the same place is there again."""
    backups: dict[str, Backup] = {}
    for line in _lines(box_id):
        if "made" in line:
            backups.pop(line["made"], None)
            backups[line["made"]] = Backup(line["made"], instant(line["at"]))
        elif line["gone"] in backups:
            backups[line["gone"]] = replace(backups[line["gone"]], gone_at=instant(line["at"]), gone_by=line["by"])
    return list(backups.values())


def left(box_id: bytes) -> list[str]:
    """Those that nobody has said to be deleted, in the order in which they were made."""
    return [backup.name for backup in listed(box_id) if backup.gone_at is None]


def say_gone(box_id: bytes, name: str, *, by: str) -> None:
    """Somebody says that this backup is deleted, wherever it was kept. Raises NotFound for one that is not listed,
    Conflict for one that lies where it was made."""
    if name not in left(box_id):
        raise NotFound(_("%(name)s: 이 투표의 백업 목록에 없어요.", name=name))
    if Path(name).exists():
        raise Conflict(_("%(name)s: 아직 그대로 있어요. 먼저 지워 주세요.", name=name))
    _append(box_id, {"gone": name, "at": stamp(clock.now()), "by": by})


def _lines(box_id: bytes) -> list[dict]:
    path = keyring.beside_keys(box_id, SUFFIX)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _append(box_id: bytes, line: dict) -> None:
    path = keyring.beside_keys(box_id, SUFFIX)
    keyring.make_file(path, b"")
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
