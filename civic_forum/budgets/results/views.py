"""Public pages of results, tables of a round, and votes as Pabulib files."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, url_for

from civic_forum.ballots.labels import drawn
from civic_forum.ballots.counting import closing
from civic_forum.ballots.observing import queries as observing
from civic_forum.ballots.officials import queries as officials
from civic_forum.ballots.record.outcomes import met_a_tie
from civic_forum.ballots.rules.boxes import BoxStage, close_is_due, stage_of
from civic_forum.blocks import sections
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.platform import clock, settings, spreadsheets
from civic_forum.platform.downloads import csv_on_the_way, dated, stored
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, won_short
from civic_forum.platform.spreadsheets import XLSX, write_xlsx
from civic_forum.platform.web import by_address, by_download, never_cached, visitor

from ..formats.pabulib.making import write
from ..rounds import labels as counting
from .. import labels as round_words
from .. import queries as records
from .. import rules as phases
from ..models import BudgetRound, Envelope
from ..pages import bp, found, found_envelope, money_share
from ..policy import may_read
from ..trials.views import PABULIB
from . import council, exchange, labels, queries, rules
from .queries import Result, ResultRow

SANDBOX = "sandbox; default-src 'none'"


Make = Callable[..., tuple[str, dict[str, Any]]]


def _page(make: Make, slug: str, *arguments: str) -> str:
    """The same for everybody who may know of the round. Closed first where its time is over."""
    for box_id in sections.kept(_due_at, slug):
        closing.close_if_due(box_id)
    return sections.page(make, slug, *arguments)


@sections.asks_again
def _due_at(slug: str) -> list[bytes]:
    return _due(records.by_slug(slug))


@bp.get("/<slug>/results")
def show_results(slug: str):
    """All envelopes of a round, as far as they are published."""
    return _page(_of_round, slug)


@sections.asks_again
def _of_round(slug: str) -> tuple[str, dict[str, Any]]:
    budget_round, now = _closed(slug), clock.now()
    parts = queries.of_round(budget_round)
    if not any(part.result or part.few or part.elsewhere for part in parts):
        return _counting(budget_round)
    lines = [line for part in parts if part.result or part.few for line in (part.result or part.few).funded]
    return "budgets/results/round.html", {
        "round": budget_round, "parts": parts, "council": council.council_of(lines), "labels": labels,
        "round_words": round_words, "phase": phases.current(budget_round.phases, now),
        "money": money_share([(part.envelope.name, sum(part.costs)) for part in parts], budget_round.total),
        "costs": [cost for part in parts for cost in part.costs]}


@bp.get("/<slug>/<envelope>/results")
def show_envelope(slug: str, envelope: str):
    return _page(_of_envelope, slug, envelope)


@sections.asks_again
def _of_envelope(slug: str, envelope: str) -> tuple[str, dict[str, Any]]:
    budget_round, purse = _found(slug, envelope)
    if few := queries.few_of(purse):
        return _few(budget_round, few)
    result = queries.of_envelope(purse)
    if result is None:
        return _counting(budget_round, purse)
    return "budgets/results/envelope.html", {
        "round": budget_round, "envelope": purse, "r": result, "labels": labels, "round_words": round_words,
        "shorts": labels.SHORT, "cells": observing.cells(result.figures),
        "money": money_share([(line.title, line.cost) for line in result.funded], result.budget_money),
        "map": _money_map(result), "signed": observing.signed(purse.box),
        "council": council.council_of(result.funded), "phase": phases.current(budget_round.phases, clock.now())}


@bp.get("/<slug>/<envelope>/results/check")
def show_check(slug: str, envelope: str):
    """Page on which anybody checks a published result."""
    budget_round, purse = _found(slug, envelope)
    few = queries.few_of(purse)
    return render_template(
        "budgets/results/check.html", round=budget_round, envelope=purse, r=few or _published(purse), few=few,
        signed=observing.signed(purse.box), watched=officials.told(purse.box), objections=observing.public(purse.box))


def _money_map(result: Result) -> DistrictMap | None:
    """Money by neighbourhood as far as it is decided; None where nothing goes to a single one."""
    sums: Counter[int] = Counter()
    for line in result.funded:
        if line.project.neighbourhood_id is not None:
            sums[line.project.neighbourhood_id] += line.council.amount if line.council else line.cost
    return district_map(sums, won_short, absent=0) if sums else None


@bp.get("/<slug>/<envelope>/results/<code>")
def show_fate(slug: str, envelope: str, code: str):
    """One project's way through the count, step by step; not shown of few ballots."""
    budget_round, purse = _found(slug, envelope)
    if queries.is_few(purse):
        return redirect(url_for(".show_envelope", slug=slug, envelope=envelope))
    result = _published(purse)
    line = result.line(code)
    if line is None:
        raise records.no_project()
    return render_template(
        "budgets/results/project.html", round=budget_round, envelope=purse, r=result, line=line, labels=labels,
        round_words=round_words, shorts=labels.SHORT, turns=rules.turns(result.count),
        account=rules.account(result.count, line.said),
        ties=[labels.of_tie(tie, result.titles) for tie in result.ties_of(code)])


