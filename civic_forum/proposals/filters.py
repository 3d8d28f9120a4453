"""The filters of a list as an address says them. Every value that is not known is refused."""

from collections.abc import Collection, Mapping

from civic_forum.district.rules import Category
from civic_forum.kernel.filters import number_of, one_of, unknown

from .queries.listing import EVERYWHERE, ProposalFilter
from .rules import PUBLIC, Sort, State


def wanted(args: Mapping[str, str], neighbourhoods: Collection[int], years: Collection[int]) -> ProposalFilter:
    """Filters from `state`, `neighbourhood`, `category`, `year` and `sort`. Raises Invalid for an unknown value."""
    state = one_of(State, args.get("state"))
    if state is not None and state not in PUBLIC:
        raise unknown()
    return ProposalFilter(state, number_of({EVERYWHERE, *neighbourhoods}, args.get("neighbourhood")),
                  one_of(Category, args.get("category")), number_of(years, args.get("year")),
                  one_of(Sort, args.get("sort")) or Sort.NEWEST)
