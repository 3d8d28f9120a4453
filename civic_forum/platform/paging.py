"""Keyset pagination: a page ends in a token that names its last row."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Generic, TypeVar

from .errors import Invalid
from .i18n import _

T = TypeVar("T")
EPOCH = datetime(2000, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Page(Generic[T]):
    items: list[T]
    after: str | None
    """Token of the next page, None on the last."""


def token(*parts: int | str) -> str:
    raw = json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def parts(text: str | None, *kinds: type) -> list | None:
    """Values that `token` was given; None for no token. Raises Invalid for anything else."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        fits = isinstance(values, list) and [type(value) for value in values] == list(kinds)
    except (ValueError, RecursionError):
        fits = False
    if not fits or not all(map(_is_kept, values)):
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요."))
    return values


def _is_kept(value: int | str) -> bool:
    """True if every database can hold it."""
    return abs(value) <= 2**62 if isinstance(value, int) else value.isprintable()


def microseconds(moment: datetime) -> int:
    """A moment as part of a token, to the last digit."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The same back; for a number that is no moment, some moment."""
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return EPOCH


def page_of(rows: Sequence[T], size: int, key: Callable[[T], tuple]) -> Page[T]:
    """Cut `size + 1` rows to a page of `size`; `key` gives the parts of the token of a row."""
    items = list(rows[:size])
    return Page(items, token(*key(items[-1])) if len(rows) > size else None)
