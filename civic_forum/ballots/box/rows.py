"""Sealed rows of voters and sealed promises of receipts (ChaCha20-Poly1305, RFC 8439)."""

from dataclasses import dataclass, replace
from enum import IntEnum
from secrets import token_bytes
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from .keys import FORM_KEY_BYTES, HASH_BYTES, MINE_BYTES, NUMBER_BYTES, BoxKeys, check_lengths, four_bytes

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
