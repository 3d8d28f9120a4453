"""The rows of several statements in one, so that a page of many parts asks once.

Each part stands by itself too: `alone` asks for it as `Together` does for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from .base import db


@dataclass(frozen=True)
class Rows:
    """A statement about one model: what differs from time to time are its bound parameters, by their names."""

    select: sa.Select
    """The model, then named columns."""
    order: tuple[sa.ColumnElement, ...]
    most: int | None = None
    beside: tuple[InstrumentedAttribute, ...] = ()
    """What belongs to each, read with it."""

    def alone(self, **bound) -> Sequence[sa.Row]:
        read = self.select.order_by(*self.order).limit(self.most).options(*map(joinedload, self.beside))
        return db.session.execute(read, bound, execution_options={"populate_existing": True}).all()


class Together:
    """Some of them as one statement, made once: a row of it is a row of one part, and empty for the others."""

    def __init__(self, parts: Mapping[str, Rows]):
        self.parts, self.columns = parts, {}
        which = sa.union_all(*(sa.select(sa.literal(name).label("part")) for name in parts)).subquery("parts")
        joined, options, at, columns = which, [], 1, [which.c.part]
        for name, rows in parts.items():
            place = sa.func.row_number().over(order_by=rows.order).label("place")
            inner = rows.select.add_columns(place).order_by(*rows.order).limit(rows.most).subquery(f"{name}_rows")
            model, *further = rows.select.column_descriptions
            record = aliased(model["entity"], inner, name=name)
            options += [joinedload(getattr(record, beside.key)) for beside in rows.beside]
            mine = [record, *(inner.c[column["name"]] for column in further), inner.c.place]
            joined = joined.outerjoin(record, which.c.part == name)
            self.columns[name] = slice(at, at + len(mine))
            columns, at = columns + mine, at + len(mine)
        self.select = sa.select(*columns).select_from(joined).options(*options)

    def read(self, **bound) -> dict[str, list[tuple]]:
        """Rows by part, in their order."""
        by_part: dict[str, list[tuple]] = {name: [] for name in self.parts}
        for row in db.session.execute(self.select, bound, execution_options={"populate_existing": True}):
            mine = tuple(row[self.columns[row.part]])
            if mine[-1] is not None:
                by_part[row.part].append(mine)
        return {name: [row[:-1] for row in sorted(rows, key=lambda row: row[-1])] for name, rows in by_part.items()}
