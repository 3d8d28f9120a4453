"""Plans for everybody: the list, a version with where each action stands, differences of two versions, its table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
from ..pages import public_plan, public_version
from ..rules import ACTIONS_SHOWN, BEFORE, LATER, Action, VersionState
from .blueprint import bp

TONES = ("strong", "good", "warm", "soft", "quiet")
MOST_LEADS = 12


@bp.get("")
def show_list():
    return sections.page(_list)


def _list() -> tuple[str, dict[str, Any]]:
    plans = queries.listed(Plan.public_at.is_not(None))
    return "plans/list.html", {"labels": labels, "years": [
        (year, list(those)) for year, those in groupby(plans, key=lambda plan: plan.year)]}


def page_number() -> int:
    return number_of(request.args.get("page", "1"), digits=2) or 0


@bp.get("/<slug>")
@bp.get("/<slug>/<int(max=999):number>")
def show(slug: str, number: int = 0):
    return sections.page(_show, slug, number, page_number())


def _show(slug: str, number: int, page: int) -> tuple[str, dict[str, Any]]:
    plan = public_plan(slug)
    version = public_version(plan, number) if number else plan.current
    sums = queries.sums(version) if version else []
    pages = max(-(-len(sums) // ACTIONS_SHOWN), 1)
    if not 1 <= page <= pages:
        raise queries.missing()
    actions = queries.some_actions(version, page) if version else []
    there = {commitment.id: commitment for commitment in queries.commitments(plan)}
    known = queries.promised(plan) if version else {}
    rows = {action.key: Row.of(there[known[action.key][0]], today(), placed=False) for action in actions
            if known.get(action.key, (0,))[0] in there}
    made = {number for number, _row in known.values()}
    older = [other for other in plan.public_versions if version and other.number < version.number]
    by_section = _together((each.section, each.total) for each in sums)
    tones = dict(zip(by_section, TONES)) if 1 < len(by_section) <= len(TONES) else {}
    return "plans/show.html", {
        "plan": plan, "version": version, "labels": labels, "rows": rows, "page": page, "pages": pages,
        "others": [Row.of(each, today(), placed=False) for each in there.values() if each.id not in made],
        "groups": grouped(actions),
        "by_section": by_section, "tones": tones, "share": _share(by_section, tones),
        "earlier": older[-1] if older else None, "counted": sum(each.total for each in sums),
        "most": max((each.total for each in sums), default=0), "decided": about.subject(version and version.about),
        "missed": queries.missed(version) if version and version.state is VersionState.ASKED else (),
        "by_lead": _by_lead(_together((each.lead, each.total) for each in sums)), "table": _table(actions),
        "origins": about.subjects({Ref.read(thing) for action in actions for thing in action.origin})}


def grouped(actions: Sequence[Action]) -> dict[str, list[Action]]:
    """Sections in the order in which they come first, each with its actions."""
    by_section: dict[str, list[Action]] = {}
    for action in actions:
        by_section.setdefault(action.section, []).append(action)
    return by_section


def _together(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Sums under each name, in the order in which the names come first."""
    sums: dict[str, list[int]] = {}
    for name, amount in pairs:
        sums.setdefault(name, []).append(amount)
    return sums


def _share(by_section: dict[str, list[int]], tones: dict[str, str]) -> charts.Share | None:
    """Money by section, where each has a tone of its own."""
    if not tones or not any(map(sum, by_section.values())):
        return None
    return charts.share_of(*((name or _("나머지"), sum(each), won(sum(each)), tones[name])
                             for name, each in by_section.items()))


def _by_lead(by_lead: dict[str, list[int]]) -> charts.Bars | None:
    """Money by who leads, where there are several; the smallest of many together."""
    largest = sorted(((name or str(_("아직 없어요")), each) for name, each in by_lead.items()),
                     key=lambda pair: -sum(pair[1]))
    if (rest := largest[MOST_LEADS:]):
        largest[MOST_LEADS:] = [
            (_("다른 %(count)s곳", count=len(rest)), [amount for _name, each in rest for amount in each])]
    return charts.Bars([charts.Bar(name, sum(each), won(sum(each)), detail=_("%(count)s개", count=len(each)))
                        for name, each in largest]) if len(largest) > 1 else None


def _table(actions: Sequence[Action]) -> charts.Table | None:
    """Money by year and source, where an action has several lines of it."""
    if all(len(action.money) < 2 for action in actions):
        return None
    return charts.Table(_("해와 재원마다 얼마인지"), (_("과제"), _("해"), _("재원"), _("항목"), _("돈")), [
        (action.title, labels.year(line.year), str(labels.SOURCE[line.source]), line.item, won(line.amount))
        for action in actions for line in action.money])


@bp.get("/<slug>/changes")
def changes(slug: str):
    return sections.page(_changes, slug, request.args.get("from", ""), request.args.get("to", ""), page_number())


def _changes(slug: str, first: str, last: str, page: int) -> tuple[str, dict[str, Any]]:
    plan = public_plan(slug)
    there = plan.public_versions
    if len(there) < 2:
        raise NotFound(_("견줄 판이 하나뿐이에요."))
    before = public_version(plan, number_of(first) or -1) if first else there[0]
    after = public_version(plan, number_of(last) or -1) if last else there[-1]
    told = rules.differences(before.facts, after.facts)
    pages = max(-(-len(told.changes) // ACTIONS_SHOWN), 1)
    if not 1 <= page <= pages:
        raise queries.missing()
    return "plans/changes.html", {
        "plan": plan, "before": before, "after": after, "told": told, "labels": labels, "page": page, "pages": pages,
        "shown": told.changes[(page - 1) * ACTIONS_SHOWN:page * ACTIONS_SHOWN], "same": told.same[:ACTIONS_SHOWN],
        "counts": Counter(change.kind for change in told.changes), "most": told.most}


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
