"""Registrations of series with the rest of the site."""

from typing import Any

from civic_forum.blocks import kinds
from civic_forum.blocks.extensions import PREPARERS
from civic_forum.blocks.pages import MENU, USED, Navigation
from civic_forum.commitments.extensions import COUNTED, Counted
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.platform import site_version
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry
from civic_forum.search import operations as search

from . import operations, queries
from .events import SeriesAnnounced, SeriesEdited
from .kinds import PUBLIC
from .labels import PICKED
from .models import Series, SeriesThing

search.follow(PUBLIC, "series_id", SeriesAnnounced, SeriesEdited)


def prepares_step(actor: Any, record: Any) -> bool | None:
    """True for those who prepare a series of which this stands for a step; without a record, for all who may."""
    if site_version.is_unused(SeriesThing.__tablename__):  # a district without any
        return None
    departments, places = actor.department_ids(), actor.neighbourhood_ids()
    if record is None or not (departments or places):
        return bool(places)
    kind = next((kind for kind in PICKED if isinstance(record, kinds.of(kind).model)), None)
    return None if kind is None or record.id is None else queries.is_step_of(kind, record, departments, places)


def counted(commitment_id: int) -> list[Counted]:
    """Numbers of what was held in the series that count for a commitment."""
    if site_version.is_unused(Series.__tablename__):
        return []
    series = queries.counting_for(commitment_id)
    held = queries.held(*series) if series else {}
    return [Counted(target=each.target or "", year=str(each.year), held=held[each.id], is_known=each.has_things,
                    url=each.url) for each in series]


COUNTED.add(counted)
PREPARERS.add(prepares_step)
ENTRIES["series"] = DeskEntry("series.prepare", _l("한 해 사업"), "series_desk.index")
MENU["series"] = Navigation(_l("주민총회"), "series.assemblies", 27, "votes")
USED["series"] = Series.__tablename__
OPEN_WORK["series"] = Moving(label=_l("한 해 사업"), model=Series, column=Series.department_id,
                             is_open=(queries.GOES_ON,))
OPEN_WORK["assemblies"] = Moving(label=_l("주민총회"), model=Series, column=Series.neighbourhood_id,
                                 list=DistrictList.NEIGHBOURHOODS, is_open=(queries.GOES_ON,),
                                 move=operations.move_assembly)
