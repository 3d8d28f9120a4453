"""Identities of people to a ballot box: 32 bytes that outlive the account and join to nothing without the keys."""

from civic_forum.accounts.models import Person, User
from civic_forum.accounts.queries.sessions import Caller
from civic_forum.platform import keys


def of_person(person: Person) -> bytes:
    """A verified person, with or without an account."""
    return of_identity(person.identity_hash, person.distinguisher)


def of_identity(identity_hash: bytes, distinguisher: int = 0) -> bytes:
    """The same from the parts, as an imported roll has them."""
    return keys.keyed_hash("ballots.person", identity_hash + distinguisher.to_bytes(4, "big"))


def of_account(user_id: int) -> bytes:
    """Somebody known by an account alone; only in the roll of a vote that takes declared residents."""
    return keys.keyed_hash("ballots.account", user_id.to_bytes(8, "big"))


def candidates(account: User | Caller) -> list[bytes]:
    """Identities of somebody in a roll, the verified person first. The one that is in the roll votes."""
    person = account.person
    persons = [of_identity(person.identity_hash, person.distinguisher)] if person is not None else []
    return [*persons, of_account(account.id)]
