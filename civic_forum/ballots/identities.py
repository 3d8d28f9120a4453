"""Identities of people to a ballot box: 32 bytes that outlive the account and join to nothing without the keys.

A roll has one key for good, and whoever writes an entry hashes under it. Look-ups that know no roll take all keys: the
identity that is in the roll is the one under its key. Names and birth dates are unsealed only where a roll is under
another key than the person.
"""

from civic_forum.accounts.identity import NAMESAKES_PROBED, hash_of
from civic_forum.accounts.models import Person, User
from civic_forum.accounts.queries.sessions import Caller, CallerIdentity
from civic_forum.platform import keys

LISTED_TOGETHER = 1 << 31
"""First number of those of one name and birthday whom an imported roll has more than once: a number that no account
gets, since nobody but a clerk with their papers can tell which of them somebody is."""


def of_person(person: Person | CallerIdentity, key: int | None = None) -> bytes:
    """A verified person, with or without an account, whichever key they were verified under."""
    key = key or keys.newest()
    return of_identity(hash_of(person, key), person.distinguisher, key)


def of_identity(identity_hash: bytes, distinguisher: int = 0, key: int | None = None) -> bytes:
    """The same from the parts, as an imported roll has them, all under one key."""
    return keys.keyed_hash("ballots.person", identity_hash + distinguisher.to_bytes(4, "big"), key)


def of_namesakes(identity_hash: bytes, known: int, key: int) -> list[bytes]:
    """Identities of everybody of this name and birthday, by number; `known`: the largest number that is known."""
    return [of_identity(identity_hash, number, key) for number in range(known + NAMESAKES_PROBED)]


def listed_together(identity_hash: bytes, key: int) -> list[bytes]:
    """Identities of those of this name and birthday in an imported roll that has several of them."""
    return [of_identity(identity_hash, LISTED_TOGETHER + number, key) for number in range(NAMESAKES_PROBED)]


def of_account(user_id: int, key: int | None = None) -> bytes:
    """Somebody known by an account alone; only in the roll of a vote that takes declared residents."""
    return keys.keyed_hash("ballots.account", user_id.to_bytes(8, "big"), key)


def candidates(account: User | Caller, *under: int) -> list[bytes]:
    """Identities of somebody in rolls under these keys, the verified person first; under every key, the newest first,
    if none is given. The one that is in the roll votes."""
    person, under = account.person, under or tuple(keys.ids())
    persons = [of_person(person, key) for key in under] if person is not None else []
    return [*persons, *(of_account(account.id, key) for key in under)]
