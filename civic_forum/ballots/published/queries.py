"""The public log of a box: its leaves, heads, and proofs that anyone can check."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid, NotFound, Unavailable, existing
from civic_forum.platform.i18n import _

from ..models import BallotBox, Head, LogLeaf
from ..rules.log import Tree
from . import heads

AT_ONCE = 1_000
TREES_KEPT = 6
"""Of 50,000 leaves each takes about 9 MB."""


def leaves(box_id: bytes, since: int = 0) -> Iterator[sa.Row]:
    """Rows (number, type, entry, hash, tracker) in log order. A thousand are fetched at a time, each by a statement of
    its own: nothing is being read while the caller works, however long that takes."""
    columns = LogLeaf.__table__.c
    statement = (sa.select(columns.number, columns.type, columns.entry, columns.hash, columns.tracker)
                 .where(columns.box_id == box_id).order_by(columns.number).limit(AT_ONCE))
    while some := db.session.execute(statement.where(columns.number >= since)).all():
        yield from some
        since = some[-1].number + 1


def leaf_hashes(box_id: bytes, size: int | None = None) -> list[bytes]:
    """Of the first `size` leaves, or of all."""
    columns = LogLeaf.__table__.c
    statement = sa.select(columns.hash).where(columns.box_id == box_id).order_by(columns.number)
    if size is not None:
        statement = statement.where(columns.number < size)
    return list(db.session.scalars(statement))


def by_tracker(typed: str) -> Sequence[sa.Row]:
    """Leaves with this short form (box_id, fingerprint, number, hash, type), in boxes whose closing head is signed.
    Nearly always one or none."""
    return db.session.execute(
        sa.select(LogLeaf.box_id, BallotBox.fingerprint, LogLeaf.number, LogLeaf.hash, LogLeaf.type)
        .join(BallotBox, BallotBox.id == LogLeaf.box_id).where(LogLeaf.tracker == typed)
        .order_by(LogLeaf.box_id, LogLeaf.number)).all()


def inclusion(box_id: bytes, number: int) -> dict:
    """JSON of the proof that leaf `number` is in the log under its newest head. Raises NotFound."""
    head, fingerprint = _newest(box_id)
    if not 0 <= number < head.size:
        raise NotFound(_("공개 기록부에 그런 번호는 없어요."))
    tree = _tree(box_id, head.size, head.root)
    entry = db.session.scalar(sa.select(LogLeaf.entry).filter_by(box_id=box_id, number=number))
    return {"format": 2, "kind": "inclusion", "fingerprint": fingerprint.hex(), "leaf": tree.leaf(number).hex(),
            "entry": entry.hex(), "number": number, "size": head.size,
            "proof": [node.hex() for node in tree.inclusion_proof(number)], "head": heads.to_json(head, fingerprint)}


def consistency(box_id: bytes, old: int, new: int) -> dict:
    """JSON of the proof that the log of size `new` begins with that of size `old`. Raises NotFound and Invalid."""
    head, fingerprint = _newest(box_id)
    if not 0 <= old <= new <= head.size:
        raise Invalid(_("공개 기록부의 크기를 다시 확인해 주세요. 0부터 %(size)s까지이고, 앞의 것이 더 클 수 없어요.",
                        size=head.size))
    tree = _tree(box_id, head.size, head.root)
    return {"format": 2, "kind": "consistency", "fingerprint": fingerprint.hex(), "old": old, "new": new,
            "proof": [node.hex() for node in tree.shrunk(new).consistency_proof(old)]}


def heads_json(box_id: bytes) -> list[dict]:
    """All heads, each with the proof that the log of the head before is its beginning."""
    signed = heads.of_box(box_id)
    if not signed:
        return []
    heads.keep(box_id)
    fingerprint = db.session.scalar(sa.select(BallotBox.fingerprint).filter_by(id=box_id))
    tree = _tree(box_id, signed[-1].size, signed[-1].root)
    sizes = [0, *(head.size for head in signed)]
    return [heads.to_json(head, fingerprint)
            | {"consistency": [node.hex() for node in tree.shrunk(head.size).consistency_proof(before)]}
            for head, before in zip(signed, sizes, strict=False)]


def _newest(box_id: bytes) -> tuple[Head, bytes]:
    head = existing(heads.newest(box_id), lambda: NotFound(_("아직 공개 기록부가 없어요. 투표가 시작되면 생겨요.")))
    heads.keep(box_id)
    return head, db.session.scalar(sa.select(BallotBox.fingerprint).filter_by(id=box_id))


class _KeptTree(Tree):
    """A tree whose root was signed, and smaller ones that were its beginnings."""

    def __init__(self, leaf_hashes: list[bytes]):
        super().__init__(leaf_hashes)
        self.leaf = leaf_hashes.__getitem__
        self.shrunk = lru_cache(maxsize=2)(lambda size: self if size == self.size else Tree(leaf_hashes[:size]))


@lru_cache(maxsize=TREES_KEPT)
def _tree(box_id: bytes, size: int, root: bytes) -> _KeptTree:
    """The log never changes, so its nodes are kept; the signed root in the key says which log it is. Raises Unavailable
    where the leaves are no longer those that were signed."""
    tree = _KeptTree(leaf_hashes(box_id, size))
    if tree.root != root:
        raise Unavailable(_("공개 기록부가 서명된 기록 확인값과 달라요. 구청에 바로 알려 주세요."))
    return tree
