"""Facts of intake. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemsTaken:
    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class TakenForSomebody:
    """A clerk wrote down something in the name of this account."""

    item_id: int
    user_id: int


@dataclass(frozen=True)
class ItemChecked:
    item_id: int


@dataclass(frozen=True)
class ItemSorted:
    """Or brought back to what waits to be sorted."""

    intake_item_id: int


@dataclass(frozen=True)
class ClaimBegun:
    """Of what somebody else has."""

    claim_id: int


@dataclass(frozen=True)
class ClaimSettled:
    """Granted or declined."""

    claim_id: int


@dataclass(frozen=True)
class ItemWithdrawn:
    item_id: int
