"""What the vote's key K makes: keyed names that join nothing to a person, and sealed choices."""

import hmac
from enum import IntEnum
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_BYTES = 32
BOX_BYTES, FORM_KEY_BYTES, NONCE_BYTES = 16, 16, 12
PERSON_BYTES = HASH_BYTES = 32
LAST_REVISION = 2**32 - 1


class CastKind(IntEnum):
    """The first sealed byte."""

    BALLOT = 1
    WITHDRAWAL = 2


class Damaged(Exception):
    """A sealed choice was altered, moved to another row, or sealed with another key."""


class BoxKeys:
    """Everything that is derived from K, for one box; hold it no longer than the work at hand.

    `k(x) = HMAC-SHA256(K, "civic-forum/1/" ‖ x)`. All parts are of fixed length, so that putting them one
    after another is unambiguous; other lengths raise ValueError.
    """

    __slots__ = ("_cast", "_n1", "_n2", "_row", "_seal", "_tag")

    def __init__(self, key: bytes) -> None:
        _check_length("key", key, KEY_BYTES)
        self._row, self._tag, self._cast, self._n1, self._n2, self._seal = (
            _hmac(key, b"civic-forum/1/" + name) for name in (b"row", b"tag", b"cast", b"n1", b"n2", b"seal")
        )

    def row_key(self, box: bytes, person: bytes) -> bytes:
        """Names a person's row in the database, never in the record."""
        _check_length("box", box, BOX_BYTES)
        _check_length("person", person, PERSON_BYTES)
        return _hmac(self._row, box + person)

    def tag(self, row_key: bytes) -> bytes:
        """Joins the revisions of one voter in the record, never in the database."""
        _check_length("row key", row_key, HASH_BYTES)
        return _hmac(self._tag, row_key)

    def cast_id(self, row_key: bytes, form_key: bytes) -> bytes:
        """The same form sent twice has the same id."""
        _check_length("row key", row_key, HASH_BYTES)
        _check_length("form key", form_key, FORM_KEY_BYTES)
        return _hmac(self._cast, row_key + form_key)

    def n1(self, cast_id: bytes, revision: int) -> bytes:
        """The random-looking number that hides the who-half of an entry until it is opened."""
        _check_length("cast id", cast_id, HASH_BYTES)
        return _hmac(self._n1, cast_id + revision_bytes(revision))

    def n2(self, cast_id: bytes, revision: int) -> bytes:
        """The same for the what-half."""
        _check_length("cast id", cast_id, HASH_BYTES)
        return _hmac(self._n2, cast_id + revision_bytes(revision))

    def seal(
        self, kind: CastKind, choice: bytes, *, box: bytes, cast_id: bytes, row_key: bytes, revision: int
    ) -> bytes:
        """Nonce ‖ ChaCha20-Poly1305 (RFC 8439) over kind ‖ choice, bound to the row that keeps it."""
        if kind is CastKind.WITHDRAWAL and any(choice):
            raise ValueError("a withdrawal has no choice")
        nonce = token_bytes(NONCE_BYTES)
        bound_to = _bound_to(box, cast_id, row_key, revision)
        return nonce + ChaCha20Poly1305(self._seal).encrypt(nonce, bytes([kind]) + choice, bound_to)

    def unseal(
        self, sealed: bytes, *, box: bytes, cast_id: bytes, row_key: bytes, revision: int
    ) -> tuple[CastKind, bytes]:
        """Kind and choice; raises Damaged when one bit of them or of the row is not as it was sealed."""
        bound_to = _bound_to(box, cast_id, row_key, revision)
        try:
            opened = ChaCha20Poly1305(self._seal).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
            kind, choice = CastKind(opened[0]), opened[1:]
        except (InvalidTag, ValueError, IndexError) as error:
            raise Damaged("a sealed ballot cannot be opened") from error
        if kind is CastKind.WITHDRAWAL and any(choice):
            raise Damaged("a withdrawal with a choice")
        return kind, choice


def revision_bytes(revision: int) -> bytes:
    """Four bytes, big-endian; revisions count from 1."""
    if not 1 <= revision <= LAST_REVISION:
        raise ValueError("revisions count from 1")
    return revision.to_bytes(4, "big")


def _bound_to(box: bytes, cast_id: bytes, row_key: bytes, revision: int) -> bytes:
    _check_length("box", box, BOX_BYTES)
    _check_length("cast id", cast_id, HASH_BYTES)
    _check_length("row key", row_key, HASH_BYTES)
    return box + cast_id + row_key + revision_bytes(revision)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _check_length(name: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise ValueError(f"{name}: {length} bytes, not {len(value)}")
