"""Sheets of plans: a version with all its actions, and one action of it."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from civic_forum.blocks import about
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.sheets import (Block, Book, Cell, Column, Facts, Printed, Sheet, SheetKind, Table, Text,
                                       declare, in_unit)
from civic_forum.meetings.models import MeetingItem
from civic_forum.meetings.sheets import DECIDED
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.plain_text import number as number_of

from . import labels, queries
from .models import Plan, PlanVersion
from .pages import public_plan, public_version
from .rules import BEFORE, LATER, Action, Change, differences

Row = tuple[Cell, ...]


def load(slug: str, query: Mapping[str, str]) -> Sheet:
    """A version, the current one where no other is named. Raises NotFound."""
    plan = public_plan(slug)
    version = public_version(plan, number_of(query.get("version", "")) or 0)
    blocks = [_of_version(plan, version), *_of_actions(version), _schedule(plan, version.facts)]
    return _sheet(plan, version, plan.title, f"{slug}-{version.number}", (*filter(None, blocks), *_changes(version)))


def load_items(key: str, query: Mapping[str, str]) -> Sheet | Book | None:
    """Each action of the current version on a page of its own, or one: `<plan>_<its key>`. Raises NotFound."""
    slug, _line, name = key.partition("_")
    plan = public_plan(slug)
    version = public_version(plan, 0)
    sheets = tuple(_of_item(plan, version, action) for action in version.facts if name in ("", action.key))
    return next(iter(sheets), None) if name else Book(title=plan.title, slug=f"{slug}-items", sheets=sheets)


def _sheet(plan: Plan, version: PlanVersion, title: str, slug: str, blocks: tuple[Block, ...], code: str = "") -> Sheet:
    day = version.sent_on or version.in_force_on or version.decided_on or local(version.asked_at or clock.now()).date()
    office = plan.department.name if plan.department else plan.body.title if plan.body else ""
    return Sheet(title=title, kind=str(labels.KIND[plan.kind]), office=office, day=day, slug=slug, blocks=blocks,
                 code=code, document_number=version.document or "")


def _of_version(plan: Plan, version: PlanVersion) -> Facts:
    of_all: Cell = _amount(version, won := sum(action.total for action in version.facts))
    if version.printed not in (None, won):
        of_all = Printed(of_all, _amount(version, version.printed or 0))
    days = ((_("정한 날"), version.decided_on), (_("낸 날"), version.sent_on), (_("쓰기 시작한 날"), version.in_force_on))
    decided = about.subject(version.about)
    return Facts(heading=_("한눈에 보기"), rows=(
        (_("해"), str(plan.year)), (_("판"), f"{_('%(number)s판', number=version.number)} {version.label}"),
        *((word, on) for word, on in days if on), *([(_("정한 곳"), decided.title)] if decided else []),
        *([(_("위원회"), plan.body.title)] if plan.body else []), (_("과제 수"), version.count),
        (_("%(year)s년 돈(%(unit)s)", year=plan.year, unit=_unit(version)), _amount(version, version.total)),
        (_("모두 더한 돈(%(unit)s)", unit=_unit(version)), of_all)))


def _of_actions(version: PlanVersion) -> Iterator[Block]:
    """Actions with their sums by section; money by year and source where that says more."""
    actions = version.facts
    parts = (("need", Column(name=_("필요한 이유"), width=2.6, align="left")), ("lead", Column(name=_("담당"), width=1.3)),
             ("begins", Column(name=_("기간"), width=1.5)))
    kept = [(name, column) for name, column in parts if any(getattr(action, name) for action in actions)]
    blank = ("",) * len(kept)
    by_section: dict[str, int] = {}
    for action in actions:
        by_section[action.section] = by_section.get(action.section, 0) + action.total
    foot = [(section, "", _("소계"), *blank, _amount(version, won)) for section, won in by_section.items()]
    yield Table(heading=_("과제 목록"), unit=_in_unit(version), merged=1, columns=(
        Column(name=_("구분"), width=1.2), Column(name=_("번호"), width=.6), Column(name=_("사업명"), width=2.6, align="left"),
        *(column for _name, column in kept), Column(name=_("돈"), width=1.2)), rows=tuple(
            (action.section, str(action.number), action.title, *(
                _span(action) if name == "begins" else getattr(action, name) for name, _column in kept),
             _amount(version, action.total)) for action in actions), foot=(
                *(foot if len(foot) > 1 else ()),
                ("", "", _("합계"), *blank, _amount(version, sum(by_section.values())))))
    if any(len(action.money) > 1 for action in actions):
        yield _money(version, actions)


def _money(version: PlanVersion, actions: Sequence[Action]) -> Table:
    """Money by source and year, with the sum of each action."""
    years = sorted({line.year for action in actions for line in action.money})

    def rows(titles: Row, of: Sequence[Action]) -> Iterator[Row]:
        lines = [line for action in of for line in action.money]
        sources = list(dict.fromkeys(line.source for line in lines))
        for source in (*sources, *([None] if len(sources) != 1 else [])):
            sums = [sum(line.amount for line in lines if line.year == year and source in (None, line.source))
                    for year in years]
            yield (*titles, str(labels.SOURCE[source]) if source else _("계"), *(
                _amount(version, won) if won else "" for won in sums), _amount(version, sum(sums)))

    is_one = len(actions) == 1
    titles = () if is_one else (Column(name=_("번호"), width=.6), Column(name=_("사업명"), width=2.6, align="left"))
    return Table(
        heading=_("해와 재원마다 쓰는 돈"), unit=_in_unit(version), merged=len(titles), columns=(
            *titles, Column(name=_("재원"), width=.8), *(Column(name=_year(year), width=1.1) for year in years),
            Column(name=_("합계"), width=1.2)),
        rows=tuple(row for action in actions for row in rows(
            () if is_one else (str(action.number), action.title), [action])),
        foot=() if is_one else tuple(rows(("", _("합계")), actions)))


def _year(year: int) -> str:
    """As offices head it."""
    return {BEFORE: _("기투자"), LATER: _("장래")}.get(year) or labels.year(year)


def _schedule(plan: Plan, actions: Sequence[Action]) -> Table | None:
    """Months of the plan's year in which each action goes on."""
    months = [f"{plan.year}-{month:02}" for month in range(1, 13)]
    rows = [(str(action.number), action.title, *(
        "●" if action.begins <= month <= action.ends else "" for month in months)) for action in actions
            if action.begins and action.ends]
    return Table(heading=_("달마다 하는 일"), rows=tuple(rows), columns=(
        Column(name=_("번호"), width=.8), Column(name=_("사업명"), width=4, align="left"), *(
            Column(name=_("%(month)s월", month=number), width=.7, above=(_("%(year)s년", year=plan.year),))
            for number in range(1, 13)))) if rows else None


