"""Filters that tables share."""

from civic_forum.blocks.listing import Filter
from civic_forum.district import filters
from civic_forum.district import queries as district
from civic_forum.platform.i18n import _l
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import years

NEIGHBOURHOOD = filters.neighbourhood
YEAR = Filter("year", _l("연도"), Proposal.year, years)


def departments() -> dict[int, object]:
    return {one.id: one.name for one in district.departments()}


def department(where) -> Filter:
    return Filter("department", _l("부서"), where, departments)