@bp.get("/<slug>/<envelope>/results/recount")
def show_recount(slug: str, envelope: str):
    """Page on how it was counted, and how anybody counts it again."""
    budget_round, purse = _found(slug, envelope)
    if queries.is_few(purse):
        return redirect(url_for(".show_envelope", slug=slug, envelope=envelope))
    result = _published(purse)
    return render_template(
        "budgets/results/recount.html", round=budget_round, envelope=purse, r=result, labels=labels,
        shorts=labels.SHORT, turns=rules.turns(result.count), signed=observing.signed(purse.box),
        told=counting.sentences(result.rules, budget_round.draw),
        ties=[labels.of_tie(tie, result.titles) for tie in result.count.ties],
        draw=officials.draw_of(purse.box.id) if met_a_tie(result.figures["outcome"]) else {}, drawn=drawn)


@bp.get("/<slug>/<envelope>/results/ways")
def show_ways(slug: str, envelope: str):
    """Outcomes of the same ballots by other rules."""
    budget_round, purse = _found(slug, envelope)
    if queries.is_few(purse):
        return redirect(url_for(".show_envelope", slug=slug, envelope=envelope))
    return render_template("budgets/results/ways.html", round=budget_round, envelope=purse, r=_published(purse),
                           labels=labels, gist=counting.gist)


@bp.get("/<slug>/<envelope>/result.csv")
@never_cached
def result_csv(slug: str, envelope: str):
    _round, purse = _found(slug, envelope)
    result = _published(purse)
    return _file(Response(spreadsheets.as_csv(header(result), rows(result)), mimetype=spreadsheets.CSV),
                 f"{slug}-{envelope}-result.csv")


@bp.get("/<slug>/<envelope>/result.xlsx")
@never_cached
def result_xlsx(slug: str, envelope: str):
    _round, purse = _found(slug, envelope)
    result, book = _published(purse), BytesIO()
    spreadsheets.write_xlsx(book, [], header(result), rows(result))
    return _file(Response(book.getvalue(), mimetype=spreadsheets.XLSX), f"{slug}-{envelope}-result.xlsx")


def _readable(slug: str) -> BudgetRound:
    """Closed first where its time is over. Raises NotFound, also for one that this viewer may not see yet."""
    budget_round = records.by_slug(slug)
    if any([closing.close_if_due(box_id) for box_id in _due(budget_round)]):
        budget_round = records.by_slug(slug)
    if may_read(visitor(), budget_round):
        raise records.missing()
    return budget_round


def _due(budget_round: BudgetRound) -> list[bytes]:
    now = clock.now()
    return [purse.box.id for purse in budget_round.envelopes if purse.box is not None and close_is_due(purse.box, now)]


def _closed(slug: str) -> BudgetRound:
    """Raises NotFound while nobody's voting is over and nothing was decided elsewhere."""
    budget_round = _readable(slug)
    if budget_round.decided_in is None and not any(_is_closed(envelope) for envelope in budget_round.envelopes):
        raise _too_early()
    return budget_round


