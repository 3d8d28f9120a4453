"""The list of proposals with its filters."""

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.district import labels as district_words
from civic_forum.district.queries import neighbourhood_names
from civic_forum.kernel.i18n import _
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
        "proposals/list.html", wanted=wanted, page=page, names=names, years=years, chips=_chips(wanted),
        states=[(state, str(labels.STATE[state])) for state in State if state in PUBLIC],
        categories=[(category, str(word)) for category, word in district_words.CATEGORY.items()],
        sorts=[(sort, str(word)) for sort, word in labels.SORT.items()], chosen=_chosen(wanted, names),
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


def _chips(wanted: ProposalFilter) -> list[dict]:
    return [{"label": _("모두"), "url": address(wanted, state=None), "current": wanted.state is None}] + [
        {"label": labels.STATE[state], "url": address(wanted, state=state), "current": wanted.state is state}
        for state in CHIPS]


def _chosen(wanted: ProposalFilter, names: dict[int, str]) -> list[str]:
    """The filters in words."""
    return [str(word) for word in (
        wanted.state and labels.STATE[wanted.state],
        wanted.neighbourhood_id is not None and names.get(wanted.neighbourhood_id, _("구 전체")),
        wanted.category and district_words.CATEGORY[wanted.category],
        wanted.year and _("%(year)s년", year=wanted.year)) if word]
