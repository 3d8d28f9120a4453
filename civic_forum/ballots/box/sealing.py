"""Keys derived from the key K of a box, entries of its log, sealed rows of voters."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from hashlib import sha256
from secrets import token_bytes
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ..rules.log import digest, frame, leaf_hash, root

KEY_BYTES = ROW_KEY_BYTES = PERSON_BYTES = HASH_BYTES = 32
BOX_BYTES = FORM_KEY_BYTES = MINE_BYTES = NAME_BYTES = STATE_BYTES = SALT_BYTES = 16
LENGTHS = {"key": KEY_BYTES, "row_key": ROW_KEY_BYTES, "person": PERSON_BYTES, "mark": HASH_BYTES,
           "commitment": HASH_BYTES, "box": BOX_BYTES, "form_key": FORM_KEY_BYTES, "mine": MINE_BYTES,
           "name": NAME_BYTES, "state": STATE_BYTES, "salt": SALT_BYTES}
NUMBER_BYTES = 4
PURPOSES = ("row", "seal", "kept", "name", "blind", "state", "ledger", "closing", "added", "account", "withdrawal")
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

    def form_key(self, account: bytes, drawn: bytes | None = None) -> bytes:
        """Form key of a ballot opened by an account, as long and as random as any: its second half says by which,
        after which act of staff, to whoever has K."""
        first = drawn[:FORM_KEY_BYTES // 2] if drawn else token_bytes(FORM_KEY_BYTES // 2)
        return first + _hmac(self.subkey("account"), first + account)[:FORM_KEY_BYTES // 2]

    def name(self, mine: bytes) -> bytes:
        """Primary key of the sealed promise that belongs to a voter's `mine`."""
        check_lengths(mine=mine)
        return _hmac(self.subkey("name"), mine)[:NAME_BYTES]

    def salt(self, box: bytes, person: bytes) -> bytes:
        """Salt of an addition to the roll: whoever comes again has the same leaf, and nobody without K makes one."""
        check_lengths(box=box, person=person)
        return _hmac(self.subkey("added"), box + person)[:SALT_BYTES]


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


class EntryType(StrEnum):
    """Kinds of log entries."""

    BALLOT = "ballot"
    PAPER = "paper"
    OBJECTION = "objection"


class Leaf(NamedTuple):
    """A ballot's leaf; sorted by hash, as the log has them."""

    hash: bytes
    mark: bytes
    commitment: bytes


def fingerprint(definition: bytes) -> bytes:
    """Fingerprint of a box: hash of the canonical JSON of its definition."""
    return digest("box/2", definition)


def mark(box_fingerprint: bytes, mine: bytes) -> bytes:
    """First half of a ballot entry: known to the voter's browser alone until the count."""
    return digest("mine/2", box_fingerprint, mine)


def token(box_fingerprint: bytes, mine: bytes) -> bytes:
    """Line of `live.txt` that says that this ballot is the one that counts."""
    return digest("live/2", box_fingerprint, mine)


def commitment(n: bytes, choice: bytes) -> bytes:
    """Second half of a ballot entry."""
    return digest("ballot/2", n, choice)


def ballot_entry(box_fingerprint: bytes, ballot_mark: bytes, ballot_commitment: bytes) -> bytes:
    """Entry of a ballot, live, replaced or blind: nothing in it tells which."""
    return _entry(EntryType.BALLOT, box_fingerprint, ballot_mark, ballot_commitment)


def ballot_leaf(box_fingerprint: bytes, ballot_mark: bytes, ballot_commitment: bytes) -> Leaf:
    """Leaf of a ballot entry."""
    entry = ballot_entry(box_fingerprint, ballot_mark, ballot_commitment)
    return Leaf(leaf_hash(entry), ballot_mark, ballot_commitment)


def paper_entry(box_fingerprint: bytes, n: bytes, figures: bytes, n2: bytes, choices: Iterable[bytes]) -> bytes:
    """Entry of a paper batch: figures (canonical JSON) opened to all, choices where whole ballots are."""
    return _entry(EntryType.PAPER, box_fingerprint, text(n, figures), paper_choices(n2, choices))


def objection_entry(box_fingerprint: bytes, n: bytes, objection: bytes) -> bytes:
    """Entry of an objection (canonical JSON); n is random, so that its words can be withheld."""
    return _entry(EntryType.OBJECTION, box_fingerprint, text(n, objection))


def text(n: bytes, canonical: bytes) -> bytes:
    """Commitment to a text."""
    return digest("text/2", n, canonical)


def paper_choices(n2: bytes, choices: Iterable[bytes]) -> bytes:
    """Commitment to the choices of a paper batch, in the order of its sheets."""
    return digest("paper/2", n2, b"".join(choices))


def new_salt() -> bytes:
    """Salt of an entry of a roll, told to its person alone."""
    return token_bytes(SALT_BYTES)


