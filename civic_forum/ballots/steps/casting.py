"""Casting a ballot inside the caller's `work.plain_transaction`, after `locking.take_lock`.

Whatever is refused rolls everything back, so that nobody is marked as having voted without a ballot in the box.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from secrets import token_bytes

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Refusal, Unavailable
from civic_forum.kernel.i18n import _

from .. import keyring, refusals
from ..models import Cast, Participation
from ..queries import boxes, casts
from ..rules.boxes import BoxStage, Channel, stage_of
from ..rules.choices import NotAccepted
from ..rules.log import leaf_hash
from ..rules.receipts import Receipt
from ..rules.sealing import FORM_KEY_BYTES, BoxKeys, CastKind, Damaged

PAPER = (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED)


@dataclass(frozen=True, slots=True)
class CastForm:
    """What a ballot form sends. The form key is new at every opening of the page."""

    fingerprint: bytes
    form_key: bytes
    revision: int
    """The newest one when the page was opened; 0: none."""
    choice: bytes
    """Canonical (`rules.choices`)."""


def cast(box_id: bytes, person: bytes, form: CastForm, channel: Channel, *, at: datetime) -> Receipt:
    """Put a ballot into the box, or give the receipt again of one that is in it.

    `at` is what `locking.take_lock` returned; `channel` is online or assisted. Raises a Refusal with what to do:
    409 closed, not yet open, another form, on paper, changed elsewhere; 403 not in the roll; 422 a choice that is
    none; 503 a key is lost.
    """
    if channel in PAPER:
        raise ValueError("paper is issued, not cast")
    facts = boxes.facts(box_id, person)
    against = why_not_now(facts, at)
    if against and facts.erased_at:
        raise against
    if form.fingerprint != facts.fingerprint:
        raise refusals.AnotherForm()
    _check(facts, form)
    keys = keyring.box_keys(box_id, facts.key_sha256)
    row_key = keys.row_key(box_id, person)
    cast_id = keys.cast_id(row_key, form.form_key)
    if against:
        return _repeated_only(facts, keys, row_key, cast_id, form, against)
    before = hold_participation(box_id, row_key, channel)
    if before in PAPER:
        raise refusals.OnPaper()
    if before is not None and (receipt := _repeated(facts, keys, cast_id, form)):
        return receipt
    newest = casts.latest_revision(box_id, row_key) if before else 0
    if form.revision != newest:
        raise refusals.ChangedElsewhere()
    receipt = _insert(facts, keys, casts.Opened(cast_id, row_key, newest + 1, CastKind.BALLOT, form.choice))
    if before not in (None, channel):
        set_channel(box_id, row_key, channel)
    return receipt


def why_not_now(facts: boxes.Facts, at: datetime) -> Refusal | None:
    """What stands against a new ballot of this person at this moment."""
    stage = stage_of(facts, at)
    if stage.reached(BoxStage.CLOSED):
        return refusals.CastingOver(at)
    if stage is not BoxStage.OPEN:
        return refusals.NotYetOpen()
    if facts.struck:
        return refusals.StruckFromRoll()
    return None if facts.in_roll else refusals.NotInRoll()


def hold_participation(box_id: bytes, row_key: bytes, channel: Channel) -> Channel | None:
    """Insert a participation, or lock the one that is there until the transaction ends.

    Returns the channel that stood there, None where it is new (and nothing can have been cast). Paper issuing
    calls it too, with `Channel.PAPER_ISSUED`.
    """
    connection = db.session.connection()
    insert = _new_participation(connection.dialect.name)
    values = {"box_id": box_id, "row_key": row_key, "channel": channel, "paper_number": None}
    while not connection.execute(insert, values).rowcount:
        held = connection.execute(_held_participation(), {"box": box_id, "row": row_key}).scalar_one_or_none()
        if held is not None:  # else it was deleted in between: an unused paper was taken back
            return held
    return None


def set_channel(box_id: bytes, row_key: bytes, channel: Channel, paper_number: int | None = None) -> None:
    """Say how a person takes part from now on; the caller holds the participation."""
    db.session.connection().execute(_channel(), {"box": box_id, "row": row_key, "new_channel": channel,
                                                 "new_number": paper_number})


def withdraw(box_id: bytes, row_key: bytes) -> bool:
    """Take back the online ballot of a row key as its next revision: the person gets paper.

    The caller holds the box's lock and the participation. Returns whether there was a ballot to withdraw: False
    where nothing was ever cast, and where it was withdrawn before.
    """
    newest = casts.latest(box_id, row_key)
    if newest is None:
        return False
    keys = keyring.box_keys(box_id)
    if _opened(box_id, newest, keys).kind is CastKind.WITHDRAWAL:
        return False
    nothing = boxes.rule_of(boxes.by_id(box_id)).no_choice()
    cast_id = keys.cast_id(row_key, token_bytes(FORM_KEY_BYTES))
    _write(box_id, keys, casts.Opened(cast_id, row_key, newest.revision + 1, CastKind.WITHDRAWAL, nothing))
    return True


def _check(facts: boxes.Facts, form: CastForm) -> None:
    try:
        facts.rule.check(form.choice)
    except NotAccepted as wrong:
        raise refusals.not_accepted(wrong, facts.rule) from wrong
    if len(form.form_key) != FORM_KEY_BYTES:
        raise refusals.AnotherForm()


def _repeated_only(facts: boxes.Facts, keys: BoxKeys, row_key: bytes, cast_id: bytes, form: CastForm,
                   against: Refusal) -> Receipt:
    """Nothing new goes in, but a ballot that is in keeps its receipt; raises `against` for any other."""
    channel = casts.channel_of(facts.id, row_key)
    receipt = None if channel is None or channel in PAPER else _repeated(facts, keys, cast_id, form)
    if receipt is None:
        raise against
    return receipt


def _repeated(facts: boxes.Facts, keys: BoxKeys, cast_id: bytes, form: CastForm) -> Receipt | None:
    """The first receipt again where this form was cast before with the same choice."""
    known = casts.by_id(facts.id, cast_id)
    if known is None:
        return None
    first = _opened(facts.id, known, keys)
    if (first.kind, first.choice) != (CastKind.BALLOT, form.choice):
        raise refusals.SentAlready()
    return _receipt(facts, keys, first)


def _opened(box_id: bytes, known: casts.Sealed, keys: BoxKeys) -> casts.Opened:
    try:
        return casts.open_one(box_id, known, keys)
    except Damaged as damage:
        raise Unavailable(_("봉인된 투표지를 열 수 없어요. 구청에 바로 알려 주세요.")) from damage


def _insert(facts: boxes.Facts, keys: BoxKeys, ballot: casts.Opened) -> Receipt:
    receipt = _receipt(facts, keys, ballot)
    _write(facts.id, keys, ballot)
    return receipt


def _write(box_id: bytes, keys: BoxKeys, row: casts.Opened) -> None:
    sealed = keys.seal(row.kind, row.choice, box=box_id, cast_id=row.cast_id, row_key=row.row_key,
                       revision=row.revision)
    db.session.connection().execute(_new_cast(), {"box_id": box_id, "cast_id": row.cast_id, "row_key": row.row_key,
                                                  "revision": row.revision, "sealed": sealed})


def _receipt(facts: boxes.Facts, keys: BoxKeys, ballot: casts.Opened) -> Receipt:
    _type, entry = casts.entry_of(facts.fingerprint, ballot, keys)
    return Receipt.issue(keyring.signing_seed(), facts.fingerprint, leaf_hash(entry))


@lru_cache(maxsize=2)
def _new_participation(dialect: str) -> sa.Insert:
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(Participation.__table__)
    nothing_twice = insert.on_conflict_do_nothing(index_elements=["box_id", "row_key"])
    return nothing_twice.execution_options(preserve_rowcount=True)


@lru_cache(maxsize=1)
def _held_participation() -> sa.Select:
    return sa.select(Participation.__table__.c.channel).where(*_this_participation()).with_for_update()


@lru_cache(maxsize=1)
def _channel() -> sa.Update:
    return sa.update(Participation.__table__).where(*_this_participation()).values(
        channel=sa.bindparam("new_channel"), paper_number=sa.bindparam("new_number"))


def _this_participation() -> tuple:
    columns = Participation.__table__.c
    return columns.box_id == sa.bindparam("box"), columns.row_key == sa.bindparam("row")


@lru_cache(maxsize=1)
def _new_cast() -> sa.Insert:
    return sa.insert(Cast.__table__)
