"""Marks by which a consultation knows who answers, and nobody else does.

A mark is a keyed hash of the person, the account or the device in one consultation. It stands nowhere: under the key of
the consultation it names a row (`sealing.Keys.row_key`).
"""

from typing import NamedTuple

from civic_forum.accounts.identity import hash_of
from civic_forum.platform import keys

from .rules import Basis

BYTES = 16
PURPOSE = "opinions"


class Mark(NamedTuple):
    value: bytes
    basis: Basis


class Guest(NamedTuple):
    """Somebody without an account: known by a letter or by a seat at a kiosk."""

    basis: Basis
    name: str


Device = str | Guest
"""A browser by its cookie, or somebody known by more."""


def _mark(consultation_id: int, basis: Basis, of: bytes) -> Mark:
    named = b"%d/%s/%s" % (consultation_id, basis.encode(), of)
    return Mark(keys.keyed_hash(PURPOSE, named, keys.FIRST)[:BYTES], basis)


def made(consultation_id: int, basis: Basis, name: str) -> Mark:
    """Mark of somebody known by the name of a sheet, a letter or a seat."""
    return _mark(consultation_id, basis, name.encode())


def of_account(consultation_id: int, user) -> list[Mark]:
    """Marks of an account, the surest first: of its person, and its own."""
    own = _mark(consultation_id, Basis.ACCOUNT, user.id.to_bytes(8, "big"))
    return [_mark(consultation_id, Basis.VERIFIED, _name(user.person)), own] if user.person is not None else [own]


def marks(consultation_id: int, user, device: Device | None) -> list[Mark]:
    """Marks of a visitor: of the account, or without one of the device."""
    if user.is_authenticated:
        return of_account(consultation_id, user)
    named = device if isinstance(device, Guest) else (Basis.DEVICE, device)
    return [made(consultation_id, *named)] if device else []


def left(consultation_id: int, person) -> Mark:
    """Mark of somebody who took part once and has left. It finds their answers for nobody: a namesake may come next."""
    return _mark(consultation_id, Basis.VERIFIED, b"left/" + _name(person))


def _name(person) -> bytes:
    return hash_of(person, keys.FIRST) + person.distinguisher.to_bytes(4, "big")
