"""The end of casting and the end of the log, inside the caller's use-case and under the box's lock held alone."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import sqlalchemy as sa

from civic_forum.platform.subprocess_call import with_pauses
from civic_forum.platform.base import db, insert_all
from civic_forum.platform.errors import Conflict, Unavailable
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..keys import keyring
from ..published import heads
from ..published import queries as log
from ..rules.log import canonical_json, instant, leaf_hash
from ..rules.signing import tracker
from . import additions_file, closing, closing_file, definition, ledger_file, voters, watching
from .sealing import EntryType, ballot_entry, objection_entry, paper_entry
from ..models import BallotBox, Head, LiveToken
from ..observing.models import Objection
from ..paper.models import PaperBatch
from ..models import LogLeaf as LeafRow
from ..record.editions import live_txt
from ..rules.signing import HeadKind
from .closing import Closing

ALARMS = logging.getLogger(__name__)
N_BYTES = 32
Entry = tuple[EntryType, bytes, bytes]
"""Type, entry and hash of a leaf."""


def close(box_id: bytes, at: datetime) -> BallotBox | None:
    """Close a box now, whatever its tables and its ledger hold; only what lies outside them delays it: a key or a
    definition that is lost, a full disk.

    `at` is what `locking.take_lock_alone` returned. Whether it is time is for the caller to know. Returns the box,
    or None where its closing head is signed. Delayed, it has `closed_at` and no closing head: nothing is cast any more,
    and the same call goes on when what is missing is back. After the commit the caller calls `heads.keep`.
    """
    box = boxes.row_held(box_id)
    if box.opened_at is None:
        raise Conflict(_("아직 열리지 않은 투표예요."))
    if is_signed(box):
        return None
    if box.closed_at is None:
        box.closed_at = at
        db.session.flush()
    try:
        definition.put_back(box)
        keys = keyring.box_keys(box_id, box.key_sha256)
        heads.seed_of(box_id)
        added = additions_file.completed(box, keys, additions_file.read(box_id, keys))
        comparison = watching.found(box, keys, ledger_file.read(box_id, keys), added)
        grown = watching.grown(box, keys, added)
        of_additions = watching.additions_figures(box, added, grown)
        frozen = closing.close(closing_file.box_of(box, keys), comparison, grown=grown, figures=of_additions)
        closing_file.write(closing_file.box_of(box, keys), frozen)
    except Unavailable as trouble:
        ALARMS.critical("ALARM: the closing of box %s is delayed: %s", box_id.hex(), trouble)
        watching.publish(box, at, str(trouble))
        return box
    figures = comparison.figures() | watching.amiss(comparison, of_additions)
    watching.publish(box, at, figures=figures)
    if watching.sentence(figures):
        ALARMS.critical("ALARM: box %s was closed with %s", box_id.hex(), figures)
    tokens = _write_log(box, frozen)
    heads.sign(box, HeadKind.CLOSING, [leaf.hash for leaf in frozen.leaves], at,
               live=sha256(live_txt(tokens)).digest(), additions=frozen.grown.root if frozen.grown else None)
    return box


def is_signed(box: BallotBox) -> bool:
    """True once the closing head of this box is signed."""
    return _closing(box) is not None


def _closing(box: BallotBox) -> Head | None:
    """The newest head, from the closing on."""
    newest = heads.newest(box.id)
    return newest if newest is not None and newest.number >= HeadKind.CLOSING.number else None


def can_bring_forward(box_id: bytes, fingerprint: bytes, head: dict[str, Any]) -> bool:
    """True if the file that was frozen for this kept closing head lies beside the keys."""
    return (head["kind"] == HeadKind.CLOSING and head["fingerprint"] == fingerprint.hex()
            and closing_file.is_there(box_id, fingerprint, bytes.fromhex(head["root"])))


def bring_forward(box_id: bytes, head: dict[str, Any]) -> None:
    """Close a box that was put back to before its close as it was closed: the very leaves and the very head that were
    shown. Raises Unavailable where what was frozen is lost."""
    box = boxes.held(box_id, put_back=True)
    frozen = closing_file.of_root(box, bytes.fromhex(head["root"]))
    at = instant(head["at"])
    box.closed_at = box.closed_at or at
    db.session.flush()
    _write_log(box, frozen)
    db.session.add(Head(box_id=box_id, number=head["number"], kind=head["kind"], size=head["size"], at=at,
                        root=bytes.fromhex(head["root"]), live_sha256=bytes.fromhex(head["live_sha256"]),
                        additions_root=bytes.fromhex(head["additions_root"]),
                        public_key=bytes.fromhex(head["public_key"]), signature=bytes.fromhex(head["signature"])))


def finish(box_id: bytes, at: datetime) -> BallotBox | None:
    """Put the settled paper batches and the objections lodged so far into the log and sign the final head. From then on
    no row of a voter leads to a ballot.

    Returns the box, or None where it was finished before. Raises Conflict where the box is not closed, the last
    moment for paper has not come, or a batch is not settled. After the commit the caller calls `heads.keep`.
    """
    box = boxes.held(box_id, put_back=True)
    if box.finished_at is not None:
        return None
    closed = _closing(box)
    if box.closed_at is None or closed is None:
        raise Conflict(_("아직 끝나지 않은 투표예요."))
    if box.paper_until is not None and at < box.paper_until:
        raise Conflict(_("종이 투표지를 받는 기간이 아직 끝나지 않았어요."))
    keys = keyring.box_keys(box_id, box.key_sha256)
    added = additions_file.completed(box, keys, additions_file.read(box_id, keys))
    comparison = watching.found(box, keys, ledger_file.read(box_id, keys), added)
    if changed := closing.changed_since(closing_file.read(box), comparison):
        ALARMS.critical("ALARM: %s rows of box %s changed after the close", len(changed), box_id.hex())
        watching.publish(box, at, _("마감한 뒤에 투표함의 줄이 %(number)s개 바뀌었어요. 마감할 때 적어 둔 것으로 세니 결과는 바뀌지 않아요.",
                                    number=len(changed)))
    hashes = log.leaf_hashes(box_id)
    new = [*_from_batches(box, len(hashes))]
    new += _from_objections(box, len(hashes) + len(new), at)
    _append(box_id, len(hashes), new)
    heads.sign(box, HeadKind.FINAL, [*hashes, *(leaf for _type, _entry, leaf in new)], at,
               live=closed.live_sha256, additions=closed.additions_root)
    voters.replace_all(box_id, keys, {key: voter.emptied() for key, voter in comparison.voters.items()})
    box.finished_at = at
    return box


def rebuild(box_id: bytes, at: datetime) -> bool:
    """Write the ballot leaves of a closed box again where the table is not what the closing head was signed for; False
    where it is. Raises Unavailable where the closing itself is lost."""
    box = boxes.held(box_id)
    frozen = closing_file.read(box)
    expected = [leaf.hash for leaf in frozen.leaves]
    if log.leaf_hashes(box_id, len(expected)) == expected:
        return False
    db.session.execute(sa.delete(LeafRow).where(LeafRow.box_id == box_id, LeafRow.number < len(expected)))
    _append(box_id, 0, _ballots(box.fingerprint, frozen))
    ALARMS.critical("ALARM: leaves of box %s were lost; they are written again", box_id.hex())
    watching.publish(box, at, _("공개 기록부에서 없어진 줄이 있어서 마감할 때 적어 둔 것으로 다시 채웠어요."))
    return True


def _write_log(box: BallotBox, frozen: Closing) -> list[bytes]:
    """Ballot leaves and tokens, in place of what somebody wrote there before; returns the tokens."""
    tokens = frozen.tokens(box.fingerprint)
    for table in (LeafRow, LiveToken):
        db.session.execute(sa.delete(table).where(table.box_id == box.id))
    _append(box.id, 0, _ballots(box.fingerprint, frozen))
    insert_all(LiveToken, ("box_id", "token"), ((box.id, token) for token in tokens))
    return tokens


def _ballots(fingerprint: bytes, frozen: Closing) -> Iterator[Entry]:
    return ((EntryType.BALLOT, ballot_entry(fingerprint, leaf.mark, leaf.commitment), leaf.hash)
            for leaf in frozen.leaves)


def _from_batches(box: BallotBox, size: int) -> Iterator[Entry]:
    """By number. Their random numbers are drawn here, unless settling did."""
    batches = db.session.scalars(sa.select(PaperBatch).filter_by(box_id=box.id).order_by(PaperBatch.number)
                                 .with_for_update().execution_options(populate_existing=True)).all()
    for place, batch in enumerate(batches, 1):
        if batch.settled_at is None:
            raise Conflict(_("아직 입력이 끝나지 않은 종이 묶음이 있어요: %(number)s번", number=batch.number))
        batch.n, batch.n2 = batch.n or token_bytes(N_BYTES), batch.n2 or token_bytes(N_BYTES)
        batch.leaf_number = size + place - 1
        entry = paper_entry(box.fingerprint, batch.n, canonical_json(batch.as_logged(place, box.format)), batch.n2,
                            [batch.choices or b""])
        yield EntryType.PAPER, entry, leaf_hash(entry)


def _from_objections(box: BallotBox, size: int, at: datetime) -> Iterator[Entry]:
    """In the order in which they were lodged; a later one stands on the page only."""
    lodged = db.session.scalars(sa.select(Objection).filter_by(box_id=box.id).where(Objection.lodged_at <= at)
                                .order_by(Objection.id).with_for_update(key_share=True)
                                .execution_options(populate_existing=True)).all()
    for number, objection in enumerate(lodged, size):
        objection.n = objection.n or token_bytes(N_BYTES)
        objection.leaf_number = number
        entry = objection_entry(box.fingerprint, objection.n, canonical_json(objection.as_logged()))
        yield EntryType.OBJECTION, entry, leaf_hash(entry)


def _append(box_id: bytes, size: int, new: Iterable[Entry]) -> None:
    insert_all(LeafRow, ("box_id", "number", "type", "entry", "hash", "tracker"), (
        (box_id, number, kind.value, entry, leaf, tracker(leaf))
        for number, (kind, entry, leaf) in enumerate(with_pauses(new), size)))
