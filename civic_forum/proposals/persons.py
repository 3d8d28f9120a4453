"""Persons behind supports: each counts once, whatever account they come with (docs/decisions/0053).

A support of somebody verified carries 16 bytes made of the person and the proposal under key 1, whichever key the person
has. Nobody without the keys directory can say whether two of them, at two proposals, are the same person's; with it
they can be compared where proposals are merged.
"""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.identity import hash_of
from civic_forum.accounts.models import Person, User
from civic_forum.platform import keys
from civic_forum.platform.base import db

from .models import Support

PURPOSE = "support"
BYTES = 16
NAMESAKES_PROBED = 8
"""Numbers beyond one's own at which somebody of the same name and birthday may have stood: those who left gave theirs
free, and may come back with another."""


def name_of(person: Person) -> bytes:
    """Name by which all proposals know somebody; it is kept nowhere."""
    return _name(hash_of(person, keys.FIRST), person.distinguisher)


def _name(identity_hash: bytes, number: int) -> bytes:
    return keys.keyed_hash(PURPOSE, identity_hash + number.to_bytes(4, "big"), keys.FIRST)[:BYTES]


def mark(name: bytes, proposal_id: int) -> bytes:
    """Mark of this person at this proposal: what a support keeps."""
    return keys.pseudonyms(f"{PURPOSE}/{proposal_id}", name, keys.FIRST)


def names(proposal_id: int, marks: list[bytes]) -> list[bytes]:
    """Names of those who left these marks at a proposal, in their order."""
    found = keys.names_behind(f"{PURPOSE}/{proposal_id}", b"".join(marks), keys.FIRST)
    return [found[at:at + BYTES] for at in range(0, len(found), BYTES)]


class Given(NamedTuple):
    """A support that this person, or perhaps they, gave with another account."""

    proposal_id: int
    by_namesake: bool
    """True for somebody of the same name and birthday who has left: nobody can say any more who of them it was."""


def given(person: Person, user_id: int, proposal_ids: Iterable[int]) -> Given | None:
    """The support that this person has given to one of these proposals with another account than this one."""
    hashed = hash_of(person, keys.FIRST)
    own = _name(hashed, person.distinguisher)
    others = [_name(hashed, number) for number in range(person.distinguisher + NAMESAKES_PROBED)
              if number != person.distinguisher]
    ids = list(proposal_ids)
    mine = [sa.and_(Support.proposal_id == one, Support.person_mark == mark(own, one)) for one in ids]
    perhaps = [sa.and_(Support.proposal_id == one, Support.person_mark.in_(
        [mark(other, one) for other in others]), User.left_at.is_not(None)) for one in ids]
    rows = db.session.execute(sa.select(Support.proposal_id, sa.or_(*mine)).join(User, User.id == Support.user_id)
                              .where(Support.user_id != user_id, sa.or_(*mine, *perhaps))).all()
    found = [Given(proposal_id, not certain) for proposal_id, certain in rows]
    return min(found, key=lambda one: one.by_namesake, default=None)
