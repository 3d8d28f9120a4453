"""Charts and the map of commitments."""

from collections.abc import Mapping
from dataclasses import replace

from civic_forum.blocks.charts import Bar, Bars, Key, Part, Share, Stack, Stacked, Table
from civic_forum.district import queries as district
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.platform.i18n import _, day, number, won

from . import labels
from .detail import Detail, Year
from .queries.board import Kept, Totals
from .rules import Ledger
from .standings import Standing


def share(totals: Totals) -> Share:
    """Standings of all commitments as parts of one bar."""
    return Share(tuple(Part(str(labels.STANDING[standing]), totals.standings[standing], _("%(count)s개", count=number(
        totals.standings[standing])), tone) for standing, (_word, tone) in labels.TONES.items()))


def map_of(counts: Mapping[int, int]) -> DistrictMap:
    """Commitments of each neighbourhood; each piece leads to those."""
    return district_map({place.id: counts.get(place.id, 0) for place in district.neighbourhoods()}, _("개"),
                        href=lambda place: f"/commitments?neighbourhood={place}")


def money(totals: Totals) -> Bars | None:
    """Planned, secured and executed over all commitments, as far as it is known of any."""
    sums = ((_("쓰기로 한 돈"), totals.planned, totals.unplanned, "quiet"),
            (_("마련한 돈"), totals.secured, totals.unsecured, ""), (_("쓴 돈"), totals.executed, totals.unexecuted, "good"))
    rows = tuple(Bar(name, total, won(total), tone=tone) for name, total, unknown, tone in sums if unknown < totals.all)
    return Bars(rows) if any(bar.value for bar in rows) else None


def money_by_year(years: list[Year]) -> Stacked:
    """Of each year what was executed, what is left of what was secured, what was secured without a word of what was
    spent, and what is only planned."""
    rows = []
    for year in years:
        sums = year.sums
        executed, secured = sums.executed or 0, sums.secured or 0
        beyond = max((sums.planned or 0) - max(executed, secured), 0)
        unsaid = 0 if sums.rest is not None else max(secured - executed, 0)
        rows.append(Stack(str(year.year), (executed, sums.rest or 0, unsaid, beyond),
                          won(max(executed, secured) or beyond)))
    keys = (Key(_("쓴 돈"), "good"), Key(_("마련하고 남은 돈"), "soft"), Key(_("마련한 돈, 쓴 돈은 모름"), "warm"),
            Key(_("쓰기로만 한 돈"), "quiet"))
    used = [place for place in range(len(keys)) if any(stack.values[place] for stack in rows)]
    return Stacked([replace(stack, values=[stack.values[place] for place in used]) for stack in rows],
                   [keys[place] for place in used])


def table_of_days(ledger: Ledger) -> Table:
    """Of each milestone its part and its days."""
    return Table(_("단계"), (_("단계"), _("몫"), _("처음 정한 날"), _("지금 정한 날"), _("마친 날")),
                 [(milestone.title, f"{milestone.weight}%", *(day(each) if each else "-" for each in (
                     milestone.first_due_on, milestone.due_on, milestone.reached_on if milestone.is_shown else None)))
                  for milestone in ledger.milestones])


def table_of_money(detail: Detail) -> Table:
    """Lines of the ledger; items only where a line has one."""
    lines, sums, total = detail.ledger.lines, detail.ledger.sums, detail.ledger.total
    items = any(line.item for line in lines)
    return Table(
        _("돈") if total is None else f"{_('총사업비')} {won(total)}",
        (_("해"), _("재원"), *[_("항목")] * items, _("쓰기로 한 돈"), _("마련한 돈"), _("쓴 돈")),
        [(str(line.year), str(labels.SOURCE[line.source]), *[line.item] * items,
          *map(detail.money, (line.planned, line.secured, line.executed)))
         for year in detail.years for line in year.lines],
        (_("모두"), "", *[""] * items, *map(detail.money, (detail.ledger.planned, sums.secured, sums.executed))))


def kept(groups: list[Kept]) -> Stacked:
    """Standings by department or field."""
    rows = tuple(Stack(group.name, tuple(group.standings[standing] for standing in labels.TONES),
                       _("%(kept)s / %(all)s개", kept=group.standings[Standing.KEPT],
                         all=sum(group.standings.values()))) for group in groups)
    return Stacked(rows, tuple(Key(str(labels.STANDING[each]), tone) for each, (_word, tone) in labels.TONES.items()))
