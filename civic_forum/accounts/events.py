"""Events of accounts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserLeft:
    """Told inside the transaction of leaving, after everything personal was erased."""

    user_id: int


@dataclass(frozen=True)
class PersonVerified:
    """An account was tied to a verified person, in this transaction; the row of the account is held."""

    user_id: int


@dataclass(frozen=True)
class EmailConfirmed:
    """The owner of an address has opened the link that was sent there."""

    user_id: int
