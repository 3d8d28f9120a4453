"""Plans for everybody: the list, a version with where each action stands, differences of two versions, its table."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import Response, request

from civic_forum.blocks import about, charts, sections
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.importing import SOURCES, UNITS
from civic_forum.commitments.queries.board import today
from civic_forum.commitments.rows import Row
from civic_forum.platform.downloads import csv_on_the_way
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, won
from civic_forum.platform.plain_text import number as number_of
from civic_forum.platform.web import visitor

from .. import labels, policy, queries, rules
from ..importing import OUT, YEARS, Column
from ..models import Plan, PlanVersion
from ..rules import BEFORE, LATER, Action, VersionState
from .blueprint import bp

TONES = ("strong", "good", "warm", "soft", "quiet")


@bp.get("")
def show_list():
    return sections.page(_list)


def _list() -> tuple[str, dict[str, Any]]:
    plans = queries.listed(Plan.public_at.is_not(None))
    return "plans/list.html", {"labels": labels, "years": [
        (year, list(those)) for year, those in groupby(plans, key=lambda plan: plan.year)]}


@bp.get("/<slug>")
@bp.get("/<slug>/<int(max=999):number>")
def show(slug: str, number: int = 0):
    return sections.page(_show, slug, number)


def public_plan(slug: str) -> Plan:
    """Raises NotFound for one that the visitor may not know of."""
    plan = queries.plan(slug)
    if policy.may_read(visitor(), plan):
        raise queries.missing()
    return plan


def public_version(plan: Plan, number: int) -> PlanVersion:
    """Raises NotFound for a draft."""
    version = queries.version_of(plan, number)
    if version.state is VersionState.DRAFT:
        raise queries.missing()
    return version


def _show(slug: str, number: int) -> tuple[str, dict[str, Any]]:
    plan = public_plan(slug)
    version = public_version(plan, number) if number else plan.current
    actions = version.facts if version else ()
    there = {commitment.id: commitment for commitment in queries.commitments(plan)}
    known = queries.promised(plan) if version else {}
    rows = {key: Row.of(there[number], today(), placed=False) for key, (number, _row) in known.items()
            if number in there}
    others = [Row.of(each, today(), placed=False) for each in there.values()
              if each.id not in {number for number, _row in known.values()}]
    older = [other for other in plan.public_versions if version and other.number < version.number]
    return "plans/show.html", {
        "plan": plan, "version": version, "labels": labels, "groups": grouped(actions), "rows": rows, "others": others,
        "share": _share(actions), "earlier": older[-1] if older else None,
        "counted": sum(each.total for each in actions),
        "most": max((each.total for each in actions), default=0), "decided": about.subject(version and version.about),
        "by_lead": _by_lead(actions), "origins": about.subjects(
            Ref.read(thing) for action in actions for thing in action.origin)}


def grouped(actions: Sequence[Action]) -> list[tuple[str, list[Action]]]:
    """Sections in the order in which they come first, each with its actions."""
    by_section: dict[str, list[Action]] = {}
    for action in actions:
        by_section.setdefault(action.section, []).append(action)
    return list(by_section.items())


def _share(actions: Sequence[Action]) -> charts.Share | None:
    """Money by section, where there are several and each has a tone of its own."""
    sums = [(name or _("나머지"), sum(each.total for each in those)) for name, those in grouped(actions)]
    if not 1 < len(sums) <= len(TONES) or not any(each for _name, each in sums):
        return None
    return charts.share_of(*((name, each, won(each), tone) for (name, each), tone in zip(sums, TONES)))


def _by_lead(actions: Sequence[Action]) -> charts.Bars | None:
    """Money by who leads, where there are several."""
    sums: dict[str, list[int]] = {}
    for action in actions:
        sums.setdefault(action.lead or _("아직 없어요"), []).append(action.total)
    largest = sorted(sums.items(), key=lambda pair: -sum(pair[1]))
    return charts.Bars([charts.Bar(name, sum(each), won(sum(each)), detail=_("%(count)s개", count=len(each)))
                        for name, each in largest]) if len(sums) > 1 else None


@bp.get("/<slug>/changes")
def changes(slug: str):
    return sections.page(_changes, slug, request.args.get("from", ""), request.args.get("to", ""))


def _changes(slug: str, first: str, last: str) -> tuple[str, dict[str, Any]]:
    plan = public_plan(slug)
    there = plan.public_versions
    if len(there) < 2:
        raise NotFound(_("견줄 판이 하나뿐이에요."))
    before = public_version(plan, number_of(first) or 0) if first else there[0]
    after = public_version(plan, number_of(last) or 0) if last else there[-1]
    told = rules.differences(before.facts, after.facts)
    return "plans/changes.html", {"plan": plan, "before": before, "after": after, "told": told, "labels": labels,
                                  "most": max((max(change.sums) for change in told.changes), default=0)}


@bp.get("/<slug>/<int(max=999):number>.csv")
def table(slug: str, number: int) -> Response:
    plan = queries.plan(slug)
    version = queries.version_of(plan, number)
    if policy.may_prepare(visitor(), plan):
        version = public_version(public_plan(slug), number)
    unit = next(word for word, known in UNITS.items() if known is plan.unit)
    header = [f"{column}({unit})" if column is Column.AMOUNT else column.value for column in OUT]
    places = {number: name for name, number in queries.names(queries.Neighbourhood).items()}
    return csv_on_the_way(f"{slug}-{number}", header, list(_rows(version, places)))


def _rows(version: PlanVersion, places: dict[int, str]) -> Iterator[list[object]]:
    """Each line of money beside its action, as the desk reads it again."""
    words = {source: word for word, source in SOURCES.items()}
    years = {number: next(word for word, known in YEARS.items() if known == number) for number in (BEFORE, LATER)}
    for action in version.facts:
        for line in action.money or (None,):
            money = [years.get(line.year, line.year), words[line.source], line.item,
                     Decimal(line.amount) / version.plan.unit.won] if line else [None] * 4
            yield [action.key, action.number, action.section, action.title, action.need, action.lead,
                   places.get(action.neighbourhood_id or 0), *money, action.begins, action.ends,
                   " ".join(action.origin), action.why_changed]