def _found(slug: str, envelope: str) -> tuple[BudgetRound, Envelope]:
    budget_round = _readable(slug)
    purse = records.envelope(budget_round, envelope)
    if not _is_closed(purse):
        raise _too_early()
    return budget_round, purse


def _is_closed(envelope: Envelope) -> bool:
    return envelope.box is not None and stage_of(envelope.box, clock.now()).reached(BoxStage.CLOSED)


def _too_early() -> NotFound:
    return NotFound(_("아직 결과가 없어요. 투표가 끝나고 담당관 두 명이 확인하면 이 주소에서 결과를 볼 수 있어요."))


def _published(envelope: Envelope) -> Result:
    """Raises NotFound before it is published, and where so few voted that no numbers are."""
    if few := queries.few_of(envelope):
        if few.is_void:
            raise NotFound(_("투표한 사람이 정해 둔 수보다 적어서 아무것도 정하지 않은 투표예요."))
        raise NotFound(_("투표한 사람이 10명보다 적어서 표 수를 공개하지 않아요. 무엇이 선정됐는지는 결과 화면에 있어요."))
    return existing(queries.of_envelope(envelope), lambda: NotFound(_("아직 세는 중이에요. 담당관 두 명이 확인하면 이 주소에서 결과를 볼 수 있어요.")))


def _counting(budget_round: BudgetRound, envelope: Envelope | None = None) -> tuple[str, dict[str, Any]]:
    """Closed and not published: what happens now, without a figure."""
    return "budgets/results/counting.html", {"round": budget_round, "envelope": envelope}


def _few(budget_round: BudgetRound, few: queries.Few) -> tuple[str, dict[str, Any]]:
    return "budgets/results/few.html", {
        "round": budget_round, "envelope": few.envelope, "r": few, "round_words": round_words,
        "signed": observing.signed(few.box), "council": council.council_of(few.funded),
        "phase": phases.current(budget_round.phases, clock.now())}


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def header(result: Result) -> list[str]:
    names = [_("차례"), _("사업 번호"), _("투표지 번호"), _("사업"), _("동"), _("사업비(원)"), _("득표"), _("상태"), _("왜"),
             _("확정한 돈(원)"), _("구의회가 바꾼 이유")]
    return names + ([_("위원회 추천"), _("점수")] if result.by_committee else [])


def rows(result: Result) -> Iterator[list]:
    return (_row(result, line) for line in result.lines)


def _row(result: Result, line: ResultRow) -> list:
    project, step = line.project, line.council
    told = [line.place, project.code, project.number, line.title, project.neighbourhood and project.neighbourhood.name,
            line.cost, line.votes, str(round_words.STATE[project.state]),
            labels.sentence(result.count, project.code, result.titles, is_hidden=line.is_hidden),
            step and step.amount, step and step.reason]
    if result.by_committee:
        told += [(result.committee or {}).get(project.code), labels.measure(result.count, line.said)[1]]
    return told


WHAT: dict[str, tuple[tuple, Callable[[BudgetRound], Iterator[tuple]]]] = {
    "projects": (labels.PROJECTS, exchange.projects),
    "results": (labels.OUTCOMES, exchange.outcomes),
}
"""The last part of an address → the columns, and what gives the rows."""


@bp.get("/<slug>/<any(projects, results):what>.csv")
@never_cached
@by_address
@by_download
def table_csv(slug: str, what: str) -> Response:
    budget_round = found(slug)
    columns, rows = WHAT[what]
    return csv_on_the_way(f"{slug}-{what}", map(str, columns), rows(budget_round))


@bp.get("/<slug>/<any(projects, results):what>.xlsx")
@never_cached
@by_address
@by_download
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
@by_download
def election_file(slug: str, envelope: str) -> Response:
    """The published vote of an envelope: with every ballot where whole ballots are published, else with totals."""
    file = exchange.election(found_envelope(slug, envelope), unit=settings.in_english("DISTRICT_NAME"))
    return stored(BytesIO(write(file)), f"{slug}-{envelope}.pb", PABULIB)
