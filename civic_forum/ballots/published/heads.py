"""Signed heads of the log: opening (0), closing (1), final (2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _

from ..box import definition
from ..keys import keyring
from ..models import BallotBox, Head
from ..rules import signing
from ..rules import log as tree
from ..rules.log import FORMAT, stamp
from ..rules.signing import HeadKind


def sign(box: BallotBox, kind: HeadKind, leaf_hashes: Sequence[bytes], at: datetime, *,
         live: bytes = signing.ZEROS) -> Head:
    """Sign a head of this box inside the caller's transaction; `keep` it after the commit. `live`: SHA-256 of live.txt.

    The instant is in whole seconds, and never before that of the head before it, whatever the clock does.
    """
    before = newest(box.id)
    if (before.number if before else -1) != kind.number - 1:
        raise Conflict(_("이 기록 확인값은 이미 서명했거나 아직 서명할 때가 아니에요."))
    at = at.replace(microsecond=0)
    if before is not None:
        at = max(at, before.at)
    size, root = len(leaf_hashes), tree.root(leaf_hashes)
    public_key, signature = signing.signed(
        keyring.signing_seed(), signing.head(box.fingerprint, kind, size, root, at, live=live))
    head = Head(box_id=box.id, number=kind.number, kind=kind.value, size=size, root=root, live_sha256=live, at=at,
                public_key=public_key, signature=signature)
    db.session.add(head)
    db.session.flush()
    return head


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
    return {"additions_root": signing.ZEROS.hex(), "at": stamp(head.at), "fingerprint": fingerprint.hex(),
            "format": FORMAT, "kind": str(head.kind), "live_sha256": head.live_sha256.hex(), "number": head.number,
            "public_key": head.public_key.hex(), "root": head.root.hex(), "signature": head.signature.hex(),
            "size": head.size}


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
