"""Turnout by neighbourhood as a map."""

from collections.abc import Sequence

from civic_forum.district import queries
from civic_forum.district.maps import DistrictMap, district_map

from ..counting.rules import Cell


def turnout_map(cells: Sequence[Cell]) -> DistrictMap | None:
    """None where no neighbourhood has a figure; one that was hidden stays so."""
    if not cells:
        return None
    by_name = {cell.name: cell for cell in cells}
    places = [place for place in queries.neighbourhoods(closed=True)
              if place.closed_at is None or not by_name.keys().isdisjoint(place.names.values())]
    here = {place.id: by_name[name] for place in places for name in place.names.values() if name in by_name}
    rates = {place: 100 * cell.voted / cell.roll for place, cell in here.items()
             if cell.voted is not None and cell.roll}
    hidden = [place for place, cell in here.items() if cell.voted is None]
    return district_map(rates, lambda rate: f"{rate:.0f}%", hidden=hidden, neighbourhoods=places) if rates else None