def roll_leaf(box: bytes, salt: bytes, person: bytes) -> bytes:
    """An entry of the roll: it tells nothing to whoever lacks the salt."""
    check_lengths(box=box, salt=salt, person=person)
    return digest("roll/2", box, salt, person)


def roll_root(leaves: Iterable[bytes]) -> bytes:
    """RFC 9162 over the entries of a roll, sorted; each is hashed as an entry of a log is."""
    return root([leaf_hash(leaf) for leaf in sorted(leaves)])


def _entry(kind: EntryType, box_fingerprint: bytes, *parts: bytes) -> bytes:
    return frame("entry/2", kind.encode("ascii"), box_fingerprint, *parts)


NONCE_BYTES = 12
_MINE = NUMBER_BYTES + FORM_KEY_BYTES
_FIXED = _MINE + MINE_BYTES


class Channel(IntEnum):
    """Ways to take part; in clear beside the sealed part, and bound to it."""

    ONLINE = 1
    ASSISTED = 2
    PAPER_ISSUED = 3
    PAPER_RETURNED = 4
    PAPER_TAKEN_BACK = 5

    @property
    def on_paper(self) -> bool:
        return self >= Channel.PAPER_ISSUED


class Damaged(Exception):
    """A sealed value that does not open: altered, moved, or sealed with another key."""


@dataclass(frozen=True)
class OpenedRow:
    """An opened row of a voter. On paper form key, mine and choice are zeros."""

    channel: Channel
    paper: int
    """Number of the paper, 0 for none."""
    revision: int
    form_key: bytes
    mine: bytes
    choice: bytes

    @classmethod
    def on_paper(cls, channel: Channel, paper: int, revision: int, choice_length: int) -> Self:
        """A row whose voter has, or had, a paper ballot."""
        return cls(channel, paper, revision, bytes(FORM_KEY_BYTES), bytes(MINE_BYTES), bytes(choice_length))

    def emptied(self) -> Self:
        """The same row after the final head: nothing in it leads to a ballot; the revision stays."""
        return replace(self, form_key=bytes(FORM_KEY_BYTES), mine=bytes(MINE_BYTES), choice=bytes(len(self.choice)))


def seal_voter(keys: BoxKeys, box: bytes, row_key: bytes, voter: OpenedRow) -> bytes:
    """Sealed part of a voter's row, of one length for all states of a box."""
    check_lengths(form_key=voter.form_key, mine=voter.mine)
    content = four_bytes(voter.revision) + voter.form_key + voter.mine + voter.choice
    return seal(keys.subkey("seal"), content, _voter_place(box, row_key, voter.channel, voter.paper))


def open_voter(keys: BoxKeys, box: bytes, row_key: bytes, channel: int, paper: int, sealed: bytes) -> OpenedRow:
    """An opened row; Damaged where one bit of it, its place, its channel or its paper number is another."""
    try:
        known = Channel(channel)
        place = _voter_place(box, row_key, known, paper)
    except (AttributeError, OverflowError, ValueError) as error:
        raise Damaged("no row of a voter") from error
    content = open_sealed(keys.subkey("seal"), sealed, place)
    if len(content) < _FIXED:
        raise Damaged("too short for a row of a voter")
    return OpenedRow(known, paper, int.from_bytes(content[:NUMBER_BYTES], "big"), content[NUMBER_BYTES:_MINE],
                 content[_MINE:_FIXED], content[_FIXED:])


def seal_promise(keys: BoxKeys, box: bytes, name: bytes, mark: bytes, commitment: bytes) -> bytes:
    """Sealed leaf that a receipt was given for."""
    check_lengths(mark=mark, commitment=commitment)
    return seal(keys.subkey("kept"), mark + commitment, _promise_place(box, name))


def open_promise(keys: BoxKeys, box: bytes, name: bytes, sealed: bytes) -> tuple[bytes, bytes]:
    """Mark and commitment; Damaged where it is not what was sealed under this name."""
    content = open_sealed(keys.subkey("kept"), sealed, _promise_place(box, name))
    if len(content) != 2 * HASH_BYTES:
        raise Damaged("no promise")
    return content[:HASH_BYTES], content[HASH_BYTES:]


def _voter_place(box: bytes, row_key: bytes, channel: Channel, paper: int) -> bytes:
    check_lengths(box=box, row_key=row_key)
    return b"voter/2" + box + row_key + bytes([channel]) + four_bytes(paper)


def _promise_place(box: bytes, name: bytes) -> bytes:
    check_lengths(box=box, name=name)
    return b"kept/2" + box + name


def seal(key: bytes, content: bytes, place: bytes) -> bytes:
    """Nonce and sealed content; it opens with this key at this place alone."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, content, place)


def open_sealed(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Content that `seal` was given; Damaged where one bit, the key or the place is another."""
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except (InvalidTag, TypeError, ValueError) as error:
        raise Damaged("a sealed value cannot be opened") from error