def _changes(version: PlanVersion) -> Iterator[Block]:
    """All that differs from the version before."""
    older = [other for other in version.plan.public_versions if other.number < version.number]
    if not older:
        return
    told = differences(older[-1].facts, version.facts)
    percent = f" ({told.percent.replace('-', '−')}%)" if told.percent else ""
    yield Table(heading=_("앞선 판과 달라진 점"), unit=_in_unit(version), columns=(
        Column(name=_("구분"), width=1.1), Column(name=_("사업명"), width=2.6, align="left"),
        Column(name=_("%(number)s판", number=older[-1].number)), Column(name=_("%(number)s판", number=version.number)),
        Column(name=_("늘고 줄어든 돈"), width=1.2), Column(name=_("이유"), width=3, align="left")),
        rows=tuple(_changed(version, change) for change in told.changes), foot=((
            "", _("합계"), _amount(version, told.before), _amount(version, told.after),
            _signed(version, told.after - told.before) + percent, ""),))


def _changed(version: PlanVersion, change: Change) -> Row:
    before, after = change.sums
    named = change.before and change.after and change.before.title != change.after.title
    was = [_("처음 이름: %(title)s", title=change.before.title)] if change.before and named else []
    why = [change.after.why_changed] if change.after else []
    return (str(labels.CHANGE[change.kind][0]), change.action.title, _amount(version, before), _amount(version, after),
            _signed(version, change.by), " ".join(filter(None, (*was, *why))))


def _of_item(plan: Plan, version: PlanVersion, action: Action) -> Sheet:
    blocks: list[Block | None] = [
        Facts(rows=((_("계획"), plan.title), (_("구분"), action.section), (_("담당"), action.lead),
                    (_("기간"), _span(action)))),
        Text(heading=_("필요한 이유"), paragraphs=(action.need,)) if action.need else None, _schedule(plan, [action]),
        _money(version, [action]) if action.money else None,
        Text(heading=_("고친 이유"), paragraphs=(action.why_changed,)) if action.why_changed else None]
    return _sheet(plan, version, action.title, f"{plan.slug}_{action.key}", tuple(filter(None, blocks)),
                  code=str(action.number))


def in_meetings(item: MeetingItem) -> tuple[Block, ...]:
    """Actions of the versions that an item of a meeting decided, and all that was changed in them, on its sheet."""
    return tuple(block for version in queries.decided_by(Ref("meeting_item", item.id)) for block in (
        *_of_actions(version), *_changes(version)))


def _amount(version: PlanVersion, won: int) -> int | Decimal:
    """In the unit of the plan."""
    return in_unit(won, version.plan.unit.won)


def _signed(version: PlanVersion, won: int) -> str:
    return f"{'+' if won > 0 else '−' if won < 0 else ''}{_amount(version, abs(won)):,}"


def _unit(version: PlanVersion) -> str:
    return str(labels.UNIT[version.plan.unit])


def _in_unit(version: PlanVersion) -> str:
    return _("(단위: %(unit)s)", unit=_unit(version))


def _span(action: Action) -> str:
    """`2021. 1.~6.`"""
    begins, ends = action.begins or "", action.ends or ""
    months = [f"{each[:4]}. {int(each[5:])}." if each else "" for each in (begins, ends)]
    if begins[:4] == ends[:4]:
        months[1] = months[1][6:]
    return "~".join(months) if begins or ends else ""


DECIDED.add(in_meetings)
declare(SheetKind(name="plan", label=_l("계획 문서"), load=load))
declare(SheetKind(name="plan-item", label=_l("계획의 과제"), load=load_items))
