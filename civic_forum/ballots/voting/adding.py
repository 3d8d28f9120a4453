"""Adding somebody who was verified after the day of the roll, in the moment in which they come to vote."""

from collections.abc import Iterable

import sqlalchemy as sa

from civic_forum.accounts.queries import people
from civic_forum.platform import work
from civic_forum.platform.base import db

from .. import queries as boxes
from ..box import additions_file, locking
from ..box.definition import check
from ..keys import keyring
from ..rolls import queries as rolls
from ..rolls.rules import EntryState
from ..rules.boxes import BoxStage, stage_of

_ADD = sa.text("INSERT INTO roll_entry (roll_id, person, neighbourhood_id, salt, added, has_left, way, provider)"
               " VALUES (:roll_id, :person, :neighbourhood_id, :salt, true, false, :way, :provider)"
               " ON CONFLICT (roll_id, person) DO NOTHING")


def add(box_ids: Iterable[bytes], account_id: int) -> list[bytes]:
    """Add the person of an account to the rolls of those of these boxes to which they may be added now; returns the
    boxes that grow and have them on their roll now. Each in a transaction of its own, apart from the ballot: its number
    stands on their row of the roll. Raises Unavailable where the file beside the keys cannot be written; they are on
    the roll then."""
    return [box_id for box_id in box_ids if _add(box_id, account_id)]


def _add(box_id: bytes, account_id: int) -> bool:
    if not boxes.grows(boxes.required(box_id)):
        return False
    with work.unlogged_transaction():
        account = people.held_rows([account_id]).get(account_id)  # a desk that verifies them anew waits
        at = locking.take_lock(box_id)
        box = boxes.required(box_id)
        check(box)
        own = rolls.own_entry(box.roll, account) if account is not None and account.is_active else None
        if own is not None and own.state is EntryState.IN:
            return True  # added in this moment, by another window of theirs
        if own is None or own.state is not EntryState.MAY_BE_ADDED or stage_of(box, at) is not BoxStage.OPEN:
            return False
        keys = keyring.box_keys(box_id, box.key_sha256)
        way, provider = rolls.way_of(account_id)
        db.session.connection().execute(_ADD, {
            "roll_id": box.roll_id, "person": own.person, "neighbourhood_id": own.neighbourhood_id,
            "salt": keys.salt(box_id, own.person), "way": str(way), "provider": provider})
    additions_file.append(box_id, keys, [own.person])
    return True
