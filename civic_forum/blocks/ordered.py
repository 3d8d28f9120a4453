"""Children of a record in an order that people see: 1, 2, 3 … without gaps, guarded by a unique constraint."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import Predicate
from civic_forum.platform.work import Work

from .parts import Part, check_columns
from .process import Edit, Process, R, no_such_place

C = TypeVar("C")


def renumber(session: Any, rows: Iterable[Any], column: str = "number") -> None:
    """Number them 1, 2, 3 … in this order, past the unique constraint."""
    ordered = list(rows)
    for position, row in enumerate(ordered, 1):
        setattr(row, column, -position)
    session.flush()
    for position, row in enumerate(ordered, 1):
        setattr(row, column, position)
    session.flush()


def refuse_twice(there: Iterable[Any], parts: Sequence[Part]) -> None:
    """Raises Refusal at the table for the name of a part that another one, or one that is there, has too."""
    first = next(iter(parts[0].fields()))
    names = [getattr(named, first) for named in (*there, *parts)]
    if twice := [name for part in parts if names.count(name := getattr(part, first)) > 1]:
        raise Refusal(_("‘%(name)s’ 이름이 두 번 있어요. 하나만 남기거나 서로 다르게 적어 주세요.", name=twice[0][:60]), field="table")


def moved(rows: Sequence[C], row: C, to: int) -> list[C]:
    """The rows with this one at the place `to`, from 1. Raises Refusal where there is no such place."""
    rest = [other for other in rows if other is not row]
    if not 1 <= to <= len(rest) + 1:
        raise Refusal(no_such_place(), field="to")
    rest.insert(to - 1, row)
    return rest


@dataclass(frozen=True, kw_only=True)
class Ordered(Generic[R, C]):
    """The children of a process: added at the end, edited, moved and taken away."""

    process: Process[R]
    name: str
    """In audit entries."""
    make: Callable[[R, int], C]
    """A child of this record with this number."""
    relation: str
    """Of the record: its children in their order."""
    find: Callable[[R, int], C]
    """The child with this number. Raises NotFound."""
    part: type[Part]
    model: type[C]
    most: int
    too_many: Callable[[], str]
    may_edit: Predicate
    may_arrange: Predicate
    """Move and take away."""
    column: str = "number"
    removed: Callable[[Work, C], None] | None = None
    """Takes away what hangs on a child."""

    def __post_init__(self) -> None:
        check_columns(self.model, self.part)

    def children(self, record: R) -> Sequence[C]:
        children: Sequence[C] = getattr(record, self.relation)
        return children

    def rights(self, actor: Any, record: R) -> dict[str, object]:
        """Facts of the pages of children: why they may not be edited, and whether they may be moved and taken away."""
        return {"why_not": self.may_edit(actor, record), "may_arrange": self.may_arrange(actor, record) is None}

    def add_all(self, record_id: int, parts: Sequence[Part], *, version: int, by: Any) -> list[C]:
        """Put several at the end, all or none. Raises Conflict where there are too many."""
        with self.process.editing(record_id, version, self.may_edit, by) as edit:
            refuse_twice(self.children(edit.record), parts)
            made = [self._one_more(edit, part, None) for part in parts]
            edit.details |= {"part": self.name, "added": len(made)}
            return made

    def _one_more(self, edit: Edit[R], part: Part, then: Callable[[Work, C], None] | None) -> C:
        edit.work.session.expire(edit.record, [self.relation])
        there = len(self.children(edit.record))
        if there >= self.most:
            raise Conflict(self.too_many())
        child = self.make(edit.record, there + 1)
        part.write(child)
        edit.work.session.add(child)
        edit.work.session.flush()
        if then:
            then(edit.work, child)
        return child

    def add(self, record_id: int, part: Part, *, version: int, by: Any,
            then: Callable[[Work, C], None] | None = None) -> C:
        """Put one at the end; `then` hangs on it what belongs to it. Raises Conflict where there are too many."""
        with self.process.editing(record_id, version, self.may_edit, by) as edit:
            child = self._one_more(edit, part, then)
            edit.details |= {"part": self.name, "number": getattr(child, self.column)}
            return child

    def edit(self, record_id: int, number: int, part: Part, *, version: int, by: Any,
             then: Callable[[Work, C], None] | None = None) -> C:
        """Say one anew."""
        with self.process.editing(record_id, version, self.may_edit, by) as edit:
            child = self.find(edit.record, number)
            part.write(child)
            if then:
                then(edit.work, child)
            edit.details |= {"part": self.name, "number": number}
            return child

    def remove(self, record_id: int, number: int, *, version: int, by: Any) -> None:
        """Take one away; those behind it move up."""
        with self.process.editing(record_id, version, self.may_arrange, by) as edit:
            child = self.find(edit.record, number)
            rest = [other for other in self.children(edit.record) if other is not child]
            if self.removed:
                self.removed(edit.work, child)
            edit.work.session.delete(child)
            edit.work.session.flush()
            renumber(edit.work.session, rest, self.column)
            edit.details |= {"part": f"{self.name}_removed", "number": number}

    def move(self, record_id: int, number: int, to: int, *, version: int, by: Any) -> None:
        """Give one another number; the others make room. Raises Refusal where there is no such place."""
        with self.process.editing(record_id, version, self.may_arrange, by) as edit:
            child = self.find(edit.record, number)
            renumber(edit.work.session, moved(self.children(edit.record), child, to), self.column)
            edit.details |= {"part": f"{self.name}_moved", "number": number}
