"""Keys derived from the key K of a ballot box, and the keyed names made with them."""

import hmac
from hashlib import sha256

KEY_BYTES = ROW_KEY_BYTES = PERSON_BYTES = HASH_BYTES = 32
BOX_BYTES = FORM_KEY_BYTES = MINE_BYTES = NAME_BYTES = STATE_BYTES = SALT_BYTES = 16
LENGTHS = {"key": KEY_BYTES, "row_key": ROW_KEY_BYTES, "person": PERSON_BYTES, "mark": HASH_BYTES,
           "commitment": HASH_BYTES, "box": BOX_BYTES, "form_key": FORM_KEY_BYTES, "mine": MINE_BYTES,
           "name": NAME_BYTES, "state": STATE_BYTES, "salt": SALT_BYTES}
NUMBER_BYTES = 4
PURPOSES = ("row", "seal", "kept", "name", "blind", "state", "ledger", "closing")
_LABELS = {purpose: b"civic-forum/2/" + purpose.encode() for purpose in PURPOSES}


class BoxKeys:
    """Subkeys of K, one for each purpose: k(x) = HMAC-SHA256(K, "civic-forum/2/" ‖ x). Held no longer than the work at
    hand. Values of another length than the format's raise ValueError."""

    __slots__ = ("_key", "_keys", "sha256")

    def __init__(self, key: bytes) -> None:
        check_lengths(key=key)
        self._key, self.sha256 = key, sha256(key).digest()
        self._keys: dict[str, bytes] = {}

    def subkey(self, purpose: str) -> bytes:
        """The subkey of one of `PURPOSES`, made when it is first needed: casting waits."""
        if purpose not in self._keys:
            self._keys[purpose] = _hmac(self._key, _LABELS[purpose])
        return self._keys[purpose]

    def row_key(self, box: bytes, person: bytes) -> bytes:
        """Name of a person's row in one box; never in the record."""
        check_lengths(box=box, person=person)
        return _hmac(self.subkey("row"), box + person)

    def n(self, row_key: bytes, revision: int, form_key: bytes) -> bytes:
        """Number that hides the choice in the commitment of one cast."""
        return _hmac(self.subkey("blind"), _of_cast(row_key, revision, form_key))

    def state(self, row_key: bytes, revision: int, form_key: bytes) -> bytes:
        """State of a voter's row as a form carries it; no row is revision 0 with a form key of zeros."""
        return _hmac(self.subkey("state"), _of_cast(row_key, revision, form_key))[:STATE_BYTES]

    def name(self, mine: bytes) -> bytes:
        """Primary key of the sealed promise that belongs to a voter's `mine`."""
        check_lengths(mine=mine)
        return _hmac(self.subkey("name"), mine)[:NAME_BYTES]


def four_bytes(number: int) -> bytes:
    """A revision, paper or option number, big-endian; OverflowError beyond 2³² − 1."""
    return number.to_bytes(NUMBER_BYTES, "big")


def check_lengths(**values: bytes) -> None:
    """ValueError unless each value has the length of what it is called."""
    for name, value in values.items():
        if len(value) != LENGTHS[name]:
            raise ValueError(f"{name}: {LENGTHS[name]} bytes, not {len(value)}")


def _of_cast(row_key: bytes, revision: int, form_key: bytes) -> bytes:
    check_lengths(row_key=row_key, form_key=form_key)
    return row_key + four_bytes(revision) + form_key


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
