"""Pixels and bytes that an account may upload within an hour; whoever has no account uploads nothing."""

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.platform.i18n import _n
from civic_forum.platform.web import count_in_hours

from .rules import MEGABYTE

OF_THE_UNCONFIRMED = 4
"""Into how many parts it is cut without a confirmed e-mail address."""


def spend(by: User, pixels: int, size: int) -> None:
    """Count these files before they are decoded; raises TooMany with the minutes to wait."""
    part = 1 if by.confirmed_email else OF_THE_UNCONFIRMED
    for what, used in (("UPLOAD_MEGAPIXELS", -(-pixels // 1_000_000)), ("UPLOAD_MEGABYTES", -(-size // MEGABYTE))):
        if used:
            count_in_hours(1, what.lower(), f"user:{by.id}", max(1, current_app.config[f"LIMIT_{what}"] // part),
                           cost=used, said=_said)


def _said(minutes: int) -> str:
    return _n("한 시간에 올릴 수 있는 파일을 다 올렸어요. %(num)s분 뒤에 다시 올려 주세요.",
              "한 시간에 올릴 수 있는 파일을 다 올렸어요. %(num)s분 뒤에 다시 올려 주세요.", minutes)
