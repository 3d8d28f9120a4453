"""Series inside the transaction of others."""

from civic_forum.platform.work import Work

from . import queries
from .models import Series


def move_assembly(_work: Work, series: Series, neighbourhood_id: int) -> None:
    """Carry an assembly over to the successor of its neighbourhood. Where that has one of its own in that year it stays
    as it was: its steps are over there."""
    if not queries.has_assembly(series.year, neighbourhood_id):
        series.neighbourhood_id = neighbourhood_id
