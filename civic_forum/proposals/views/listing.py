"""The list of proposals with its filters."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.district import labels as district_words
from civic_forum.district.queries import neighbourhood_names
from civic_forum.district.rules import Category
from civic_forum.kernel.i18n import Language, _, language
from civic_forum.kernel.web import visitor

from .. import filters, queries, labels
from ..queries.listing import ProposalFilter
from ..rules import PUBLIC, Sort, State
from . import bp

CHIPS = (State.GATHERING, State.ANSWER_DUE, State.ANSWERED, State.IN_AGENDA, State.IN_PROGRESS, State.DONE)


@bp.get("")
def index():
    names, years = neighbourhood_names(), queries.years()
    wanted = filters.wanted(request.args, names, years)
    page = queries.listed(wanted, request.args.get("after"), names=names)
    return render_template(
        "proposals/list.html", wanted=wanted, page=page, names=names, pickers=_pickers(
            wanted, tuple(names.items()), tuple(years), language()), chosen=_chosen(wanted, names),
        after_url=page.after and address(wanted, after=page.after),
        table_url=url_for("exports.file", name="proposals", **_told(wanted, sort=None)))


@bp.get("/mine")
@login_required
def mine():
    """Page of what one wrote, is writing and follows."""
    names = neighbourhood_names()
    return render_template("proposals/mine.html", written=queries.of_author(visitor(), names),
                           followed=queries.followed_by(visitor(), names), drafts=queries.draft_count(visitor()))


def address(wanted: ProposalFilter, **changes) -> str:
    """The list with these filters, and with what the changes say instead."""
    return url_for("proposals.index", **_told(wanted, **changes))


def _told(wanted: ProposalFilter, **changes) -> dict[str, str]:
    parts = {"state": wanted.state, "neighbourhood": wanted.neighbourhood_id, "category": wanted.category,
             "year": wanted.year, "sort": wanted.sort if wanted.sort is not Sort.NEWEST else None} | changes
    return {name: str(value) for name, value in parts.items() if value is not None}


@dataclass(frozen=True)
class Chip:
    """A stage by which the list can be narrowed."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Pickers:
    """Filters of the list as they are chosen: facts of a fragment."""

    chips: tuple[Chip, ...]
    states: tuple[tuple[State, str], ...]
    neighbourhoods: tuple[tuple[int, str], ...]
    categories: tuple[tuple[Category, str], ...]
    years: tuple[int, ...]
    sorts: tuple[tuple[Sort, str], ...]
    wanted: ProposalFilter

    @cached_property
    def _hash(self) -> int:
        return hash((self.chips, self.neighbourhoods, self.years, self.wanted))

    def __hash__(self) -> int:
        return self._hash


@lru_cache(maxsize=256)
def _pickers(wanted: ProposalFilter, names: tuple[tuple[int, str], ...], years: tuple[int, ...],
             _words: Language) -> Pickers:
    chips = Chip(_("모두"), address(wanted, state=None), wanted.state is None), *(
        Chip(str(labels.STATE[state]), address(wanted, state=state), wanted.state is state) for state in CHIPS)
    return Pickers(chips, tuple((state, str(labels.STATE[state])) for state in State if state in PUBLIC), names,
                   tuple((category, str(word)) for category, word in district_words.CATEGORY.items()), years,
                   tuple((sort, str(word)) for sort, word in labels.SORT.items()), wanted)


def _chosen(wanted: ProposalFilter, names: dict[int, str]) -> list[str]:
    """The filters in words."""
    return [str(word) for word in (
        wanted.state and labels.STATE[wanted.state],
        wanted.neighbourhood_id is not None and names.get(wanted.neighbourhood_id, _("구 전체")),
        wanted.category and district_words.CATEGORY[wanted.category],
        wanted.year and _("%(year)s년", year=wanted.year)) if word]
