"""Persons behind supports: each counts once, whatever account they come with (docs/decisions/0053).

A support of somebody verified carries 16 bytes made of the person and the proposal under key 1, whichever key the
person has. Nobody without the keys directory can say whether two of them, at two proposals, are the same person's; with
it they can be compared where proposals are merged.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import sqlalchemy as sa

from civic_forum.accounts import identity
from civic_forum.accounts.identity import NAMESAKES_PROBED, hash_of
from civic_forum.accounts.models import User
from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

from .models import Support

PURPOSE = "support"
BYTES = 16


class Hashed(identity.Hashed, Protocol):
    """A verified person as they are kept."""

    distinguisher: int


def name_of(person: Hashed) -> bytes:
    """Name by which all proposals know somebody; it is kept nowhere."""
    return _name(hash_of(person, keys.FIRST), person.distinguisher)


def _name(identity_hash: bytes, number: int) -> bytes:
    return keys.keyed_hash(PURPOSE, identity_hash + number.to_bytes(4, "big"), keys.FIRST)[:BYTES]


def mark(name: bytes, proposal_id: int) -> bytes:
    """Mark of this person at this proposal: what a support keeps."""
    return marks([name], proposal_id)[0]


def marks(of: list[bytes], proposal_id: int) -> list[bytes]:
    """Marks of people with these names at a proposal, in their order."""
    return _blocks(keys.pseudonyms(f"{PURPOSE}/{proposal_id}", b"".join(of), keys.FIRST))


def names(proposal_id: int, marks_left: list[bytes]) -> list[bytes]:
    """Names of those who left these marks at a proposal, in their order."""
    return _blocks(keys.names_behind(f"{PURPOSE}/{proposal_id}", b"".join(marks_left), keys.FIRST))


def _blocks(together: bytes) -> list[bytes]:
    return [together[at:at + BYTES] for at in range(0, len(together), BYTES)]


class Standing(NamedTuple):
    """Supports of somebody among some proposals."""

    own: bool = False
    """With this account."""
    other: bool = False
    """With another account of the same person."""
    namesake: bool = False
    """By somebody of the same name and birthday who has left: nobody can say any more who of them it was."""


def standing(user_id: int, person: Hashed | None, proposal_ids: Iterable[int]) -> Standing:
    """Supports that somebody has given, or may have given, to any of these proposals."""
    known = [name_of(person), *_namesakes(person)] if person else []
    total = Standing()
    for proposal_id in proposal_ids:
        own, *others = marks(known, proposal_id) if known else [None]
        for giver_id, mark, has_left in db.session.connection().execute(
                _given(), {"proposal": proposal_id, "user": user_id, "marks": [own, *others] if own else []}):
            total = Standing(total.own or giver_id == user_id, total.other or giver_id != user_id and mark == own,
                             total.namesake or mark in others and has_left)
    return total


@made_once
def _given() -> sa.Select:
    support, user = Support.__table__, User.__table__
    marked = support.c.person_mark.in_(sa.bindparam("marks", expanding=True))
    here, own = support.c.proposal_id == sa.bindparam("proposal"), support.c.user_id == sa.bindparam("user")
    return sa.select(support.c.user_id, support.c.person_mark, user.c.left_at.is_not(None)).join(
        user, user.c.id == support.c.user_id).where(here, sa.or_(own, marked))


def _namesakes(person: Hashed) -> list[bytes]:
    hashed = hash_of(person, keys.FIRST)
    return [_name(hashed, number) for number in range(person.distinguisher + NAMESAKES_PROBED)
            if number != person.distinguisher]
