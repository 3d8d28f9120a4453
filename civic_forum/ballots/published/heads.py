"""Signed heads of the log: opening (0), closing (1), final (2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.platform.base import db, store
from civic_forum.platform.errors import Conflict, Unavailable
from civic_forum.platform.i18n import _

from ..box import definition
from ..keys import keyring
from ..models import BallotBox, Head
from ..rules import signing
from ..rules import log as tree
from ..rules.log import KEPT_FORMAT, stamp
from ..rules.signing import HeadKind


def sign(box: BallotBox, kind: HeadKind, leaf_hashes: Sequence[bytes], at: datetime, *,
         live: bytes = signing.ZEROS, additions: bytes | None = None) -> Head:
    """Sign a head of this box inside the caller's transaction; `keep` it after the commit. `live`: SHA-256 of live.txt;
    `additions`: root of the additions to a roll that grows.

    The instant is in whole seconds, and never before that of the head before it, whatever the clock does.
    """
    before = newest(box.id)
    if (before.number if before else -1) != kind.number - 1:
        raise Conflict(_("이 기록 확인값은 이미 서명했거나 아직 서명할 때가 아니에요."))
    at = at.replace(microsecond=0)
    if before is not None:
        at = max(at, before.at)
    size, root, added = len(leaf_hashes), tree.root(leaf_hashes), additions or signing.ZEROS
    public_key, signature = signing.signed(
        seed_of(box.id), signing.head(box.fingerprint, kind, size, root, at, live=live, additions=added))
    return store(db.session, Head(box_id=box.id, number=kind.number, kind=kind.value, size=size, root=root,
                                  live_sha256=live, additions_root=added, at=at, public_key=public_key,
                                  signature=signature))


def seed_of(box_id: bytes) -> bytes:
    """The seed of the key that signs for this box: of the one with which it was opened, the newest before that. Raises
    Unavailable where it is lost."""
    return keyring.signing_seed(db.session.scalar(sa.select(Head.public_key).filter_by(
        box_id=box_id, number=HeadKind.OPENING.number)))


def signer(box_id: bytes) -> str:
    """Fingerprint of that key."""
    return signing.key_fingerprint(signing.public_key(seed_of(box_id)))


class Signer(NamedTuple):
    """An earlier signing key, by which whoever kept a receipt or a record knows the site."""

    fingerprint: str
    since: datetime
    until: datetime


def earlier_signers() -> list[Signer]:
    """Keys that signed heads and are no longer the newest, the latest first; nothing is asked where there is one."""
    if len(keyring.signing_numbers()) < 2:
        return []
    newest_one = signing.public_key(keyring.signing_seed())
    rows = db.session.execute(sa.select(Head.public_key, sa.func.min(Head.at), sa.func.max(Head.at)).group_by(
        Head.public_key).order_by(sa.func.max(Head.at).desc(), Head.public_key))
    return [Signer(signing.key_fingerprint(key), since, until) for key, since, until in rows if key != newest_one]


def refuse_other_signer() -> None:
    """Raises Unavailable where a vote is under way that was opened with another key than the newest: its receipts would
    not fit it."""
    public_keys = set(db.session.scalars(sa.select(Head.public_key).join(BallotBox, BallotBox.id == Head.box_id).where(
        Head.number == HeadKind.OPENING.number, BallotBox.closed_at.is_(None))))
    try:
        newest_one = signing.public_key(keyring.signing_seed()) if public_keys else None
    except Unavailable:
        return  # the site says so where ballots are cast
    if public_keys - {newest_one}:
        raise Unavailable(_("열려 있는 투표를 시작할 때 쓴 서명 열쇠가 가장 새로운 열쇠가 아니에요. 열쇠 보관함의 복사본을 되돌려 놓으세요."))


def of_box(box_id: bytes) -> list[Head]:
    """All heads of a box in their order."""
    return list(db.session.scalars(sa.select(Head).filter_by(box_id=box_id).order_by(Head.number)))


def closing(box_id: bytes) -> Head:
    """The closing head of a box that has one."""
    return db.session.get_one(Head, (box_id, HeadKind.CLOSING.number))


def newest(box_id: bytes) -> Head | None:
    return db.session.scalar(sa.select(Head).filter_by(box_id=box_id).order_by(Head.number.desc()).limit(1))


def to_json(head: Head, fingerprint: bytes) -> dict:
    """A head as people keep it (`verifier/FORMAT.md`)."""
    return {"additions_root": (head.additions_root or signing.ZEROS).hex(), "at": stamp(head.at),
            "fingerprint": fingerprint.hex(), "format": KEPT_FORMAT, "kind": str(head.kind),
            "live_sha256": head.live_sha256.hex(), "number": head.number, "public_key": head.public_key.hex(),
            "root": head.root.hex(), "signature": head.signature.hex(), "size": head.size}


def keep(box_id: bytes) -> None:
    """Keep the newest head of a box beside the keys: after its commit and before anybody is shown it.

    Repeating it does nothing, so whatever shows heads calls it and heals a crash between commit and keeping.
    """
    head = newest(box_id)
    kept = keyring.last_head(box_id)
    if head is not None and (kept is None or kept["number"] < head.number):
        box = db.session.get(BallotBox, box_id)
        if kept is None:
            definition.keep(box)
        keyring.keep_head(box_id, to_json(head, box.fingerprint))


def ahead_of_database() -> Iterator[tuple[bytes, dict]]:
    """Boxes of which a head was shown that this database does not have: it is behind, or was altered."""
    for box_id, kept in keyring.kept_heads():
        head = db.session.get(Head, (box_id, kept["number"]), populate_existing=True)
        if head is None or (head.root.hex(), head.signature.hex()) != (kept["root"], kept["signature"]):
            yield box_id, kept
