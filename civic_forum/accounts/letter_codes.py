"""The codes of letters, of an alphabet of 32 without letters that look alike; 13 signs have 65 bits."""

import re
import secrets

from civic_forum.platform import keys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
_PURPOSE = "letter.code"
_READ_AS = str.maketrans("OIL", "011")


def fresh(length: int = LENGTH) -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(length))


def grouped(code: str) -> str:
    """`ABCD-EFGH-JKMNP`, as it stands on paper."""
    return re.sub(r"(.{4})(?=.{4})", r"\1-", code)


def normalised(typed: str) -> str:
    """A typed code, in capitals, without spaces and dashes, with O, I and L read as digits."""
    return "".join(sign for sign in typed.upper().translate(_READ_AS) if sign.isalnum() and sign.isascii())


def keyed(letter_id: int, identity_hash: bytes, code: str) -> bytes:
    """The keyed hash that is kept: it fits this letter and this person only."""
    return keys.keyed_hash(_PURPOSE, _bound(letter_id, identity_hash, code))


def fits(kept: bytes, letter_id: int, identity_hash: bytes, code: str) -> bool:
    """True if that was kept of this code, under whichever key."""
    return keys.is_one_of(kept, keys.hashes(_PURPOSE, _bound(letter_id, identity_hash, code)))


def _bound(letter_id: int, identity_hash: bytes, code: str) -> bytes:
    return f"{letter_id}:{identity_hash.hex()}:{code}".encode()
