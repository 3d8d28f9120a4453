"""Facts of petitions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PetitionEdited:
    petition_id: int


@dataclass(frozen=True)
class PetitionAnnounced(PetitionEdited):
    slug: str = ""
