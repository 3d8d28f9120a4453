"""Events of accounts."""

from dataclasses import dataclass
from datetime import date


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
class DeputyBegins:
    """Somebody stands in for another one from this day on."""

    user_id: int
    absence_id: int
    until: date


@dataclass(frozen=True)
class RoleEnds:
    """The last day of a role is near."""

    user_id: int
    grant_id: int
    until: date


@dataclass(frozen=True)
class RoleMoved:
    """The department or neighbourhood of a role was closed; the role goes on at its successor."""

    user_id: int
    grant_id: int
    place: str
    """Korean name of the successor."""


@dataclass(frozen=True)
class RolesEnded:
    """Somebody works for the office no more, or in a role less, in this transaction."""

    user_id: int


@dataclass(frozen=True)
class WorkReceived:
    """Somebody got what another one held who leaves the office."""

    user_id: int
    from_id: int
    count: int


@dataclass(frozen=True)
class ManyActs:
    """One member of staff acted on as many accounts today as alarms."""

    by_id: int
    count: int


@dataclass(frozen=True)
class EmailConfirmed:
    """The owner of an address has opened the link that was sent there."""

    user_id: int
