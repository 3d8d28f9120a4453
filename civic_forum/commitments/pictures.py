"""Charts and the map of commitments."""

from collections.abc import Mapping

from civic_forum.blocks.charts import Bar, Bars, Key, Part, Share, Stack, Stacked
from civic_forum.district import queries as district
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.platform.i18n import _, number, won

from . import labels
from .detail import Year, amount
from .queries import Kept, Totals
from .rules import Standing, Unit

TONES = {Standing.KEPT: "good", Standing.GOING: "soft", Standing.LATE: "bad", Standing.STOPPED: "quiet"}


def share(totals: Totals) -> Share:
    """Standings of all commitments as parts of one bar."""
    return Share(tuple(Part(str(labels.STANDING[one]), totals.standings[one], _("%(count)s개", count=number(
        totals.standings[one])), tone) for one, tone in TONES.items()))


def map_of(found: Mapping[int, int]) -> DistrictMap:
    """Commitments of each neighbourhood; each piece leads to those."""
    return district_map({one.id: found.get(one.id, 0) for one in district.neighbourhoods()}, None, _("개"),
                        href=lambda place: f"/commitments?neighbourhood={place}")


def money(totals: Totals) -> Bars | None:
    """Planned, secured and executed over all commitments."""
    sums = ((_("계획"), totals.planned, "quiet"), (_("확보"), totals.secured, ""), (_("집행"), totals.executed, "good"))
    rows = tuple(Bar(name, value, won(value), tone=tone) for name, value, tone in sums)
    return Bars(rows) if any(row.value for row in rows) else None


def money_by_year(years: list[Year], unit: Unit) -> Stacked:
    """Of each year what was executed and what is left of what was secured, or of what is planned."""
    rows = []
    for year in years:
        found = year.sums
        executed, secured, planned = found.executed or 0, found.secured, found.planned or 0
        left = max((planned if secured is None else secured) - executed, 0)
        beyond = max(planned - executed - left, 0)
        rows.append(Stack(str(year.year), (executed, left if secured is not None else 0,
                                           beyond if secured is not None else left), amount(executed + left, unit)))
    return Stacked(tuple(rows), (Key(_("집행"), "good"), Key(_("확보하고 남음"), "soft"), Key(_("계획만 함"), "quiet")))


def kept(found: list[Kept]) -> Stacked:
    """Standings by department or field."""
    rows = tuple(Stack(one.name, tuple(one.standings[standing] for standing in TONES),
                       _("%(all)s개 가운데 %(kept)s개 지킴", all=sum(one.standings.values()),
                         kept=one.standings[Standing.KEPT])) for one in found)
    return Stacked(rows, tuple(Key(str(labels.STANDING[one]), tone) for one, tone in TONES.items()))
