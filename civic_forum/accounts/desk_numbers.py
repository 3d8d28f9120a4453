"""The number that somebody shows at the desk: whoever can read it is signed in to that account now.

`1234-482913`: the number of the account and six digits of a keyed hash of it, the time and the last that was handed in
in its name: what a clerk takes by it uses it up. Nothing is stored.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from civic_forum.platform import keys

from .queries.people import last_submission

STEP = timedelta(hours=12)
STEPS = 3
"""A number holds for the step in which it was shown and the two after it: 24 to 36 hours, as long as a visit takes."""
DIGITS = 6
MOST = 40
"""Characters of what was typed that are looked at."""


@dataclass(frozen=True)
class DeskNumber:
    text: str
    until: datetime


def shown(user_id: int, at: datetime) -> DeskNumber:
    """Content of the page of this account."""
    step = _step(at)
    until = datetime.fromtimestamp((step + STEPS) * STEP.total_seconds(), timezone.utc)
    return DeskNumber(f"{user_id}-{_digits(user_id, step, last_submission(user_id))[0]}", until)


def account_in(typed: str) -> int | None:
    """The number of the account that was typed with its digits, in any grouping; proves nothing yet."""
    written = _plain(typed)
    return int(written[:-DIGITS]) if len(written) > DIGITS else None


def holds(typed: str, at: datetime) -> bool:
    """True if the number that was typed is one that its account showed within the last day."""
    user_id, step = account_in(typed), _step(at)
    if user_id is None:
        return False
    last = last_submission(user_id)
    return keys.is_one_of(_plain(typed), [
        f"{user_id}{digits}" for shown in range(step, step - STEPS, -1) for digits in _digits(user_id, shown, last)])


def _step(at: datetime) -> int:
    return int(at.timestamp() // STEP.total_seconds())


def _digits(user_id: int, step: int, last: int) -> list[str]:
    """By every key, the newest first."""
    return [f"{int.from_bytes(made[:8], 'big') % 10 ** DIGITS:0{DIGITS}d}"
            for made in keys.hashes("desk.number", f"{user_id}:{step}:{last}".encode())]


def _plain(typed: str) -> str:
    """The digits alone; nothing where anything else was typed with them."""
    written = unicodedata.normalize("NFKC", typed[:MOST])
    digits = "".join(sign for sign in written if sign not in "-‐‑–— ")
    return digits if digits.isascii() and digits.isdecimal() and len(digits) <= 18 + DIGITS else ""
