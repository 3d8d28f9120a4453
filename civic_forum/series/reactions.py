"""Registrations of series with the rest of the site."""

from typing import Any

from civic_forum.blocks import kinds
from civic_forum.blocks.extensions import PREPARERS
from civic_forum.blocks.pages import MENU, USED, Navigation
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
    """True for those who prepare a series of which this stands for a step."""
    if site_version.is_unused(SeriesThing.__tablename__):  # a district without any
        return None
    departments, places = actor.department_ids(), actor.neighbourhood_ids()
    kind = next((kind for kind in PICKED if isinstance(record, kinds.of(kind).model)), None)
    if kind is None or record.id is None or not (departments or places):
        return None
    return queries.is_step_of(kind, record.id, departments, places)


PREPARERS.add(prepares_step)
ENTRIES["series"] = DeskEntry("series.prepare", _l("한 해 사업"), "series_desk.index")
MENU["series"] = Navigation(_l("주민총회"), "series.assemblies", 27, "votes")
USED["series"] = Series.__tablename__
OPEN_WORK["series"] = Moving(label=_l("한 해 사업"), model=Series, column=Series.department_id,
                             is_open=(queries.GOES_ON,))
OPEN_WORK["assemblies"] = Moving(label=_l("주민총회"), model=Series, column=Series.neighbourhood_id,
                                 list=DistrictList.NEIGHBOURHOODS, is_open=(queries.GOES_ON,),
                                 move=operations.move_assembly)
