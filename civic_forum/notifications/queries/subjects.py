"""Subjects of notices, as their reader may see them now: what was hidden, given back or deleted has no title."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Ref, Told
from civic_forum.platform.base import db

from .. import labels


def titles(abouts: Iterable[str], reader_id: int) -> dict[str, str]:
    """`proposal:12` → its title; what is not in it cannot be seen by this reader, or has no title. One statement."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for ref in map(Ref.read, abouts):
        if ref is not None:
            wanted[ref.kind].append(ref.id)
    asked = [told.titles(wanted[kind.name], reader_id) for kind, told in kinds.having(Told) if kind.name in wanted]
    if not asked:
        return {}
    return {str(Ref(kind, number)): title for kind, number, title in db.session.execute(sa.union_all(*asked)) if title}


def has_title(about: str) -> bool:
    """True if it is of a kind of which notices are told; others are called as `labels.SUBJECT` says."""
    ref = Ref.read(about)
    kind = kinds.find(ref.kind) if ref is not None else None
    return kind is not None and kind.get(Told) is not None


def is_known(kind: str) -> bool:
    """True if something says what a thing of this kind is called."""
    found = kinds.find(kind)
    return (found is not None and found.get(Told) is not None) or kind in labels.SUBJECT
