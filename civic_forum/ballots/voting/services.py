"""Casting as pages and the kiosk call it. No audit entry, event, mail or line in a log says that somebody voted."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from civic_forum.platform import clock, work
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, Refusal, TooMany
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..box import casting, ledger_file, locking
from ..box.casting import CastForm, Taken
from ..box.sealing import BoxKeys, Channel
from ..counting import closing
from ..desk import counts as desk_counts
from ..keys import keyring
from ..rules.signing import Receipt
from . import adding
from .refusals import CastingOver, NotInRoll

MOST_SENT, MOST_CHANGED = 200, 20
"""An hour: ballots sent, the same one again counted too, and ballots that changed something."""
HOUR_S = 3600


class Limiter:
    """Number of casts of each row key, in the memory of this process alone: never an address, a name. Counts by the
    hour; of the hour before as large a share counts as lies within the last sixty minutes."""

    def __init__(self, most: int):
        self._most, self._lock = most, threading.Lock()
        self._hour, self._now, self._before = -1, {}, {}

    def count(self, row_key: bytes, seconds: float) -> None:
        """Raises TooMany when there were too many within the last hour; a refused one counts as well."""
        hour, passed = divmod(seconds, HOUR_S)
        who = int.from_bytes(row_key[:8], "big")
        with self._lock:
            if hour != self._hour:
                self._before = self._now if hour == self._hour + 1 else {}
                self._hour, self._now = hour, {}
            times = self._now[who] = self._now.get(who, 0) + 1
            share = self._before.get(who, 0) * (1 - passed / HOUR_S)
        if times + share > self._most:
            raise TooMany(_("한 시간에 바꿀 수 있는 횟수를 넘었어요. 마지막에 낸 표는 그대로 있으니 나중에 다시 해 주세요."),
                          retry_after=max(1, int(HOUR_S - passed)))


sent, changed = Limiter(MOST_SENT), Limiter(MOST_CHANGED)


def cast(box_id: bytes, person: bytes, form: CastForm, channel: Channel) -> Receipt:
    """Cast in a transaction of its own; closes the box in another one when its time is over. Raises as
    `box.casting.cast`, TooMany after too many casts of one person within an hour, and Unavailable where the
    ledger cannot be written: the ballot is in the box then, and the same form sent again gives its receipt."""
    return cast_as(box_id, [person], form, channel)


def cast_as(box_id: bytes, persons: Sequence[bytes], form: CastForm, channel: Channel,
            account_id: int | None = None) -> Receipt:
    """Cast as the person who is in the roll: verified, or where the vote admits that, known by the account. `persons`
    are the keyed hashes of `identities.candidates`, at least one; `account_id`: of somebody who is added to a roll that
    grows if they may be. Raises what `cast` raises."""
    return cast_several({box_id: form}, persons, channel, account_id)[box_id]


def cast_several(forms: Mapping[bytes, CastForm], persons: Sequence[bytes], channel: Channel,
                 account_id: int | None = None) -> dict[bytes, Receipt]:
    """Cast into several boxes in one transaction: into all of them, or into none. A receipt for each box, in the order
    given; sent again it is the same receipts. `forms` are by box; `persons` and `account_id` as for `cast_as`, each box
    has a roll of its own. Boxes whose time is over are closed in transactions of their own. A Refusal is what `cast`
    raises; its `box_id` says which box did not take its ballot."""
    try:
        return _cast_several(forms, persons, channel, account_id)
    except NotInRoll:
        if account_id is None:
            raise
        _check(forms, persons[0], account_id)  # the roll was asked of one box; nobody is added by ballots that are none
        if not adding.add(forms, account_id):
            raise
    return _cast_several(forms, persons, channel, account_id)


def _cast_several(forms: Mapping[bytes, CastForm], persons: Sequence[bytes], channel: Channel,
                  account_id: int | None) -> dict[bytes, Receipt]:
    if not forms:
        raise ValueError("no ballot to cast")
    keys = {box_id: _keys(box_id) for box_id in forms}
    for box_id in forms:
        sent.count(keys[box_id].row_key(box_id, persons[0]), time.monotonic())
    try:
        with work.unlogged_transaction():
            at = locking.take_lock(*forms)
            # Rows and promises too are written in one order, so that nobody waits in a circle.
            taken = {box_id: _cast_one(box_id, persons, forms[box_id], channel, at, keys[box_id], account_id)
                     for box_id in sorted(forms, key=locking.lock_key)}
    except CastingOver:
        for box_id in forms:
            closing.close_if_due(box_id)
        raise
    return {box_id: acknowledged(box_id, taken[box_id]) for box_id in forms}


def _check(forms: Mapping[bytes, CastForm], person: bytes, account_id: int) -> None:
    for box_id, form in forms.items():
        with work.unlogged_transaction():
            try:
                facts = boxes.facts(box_id, person, account_id)
                casting.check(facts, form)
                if refusal := casting.why_bound(facts, keyring.box_keys(box_id), None):
                    raise refusal
            except Refusal as refusal:
                refusal.box_id = box_id
                raise


def acknowledged(box_id: bytes, taken: Taken) -> Receipt:
    """The receipt of a ballot whose transaction is committed, once the ledger names it."""
    ledger_file.append(box_id, [taken.written], taken.keys)
    if taken.bound:
        with work.unlogged_transaction():  # of its own: what counts a ballot shares no number with it
            desk_counts.add(box_id, None, clock.now(), bound=1)
    return taken.receipt


def _cast_one(box_id: bytes, persons: Sequence[bytes], form: CastForm, channel: Channel, at: datetime,
              keys: BoxKeys, account_id: int | None) -> Taken:
    """As the person who is in the roll: who is not leaves nothing behind, so the transaction goes on."""
    *others, last = persons
    try:
        for person in others:
            with suppress(NotInRoll):
                return _counted(casting.cast(box_id, person, form, channel, at=at, keys=keys, account_id=account_id))
        return _counted(casting.cast(box_id, last, form, channel, at=at, keys=keys, account_id=account_id))
    except Refusal as refusal:
        refusal.box_id = box_id
        raise


def _counted(taken: Taken) -> Taken:
    if taken.written.revision > 1 and not taken.again:
        changed.count(taken.written.row_key, time.monotonic())
    return taken


def _keys(box_id: bytes) -> BoxKeys:
    """Keys of the box; destroyed, the vote has long been over, and people are told so."""
    try:
        return keyring.box_keys(box_id)
    except Conflict as destroyed:
        raise CastingOver(database_now()) from destroyed
