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
class AccountTouched:
    """Staff did something by which they could have got into an account, or a second clerk has seen whose it is."""

    user_id: int
    act: str
    """`rules.StaffAct`"""


@dataclass(frozen=True)
class ManyActs:
    """One member of staff acted on as many accounts today as alarms."""

    by_id: int
    count: int


@dataclass(frozen=True)
class EmailConfirmed:
    """The owner of an address has opened the link that was sent there."""

    user_id: int
