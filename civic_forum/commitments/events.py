"""Events of commitments. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CommitmentMade:
    """Something was promised and stands on the desk of its department."""

    commitment_id: int


@dataclass(frozen=True)
class EntryProposed:
    """Waits for a second official of the department that keeps the commitment, or takes it by this entry."""

    commitment_id: int
    number: int
    department_id: int | None
    """Department whose officials are told; None: any."""


@dataclass(frozen=True)
class EntrySentBack:
    """An entry goes back to its writer, with a reason."""

    commitment_id: int
    number: int
    by_id: int | None
    """Its writer."""


@dataclass(frozen=True)
class EntryApproved:
    """Everybody can read it; the figures of the commitment follow."""

    commitment_id: int
    number: int


@dataclass(frozen=True)
class PersonNamed:
    """Somebody was put in charge of it by a colleague."""

    commitment_id: int
    number: int
    user_id: int
