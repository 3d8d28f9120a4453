"""Turnout by neighbourhood as a map."""

from collections.abc import Sequence

from civic_forum.district import queries
from civic_forum.district.maps import DistrictMap, district_map

from ..counting.rules import Cell


def turnout_map(cells: Sequence[Cell]) -> DistrictMap | None:
    """None where no neighbourhood has a figure; one that was hidden stays so."""
    if not cells:
        return None
    by_name, places = {cell.name: cell for cell in cells}, queries.neighbourhoods()
    here = {place.id: by_name[place.name] for place in places if place.name in by_name}
    rates = {place: 100 * cell.voted / cell.roll for place, cell in here.items()
             if cell.voted is not None and cell.roll}
    hidden = [place for place, cell in here.items() if cell.voted is None]
    return district_map(rates, _percent, hidden=hidden, neighbourhoods=places) if rates else None


def _percent(rate: float) -> str:
    return f"{rate:.0f}%"
