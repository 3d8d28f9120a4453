"""Facts of bodies. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BodyMade:
    body_id: int


@dataclass(frozen=True)
class BodyEdited:
    body_id: int


@dataclass(frozen=True)
class MembershipBegun:
    membership_id: int
    body_id: int


@dataclass(frozen=True)
class MemberChangeRefused:
    change_id: int
    body_id: int
    by_id: int
    """Proposer."""
    reason: str


@dataclass(frozen=True)
class MembershipEnded:
    membership_id: int
    body_id: int
