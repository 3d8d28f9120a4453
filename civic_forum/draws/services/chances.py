"""The chance of each cell, drawn with ten thousand seeds that follow from the commit."""

from civic_forum.platform.work import use_case

from .. import operations, queries
from ..rules import filling


def reckon() -> int:
    """Reckon those of draws that were committed since; how many there were."""
    waiting = [draw.id for draw in queries.without_chance()]
    for draw_id in waiting:
        draw = queries.known(draw_id)
        chance = filling.chance(operations.lots_of(draw), draw.cell_of, draw.commit)
        with use_case(None) as work:
            queries.locked(draw_id).chance = chance
            work.record("draws.chance_reckoned", f"draw:{draw_id}")
    return len(waiting)
