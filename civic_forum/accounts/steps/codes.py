"""Issuing one-time codes inside the caller's transaction."""

import unicodedata
from datetime import datetime
from secrets import choice, randbelow, token_urlsafe

import sqlalchemy as sa

from ..models import OneTimeCode
from ..queries.codes import code_hash
from ..rules import LIFETIME, MOBILE_CODE_DIGITS, Purpose

READABLE = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and letters that nobody takes for another: no 0 and o, no 1, i and l."""
GROUPS, GROUP = 3, 5
"""15 characters of 31: 74 bits."""


def issue_code(session, user_id: int, purpose: Purpose, *, at: datetime, email: str | None = None,
               by_id: int | None = None) -> str:
    """A code that works once and ends the older ones of its kind; only its keyed hash is kept."""
    end_codes(session, user_id, purpose, at=at)
    code = _TYPED[purpose]() if purpose in _TYPED else token_urlsafe(32)
    session.add(OneTimeCode(user_id=user_id, purpose=purpose, email=email, issued_by_id=by_id, created_at=at,
                            expires_at=at + LIFETIME[purpose],
                            code_hash=code_hash(kept_form(code, user_id, purpose, at))))
    return code


def end_codes(session, user_id: int, *purposes: Purpose, at: datetime) -> None:
    session.execute(sa.update(OneTimeCode).where(
        OneTimeCode.user_id == user_id, OneTimeCode.purpose.in_(purposes), OneTimeCode.used_at.is_(None),
    ).values(used_at=at))


def kept_form(code: str, user_id: int, purpose: Purpose, at: datetime) -> str:
    """Form of a code that is hashed: a code typed by hand counts in any case and grouping, and only for its user;
    digits, which are few and may come again, only with the moment at which they were sent."""
    if purpose is Purpose.CONFIRM_MOBILE:
        return f"{user_id}:{at.timestamp()}:" + "".join(
            character for character in unicodedata.normalize("NFKC", code) if character.isdecimal())
    if purpose is Purpose.DESK_RESET:
        return f"{user_id}:" + "".join(character for character in code.lower() if character.isalnum())
    return code


def readable_code() -> str:
    return "-".join("".join(choice(READABLE) for _each in range(GROUP)) for _group in range(GROUPS))


def short_code() -> str:
    return f"{randbelow(10 ** MOBILE_CODE_DIGITS):0{MOBILE_CODE_DIGITS}}"


_TYPED = {Purpose.DESK_RESET: readable_code, Purpose.CONFIRM_MOBILE: short_code}
"""Codes that are typed by hand; the others are part of an address."""
