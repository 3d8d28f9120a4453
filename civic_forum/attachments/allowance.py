"""Pixels, bytes and seconds of a processor that an account may use for uploads within an hour; whoever has no account
uploads nothing."""

import math

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.platform.i18n import _n
from civic_forum.platform.web import count_in_hours, left_in_hours

from .rules import MEGABYTE

OF_THE_UNCONFIRMED = 4
"""Into how many parts it is cut without a confirmed e-mail address."""
HALVES = 2
"""Seconds are counted in halves."""


def spend(by: User, pixels: int, size: int) -> None:
    """Count these files before they are decoded; raises TooMany with the minutes to wait, also where what was sent
    before took all the seconds that there are."""
    if not left_in_hours(1, *_seconds(by)):
        count_in_hours(1, *_seconds(by), text=_said)
    for what, used in (("UPLOAD_MEGAPIXELS", -(-pixels // 1_000_000)), ("UPLOAD_MEGABYTES", -(-size // MEGABYTE))):
        if used:
            count_in_hours(1, *_allowed(what, by), cost=used, text=_said)


def charge(by: User, seconds: float) -> None:
    """Count what reading a file took, up to all that there is; it tells at the next one."""
    if used := min(math.ceil(seconds * HALVES), left_in_hours(1, *_seconds(by))):
        count_in_hours(1, *_seconds(by), cost=used)


def _seconds(by: User) -> tuple[str, str, int]:
    return _allowed("UPLOAD_SECONDS", by, HALVES)


def _allowed(what: str, by: User, parts: int = 1) -> tuple[str, str, int]:
    cut = 1 if by.confirmed_email else OF_THE_UNCONFIRMED
    return what.lower(), f"user:{by.id}", max(1, parts * current_app.config[f"LIMIT_{what}"] // cut)


def _said(minutes: int) -> str:
    return _n("한 시간에 올릴 수 있는 파일을 다 올렸어요. %(num)s분 뒤에 다시 올려 주세요.",
              "한 시간에 올릴 수 있는 파일을 다 올렸어요. %(num)s분 뒤에 다시 올려 주세요.", minutes)
