"""Keyed hashes of the codes of letters."""

from civic_forum.platform import keys

_PURPOSE = "letter.code"


def keyed(letter_id: int, identity_hash: bytes, code: str) -> bytes:
    """The keyed hash that is kept: it fits this letter and this person only."""
    return keys.keyed_hash(_PURPOSE, _bound(letter_id, identity_hash, code))


def fits(kept: bytes, letter_id: int, identity_hash: bytes, code: str) -> bool:
    """True if that was kept of this code, under whichever key."""
    return keys.is_one_of(kept, keys.hashes(_PURPOSE, _bound(letter_id, identity_hash, code)))


def _bound(letter_id: int, identity_hash: bytes, code: str) -> bytes:
    return f"{letter_id}:{identity_hash.hex()}:{code}".encode()
