"""Charts and the map of commitments."""

from collections.abc import Mapping
from dataclasses import replace

from civic_forum.blocks.charts import Bar, Bars, Key, Part, Share, Stack, Stacked, Table
from civic_forum.district import queries as district
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.platform.i18n import _, day, number, won

from . import labels
from .detail import Detail, Year
from .queries.records import Kept, Totals
from .rules import Ledger
from .standings import Standing


def share(totals: Totals) -> Share:
    """Standings of all commitments as parts of one bar."""
    return Share(tuple(Part(str(labels.STANDING[one]), totals.standings[one], _("%(count)s개", count=number(
        totals.standings[one])), tone) for one, (_word, tone) in labels.TONES.items()))


def map_of(found: Mapping[int, int]) -> DistrictMap:
    """Commitments of each neighbourhood; each piece leads to those."""
    return district_map({one.id: found.get(one.id, 0) for one in district.neighbourhoods()}, _("개"),
                        href=lambda place: f"/commitments?neighbourhood={place}")


def money(totals: Totals) -> Bars | None:
    """Planned, secured and executed over all commitments, as far as it is known of any."""
    sums = ((_("계획"), totals.planned, totals.unplanned, "quiet"), (_("확보"), totals.secured, totals.unsecured, ""),
            (_("집행"), totals.executed, totals.unexecuted, "good"))
    rows = tuple(Bar(name, value, won(value), tone=tone) for name, value, unknown, tone in sums if unknown < totals.all)
    return Bars(rows) if any(row.value for row in rows) else None


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
    keys = (Key(_("집행"), "good"), Key(_("확보하고 남음"), "soft"), Key(_("확보함, 집행은 알려지지 않음"), "warm"),
            Key(_("계획만 함"), "quiet"))
    used = [place for place in range(len(keys)) if any(row.values[place] for row in rows)]
    return Stacked([replace(row, values=[row.values[place] for place in used]) for row in rows],
                   [keys[place] for place in used])


def table_of_days(ledger: Ledger) -> Table:
    """Of each milestone its part and its days."""
    return Table(_("단계"), (_("단계"), _("몫"), _("처음 정한 날"), _("지금 정한 날"), _("마친 날")),
                 [(one.title, f"{one.weight}%", *(day(each) if each else "-" for each in (
                     one.first_due_on, one.due_on, one.reached_on if one.is_shown else None)))
                  for one in ledger.milestones])


def table_of_money(found: Detail) -> Table:
    """Lines of the ledger; items only where a line has one."""
    lines, sums, total = found.ledger.lines, found.ledger.sums, found.ledger.total
    items = any(line.item for line in lines)
    return Table(
        _("돈") if total is None else f"{_('총사업비')} {won(total)}",
        (_("해"), _("재원"), *[_("항목")] * items, _("계획"), _("확보"), _("집행")),
        [(str(line.year), str(labels.SOURCE[line.source]), *[line.item] * items,
          *map(found.money, (line.planned, line.secured, line.executed)))
         for year in found.years for line in year.lines],
        (_("모두"), "", *[""] * items, *map(found.money, (found.ledger.planned, sums.secured, sums.executed))))


def kept(found: list[Kept]) -> Stacked:
    """Standings by department or field."""
    rows = tuple(Stack(one.name, tuple(one.standings[standing] for standing in labels.TONES),
                       _("%(kept)s / %(all)s개", kept=one.standings[Standing.KEPT],
                         all=sum(one.standings.values()))) for one in found)
    return Stacked(rows, tuple(Key(str(labels.STANDING[one]), tone) for one, (_word, tone) in labels.TONES.items()))
