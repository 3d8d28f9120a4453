"""K of each consultation, `<keys>/opinions/<id>.key`: made at the announcement, read at every use, in no backup."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_bytes

from flask import current_app

from civic_forum.ballots.keys import keyring
from civic_forum.platform.errors import Conflict, Unavailable
from civic_forum.platform.i18n import _

from .sealing import KEY_BYTES, Keys

DESTROYED = ".destroyed.json"


def make(consultation_id: int) -> None:
    """Make K unless it is there. Raises Conflict where one of this number was destroyed, Unavailable."""
    if os.path.exists(_name(consultation_id, DESTROYED)):
        raise Conflict(_("이 번호의 질문은 열쇠를 이미 없앴어요. 이 질문을 복사해서 알려 주세요."))
    keyring.make_file(Path(_name(consultation_id)), token_bytes(KEY_BYTES))


def keys(consultation_id: int) -> Keys:
    """Subkeys of K, for the work at hand. Raises Unavailable where it is lost or destroyed."""
    if not is_there(consultation_id):
        raise Unavailable(lost())
    with open(_name(consultation_id), "rb", buffering=0) as file:
        return Keys(file.read(), consultation_id)


def lost() -> str:
    return _("이 질문의 열쇠를 찾을 수 없어서 지금은 답을 받거나 볼 수 없어요. 구청에 알려 주세요.")


def is_there(consultation_id: int) -> bool:
    """Plain text is quicker than Path, and every page asks."""
    with suppress(OSError):
        return os.stat(_name(consultation_id)).st_size == KEY_BYTES
    return False


def destroy(consultation_id: int, at: datetime) -> None:
    """Overwrite and delete K, and leave a tombstone; repeating it changes nothing."""
    path, tombstone = Path(_name(consultation_id)), Path(_name(consultation_id, DESTROYED))
    keyring.make_file(tombstone, json.dumps({"format": 1, "consultation": consultation_id,
                                             "at": at.isoformat()}).encode())
    keyring.overwrite([*path.parent.glob(path.name), *path.parent.glob(f".{path.name}.*")])


def destroyed() -> Iterator[int]:
    """Consultations whose K was destroyed: no database may hold their rows again."""
    for path in (Path(current_app.config["KEYS"]) / "opinions").glob(f"*{DESTROYED}"):
        yield int(path.name.removesuffix(DESTROYED))


def _name(consultation_id: int, suffix: str = ".key") -> str:
    return f"{current_app.config['KEYS']}/opinions/{consultation_id}{suffix}"
