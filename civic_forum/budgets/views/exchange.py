"""Downloads of a round: its projects and results as tables, its votes as Pabulib files."""

import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO

from flask import Response, current_app

from civic_forum.platform.downloads import csv_on_the_way, dated, stored
from civic_forum.platform.spreadsheets import XLSX, write_xlsx
from civic_forum.platform.web import by_address, limiter, never_cached

from ..formats.pabulib import write
from ..models import BudgetRound
from ..queries import exchange
from ..labels import tables
from .blueprint import bp
from .gate import found, found_envelope
from ..trials.views import PABULIB

WHAT: dict[str, tuple[tuple, Callable[[BudgetRound], Iterator[tuple]]]] = {
    "projects": (tables.PROJECTS, exchange.projects),
    "results": (tables.OUTCOMES, exchange.outcomes),
}
"""The last part of an address → the columns, and what gives the rows."""


@bp.get("/<slug>/<any(projects, results):what>.csv")
@never_cached
@by_address
@limiter.limit("20 per minute")
def table_csv(slug: str, what: str) -> Response:
    budget_round = found(slug)
    columns, rows = WHAT[what]
    return csv_on_the_way(f"{slug}-{what}", map(str, columns), rows(budget_round))


@bp.get("/<slug>/<any(projects, results):what>.xlsx")
@never_cached
@by_address
@limiter.limit("20 per minute")
def table_xlsx(slug: str, what: str) -> Response:
    budget_round = found(slug)
    columns, rows = WHAT[what]
    file = tempfile.TemporaryFile()
    try:
        write_xlsx(file, [], [str(column) for column in columns], rows(budget_round))
    except BaseException:
        file.close()
        raise
    return stored(file, f"{dated(f'{slug}-{what}')}.xlsx", XLSX)


@bp.get("/<slug>/<envelope>/election.pb")
@never_cached
@by_address
@limiter.limit("20 per minute")
def election_file(slug: str, envelope: str) -> Response:
    """The published vote of an envelope: with every ballot where whole ballots are published, else with totals."""
    file = exchange.election(found_envelope(slug, envelope), unit=current_app.config["DISTRICT_NAME_EN"])
    return stored(BytesIO(write(file)), f"{slug}-{envelope}.pb", PABULIB)
