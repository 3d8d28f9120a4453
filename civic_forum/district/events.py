"""Facts about the lists of the district."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Closing:
    """Told in the transaction that closes an entry, before anything moves."""

    list: str
    """As `DistrictList` calls it."""
    id: int
    successor_id: int
    head_id: int | None
    """Of departments: the person who was chosen to head the successor."""


@dataclass(frozen=True)
class Renamed:
    """Told in the transaction that renames it, or closes it: then `after` is its successor."""

    list: str
    """As `DistrictList` calls it."""
    id: int
    before: str
    after: str
    """Korean names."""
