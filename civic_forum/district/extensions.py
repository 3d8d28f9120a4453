"""Open work of a department, and what is of another entry, told by the features above: it moves to the successor of one
that is closed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.work import Work

from .models import Category, Closable
from .rules import DistrictList


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A kind of open work that stands on one entry."""

    label: object
    model: Any
    column: Any
    """Of the model: id of the department, or key of the category; a relationship to several entries."""
    list: DistrictList = DistrictList.DEPARTMENTS
    is_open: tuple[Any, ...]
    """Conditions; what is past stays where it was."""
    move: Callable[[Work, Any, Any], None] | None = None
    """(work, record, mark of the successor), where more follows than another id in the column."""

    def _open(self, mark: Any) -> tuple[Any, ...]:
        return (self.column.any(id=mark) if self._is_several else self.column == mark, *self.is_open)

    @property
    def _is_several(self) -> bool:
        return hasattr(self.column.property, "secondary")

    def count(self, mark: Any) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(self.model).where(*self._open(mark))) or 0

    def carry_over(self, work: Work, mark: Any, successor: Any) -> int:
        """Move all of it; how many. The caller holds both entries."""
        if self.move is None and not self._is_several:
            return work.session.execute(sa.update(self.model).where(*self._open(mark)).values(
                {self.column.key: successor})).rowcount  # type: ignore[no-any-return]
        records = list(work.session.scalars(sa.select(self.model).where(*self._open(mark))
                                            .order_by(sa.inspect(self.model).primary_key[0]).with_for_update()))
        for record in records:
            if self.move is not None:
                self.move(work, record, successor)
            else:
                kind, entries = self.column.property.mapper.class_, getattr(record, self.column.key)
                entries[:] = [*(entry for entry in entries if entry.id not in (mark, successor)),
                              work.session.get_one(kind, successor)]
        work.session.flush()
        return len(records)


OPEN_WORK: dict[str, Moving] = {
    "categories": Moving(label=_l("맡은 분야"), model=Category, column=Category.department_id,
                         is_open=(Category.closed_at.is_(None),))}
"""Kinds of open work, in the order of the preview."""


KEPT: dict[type, Collection[str]] = {}
"""Keys of a list from which something follows by rule: they are never closed."""


def may_close(entry: Any) -> bool:
    """True for one that is not closed, of a list that can be, and whose key nothing else follows from."""
    return isinstance(entry, Closable) and entry.closed_at is None and entry.mark not in KEPT.get(type(entry), ())


def moving(of: DistrictList) -> dict[str, Moving]:
    """Kinds of what stands on an entry of this list."""
    return {name: kind for name, kind in OPEN_WORK.items() if kind.list is of}
