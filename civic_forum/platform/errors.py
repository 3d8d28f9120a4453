"""The ways in which the site says no. The text is a sentence that says what to do."""

from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")


class Refusal(Exception):
    """A request that was understood and will not be carried out.

    `field` names the form field that the sentence is about, if there is one.
    """

    status = 422

    def __init__(self, reason: object, *, field: str | None = None):
        super().__init__(str(reason))
        self.field = field


class Invalid(Refusal):
    """The request itself makes no sense: an unknown filter, a broken token."""

    status = 400


class Denied(Refusal):
    """This person may not do this."""

    status = 403


class ProofNeeded(Exception):
    """Whoever asks has to say once more who they are; then the same goes on. No refusal, so that no form takes it for
    one of its own. `passkey`: by a passkey, and not by the password."""

    def __init__(self, *, passkey: bool = False):
        super().__init__()
        self.passkey = passkey


class NotFound(Refusal):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(Refusal):
    """Somebody else got there first, or the thing has changed since."""

    status = 409


class TooMany(Refusal):
    """Too often; `retry_after` says after how many seconds it works again."""

    status = 429

    def __init__(self, reason: object, *, retry_after: int = 60):
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """A part of the site is away for the moment; `retry_after` says after how many seconds to try again, if known."""

    status = 503

    def __init__(self, reason: object, *, retry_after: int | None = None):
        super().__init__(reason)
        self.retry_after = retry_after


class Busy(Unavailable):
    """More is asked at once than is done soon."""


def existing(record: R | None, missing: Callable[[], Refusal]) -> R:
    """The record, where there is one. Raises the error of `missing` otherwise."""
    if record is None:
        raise missing()
    return record
