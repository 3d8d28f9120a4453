"""Facts of series. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeriesEdited:
    series_id: int


@dataclass(frozen=True)
class SeriesAnnounced:
    series_id: int
