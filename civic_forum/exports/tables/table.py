"""A table that can be taken out: a list with its columns, who may take it, and whether it holds personal data."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from civic_forum.blocks import tables
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Column, Listing
from civic_forum.district import filters
from civic_forum.district import queries as district
from civic_forum.platform.i18n import _l
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import years


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
        rows = tables.rows(chosen, self.asked(by))
        return rows if self.summed is None else self.summed(rows)


NEIGHBOURHOOD = filters.neighbourhood
YEAR = Filter("year", _l("연도"), Proposal.year, years)


def departments() -> dict[int, object]:
    return {department.id: department.name for department in district.departments(closed=True)}


def department(where) -> Filter:
    return Filter("department", _l("부서"), where, departments)
