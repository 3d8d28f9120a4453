"""A table that can be taken out: a list with its columns, who may take it, and whether it holds personal data."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from civic_forum.blocks import tables
from civic_forum.blocks.listing import Chosen, Column, Filter, Listing


@dataclass(frozen=True, eq=False)
class Table:
    listing: Listing
    label: object
    about: object
    why_not: Callable[..., str | None]
    """The predicate of who may take it out at the desk."""
    personal: bool = False
    """Real names: never for everybody, never without a reason."""
    scope: Callable[[Any], Collection[int]] = lambda _user: frozenset()
    """For what its rows depend on: who asks → ids of departments or neighbourhoods."""
    asked: Callable[[Any], tuple] = lambda _user: ()
    """The one who asks → arguments of the list's statement."""
    summed: Callable[[Iterator[tuple]], Iterator[tuple]] | None = None
    """Rows of the list → rows of the table, where those are sums."""
    columns_of_sums: tuple[Column, ...] = ()

    @property
    def name(self) -> str:
        return self.listing.name.removeprefix("table ")

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.columns_of_sums or self.listing.columns

    @property
    def filters(self) -> tuple[Filter, ...]:
        return self.listing.filters

    def rows(self, chosen: Chosen, by: Any) -> Iterator[tuple[object, ...]]:
        found = tables.rows(chosen, self.asked(by))
        return found if self.summed is None else self.summed(found)
