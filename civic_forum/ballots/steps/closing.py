"""The end of casting and the end of the log, inside the caller's use-case and under the box's lock held alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from secrets import token_bytes
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, Unavailable
from civic_forum.kernel.i18n import _

from .. import heads, keyring, log_texts
from ..models import BallotBox, Leaf, Objection, PaperBatch
from ..queries import boxes, casts, log
from ..rules.encoding import canonical_json
from ..rules.log import EntryType, leaf_hash, objection_entry, paper_entry
from ..rules.receipts import tracker
from ..rules.sealing import Damaged
from ..rules.signing import HeadKind

AT_ONCE = 1_000
N_BYTES = 32


class NewLeaf(NamedTuple):
    """An entry before it has its number in the log."""

    hash: bytes
    type: EntryType
    entry: bytes


def close(box_id: bytes, at: datetime) -> BallotBox | None:
    """Close a box now: every cast becomes a leaf, all in one batch in the order of their hashes.

    `at` is what `locking.take_lock_alone` returned. Whether it is time is for the caller to know. Returns the box,
    or None where it was closed before. After the commit the caller calls `heads.keep`. Raises Unavailable where K is
    lost or a row damaged; then nothing changes and no ballot is taken any more all the same.
    """
    box = boxes.held(box_id)
    if box.opened_at is None:
        raise Conflict(_("아직 열리지 않은 투표예요."))
    if box.closed_at is not None:
        return None
    box.closed_at = at
    new = _from_casts(box)
    _append(box_id, 0, new)
    heads.sign(box, HeadKind.CLOSING, [leaf.hash for leaf in new], at)
    return box


def finish(box_id: bytes, at: datetime) -> BallotBox | None:
    """Put the settled paper batches and the objections lodged so far into the log and sign the final head.

    Returns the box, or None where it was finished before. Raises Conflict where the box is not closed, the last
    moment for paper has not come, or a batch is not settled. After the commit the caller calls `heads.keep`.
    """
    box = boxes.held(box_id)
    if box.finished_at is not None:
        return None
    if box.closed_at is None:
        raise Conflict(_("아직 끝나지 않은 투표예요."))
    if box.paper_until is not None and at < box.paper_until:
        raise Conflict(_("종이 투표지를 받는 기간이 아직 끝나지 않았어요."))
    hashes = log.leaf_hashes(box_id)
    new = [*_from_batches(box, len(hashes))]
    new += _from_objections(box, len(hashes) + len(new), at)
    _append(box_id, len(hashes), new)
    heads.sign(box, HeadKind.FINAL, hashes + [leaf.hash for leaf in new], at)
    box.finished_at = at
    return box


def _from_casts(box: BallotBox) -> list[NewLeaf]:
    """Sorted by leaf hash, so that the log tells neither the day nor the order of voting."""
    keys = keyring.box_keys(box.id, box.key_sha256)
    new = []
    try:
        for cast in casts.opened(box.id, keys):
            kind, entry = casts.entry_of(box.fingerprint, cast, keys)
            new.append(NewLeaf(leaf_hash(entry), kind, entry))
    except Damaged as damage:
        raise Unavailable(_("봉인된 투표지를 열 수 없어요. 구청에 바로 알려 주세요.")) from damage
    new.sort()
    return new


def _from_batches(box: BallotBox, size: int) -> Iterator[NewLeaf]:
    """By number. Their random numbers are drawn here, unless settling did."""
    batches = db.session.scalars(sa.select(PaperBatch).filter_by(box_id=box.id).order_by(PaperBatch.number)
                                 .with_for_update().execution_options(populate_existing=True)).all()
    for number, batch in enumerate(batches, size):
        if batch.settled_at is None:
            raise Conflict(_("아직 입력이 끝나지 않은 종이 묶음이 있어요: %(number)s번", number=batch.number))
        batch.n, batch.n2 = batch.n or token_bytes(N_BYTES), batch.n2 or token_bytes(N_BYTES)
        batch.leaf_number = number
        entry = paper_entry(box.fingerprint, batch.n, canonical_json(log_texts.figures(batch)), batch.n2,
                            [batch.choices or b""])
        yield NewLeaf(leaf_hash(entry), EntryType.PAPER, entry)


def _from_objections(box: BallotBox, size: int, at: datetime) -> Iterator[NewLeaf]:
    """In the order in which they were lodged; a later one stands on the page only."""
    lodged = db.session.scalars(sa.select(Objection).filter_by(box_id=box.id).where(Objection.lodged_at <= at)
                                .order_by(Objection.id).with_for_update(key_share=True)
                                .execution_options(populate_existing=True)).all()
    for number, objection in enumerate(lodged, size):
        objection.n = objection.n or token_bytes(N_BYTES)
        objection.leaf_number = number
        entry = objection_entry(box.fingerprint, objection.n, canonical_json(log_texts.objection(objection)))
        yield NewLeaf(leaf_hash(entry), EntryType.OBJECTION, entry)


def _append(box_id: bytes, size: int, new: Iterable[NewLeaf]) -> None:
    numbered = enumerate(new, size)
    while chunk := list(islice(numbered, AT_ONCE)):
        db.session.connection().execute(sa.insert(Leaf.__table__), [
            {"box_id": box_id, "number": number, "type": leaf.type, "entry": leaf.entry, "hash": leaf.hash,
             "tracker": tracker(leaf.hash)} for number, leaf in chunk])
