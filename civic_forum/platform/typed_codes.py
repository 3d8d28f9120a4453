"""Codes that people type from paper, of an alphabet of 32 without letters that look alike; 13 signs have 65 bits."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
_READ_AS = str.maketrans("OIL", "011")


def fresh(length: int = LENGTH) -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(length))


def grouped(code: str) -> str:
    """`ABCD-EFGH-JKMNP`, as it stands on paper."""
    return re.sub(r"(.{4})(?=.{4})", r"\1-", code)


def normalised(typed: str) -> str:
    """A typed code, in capitals, without spaces and dashes, with O, I and L read as digits."""
    return "".join(sign for sign in typed.upper().translate(_READ_AS) if sign.isalnum() and sign.isascii())
