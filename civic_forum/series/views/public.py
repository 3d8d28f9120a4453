"""Series for everybody: the assemblies of a year, that of a neighbourhood, a department's series."""

from collections import Counter
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks import kinds, sections
from civic_forum.blocks.charts import Part, Share
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.platform import plain_text
from civic_forum.platform.i18n import _, day, today
from civic_forum.platform.web import visitor

from .. import labels, queries
from ..models import Series, SeriesStep
from ..policy import may_prepare, may_read
from ..queries import Chosen
from ..rules import ASSEMBLY, SeriesKind, StepState, current, state
from .blueprint import bp

NEXT_DAYS = 3


@bp.get("/assemblies")
def assemblies() -> ResponseReturnValue:
    """Those of a year: the map, the next days, what was chosen in it and what became of that."""
    years = sections.kept(queries.years)
    wanted = plain_text.number(request.args.get("year"), digits=4) or (years[0] if years else 0)
    return sections.page(_assemblies, wanted, getattr(visitor(), "neighbourhood_id", None))


def _assemblies(year: int, own: int | None) -> tuple[str, dict[str, Any]]:
    years = sections.kept(queries.years)
    return "series/assemblies.html", {"years": years, "labels": labels, "own": own, **_year(year)}


def _year(year: int) -> dict[str, Any]:
    there = queries.of_year(SeriesKind.ASSEMBLY, year) if year else []
    now = {series.id: current(series.steps, today()) for series in there}
    coming = sorted(((series.steps[ASSEMBLY - 1].starts_on, series) for series in there if len(series.steps) >= ASSEMBLY
                     and series.steps[ASSEMBLY - 1].starts_on >= today()), key=lambda pair: (pair[0], pair[1].id))
    chosen = queries.chosen([each.id for each in there]) if there else []
    return {"year": year, "series": there, "now": now, "coming": coming[:NEXT_DAYS],
            "days": _map(there, now) if any(now.values()) else None, "chosen": chosen,
            "groups": queries.groups(chosen), "counts": queries.counts(chosen),
            "totals": Counter(each.group for each in chosen), "became": became(chosen),
            "done": sum(each.is_done for each in chosen), "written": sum(each.is_written for each in chosen)}


def _map(there: Any, now: dict[int, SeriesStep | None]) -> DistrictMap:
    """Number of the step at which each neighbourhood is."""
    urls = {series.neighbourhood_id: series.url for series in there}
    last = len(labels.STEPS) + 1
    at = {series.neighbourhood_id: (step.number if (step := now[series.id]) else last) for series in there}
    return district_map(at, lambda number: _("%(number)s단계", number=int(number)) if number < last else _("마침"),
                        href=urls.get)  # type: ignore[arg-type]


def became(projects: list[Chosen]) -> Share | None:
    """Parts of what was chosen, by what became of it: what was carried out first."""
    words: dict[tuple[str, str], int] = {}
    for project in sorted(projects, key=lambda each: (not each.is_done, not each.is_written)):
        words[project.word, project.tone] = words.get((project.word, project.tone), 0) + 1
    return Share([Part(word, count, _("%(count)s가지", count=count), tone)
                  for (word, tone), count in words.items()]) if words else None


@bp.get("/assemblies/<int:year>/<place>")
def assembly(year: int, place: str) -> ResponseReturnValue:
    series = _readable(f"{year}-{place}", SeriesKind.ASSEMBLY)
    before = queries.before(series)
    chosen = queries.chosen([series.id, *([before.id] if before else [])])
    return render_template("series/assembly.html", **_page(series), results=[
        (each, projects, queries.groups(projects), became(projects)) for each in (series, before) if each
        and (projects := [project for project in chosen if project.series_id == each.id])])


@bp.get("/series")
def index() -> ResponseReturnValue:
    """Series that the departments promised to hold so often a year, each with how often it was held."""
    return sections.page(_index)


def _index() -> tuple[str, dict[str, Any]]:
    there = queries.of_year(SeriesKind.YEARLY)
    held = queries.held(*there)
    return "series/list.html", {"years": [(year, [(series, held[series.id]) for series in those]) for year, those
                                          in groupby(there, key=lambda series: series.year)]}


@bp.get("/series/<slug>")
def show(slug: str) -> ResponseReturnValue:
    series = _readable(slug, SeriesKind.YEARLY)
    promise = kinds.of("commitment").record(series.commitment_id) if series.commitment_id else None
    return render_template("series/show.html", **_page(series), held=queries.held(series)[series.id], promise=promise)


def _readable(slug: str, kind: SeriesKind) -> Series:
    """Raises NotFound for one that the visitor may not know of."""
    series = queries.by_slug(slug)
    if series.kind is not kind or may_read(visitor(), series):
        raise queries.missing()
    return series


def _page(series: Series) -> dict[str, Any]:
    now = current(series.steps, today())
    links = {step.id: links_of(step) for step in series.steps}
    action = next(iter(links[now.id]), None) if now else None
    return {"series": series, "now": now, "links": links, "action": action, "labels": labels,
            "may_prepare": may_prepare(visitor(), series) is None,
            "states": {step.id: state(step.starts_on, step.until_on, today()) for step in series.steps},
            "days": {step.id: days_of(step) for step in series.steps}, "is_over": now is None,
            "ahead": now is not None and now.starts_on > today(), "DONE": StepState.DONE}


def links_of(step: SeriesStep) -> list[tuple[Any, str, str, str]]:
    """Thing, title, address and button of what stands for a step, as far as the visitor may read it."""
    links = []
    for thing in step.things:
        kind = kinds.find(thing.kind)
        record = kind.record(thing.record_id) if kind else None
        if kind is not None and record is not None and kind.why_not_read(visitor(), record) is None:
            links.append((thing, kind.title(record), kind.url(record), str(labels.ACTION[thing.kind])))
    return links


def days_of(step: SeriesStep) -> str:
    """Its day, or its first and last."""
    first = day(step.starts_on)
    return first if step.until_on is None else _("%(first)s부터 %(last)s까지", first=first, last=day(step.until_on))
