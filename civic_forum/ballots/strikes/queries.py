"""Proposals to strike somebody from the roll of an opened vote, and who was struck."""

from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import keys
from civic_forum.platform.base import db

from .. import queries as boxes
from ..models import BallotBox, Confirmation, RollEntry
from ..officials.queries import BOTH, state_of
from ..rules.boxes import ConfirmationState
from .models import Strike

SEALED = "ballots.strike"
WITH_BOTH = (sa.select(Strike, Confirmation, Neighbourhood).join(Confirmation,
                                                                 Confirmation.id == Strike.confirmation_id)
             .outerjoin(RollEntry, sa.and_(RollEntry.roll_id == Strike.roll_id, RollEntry.person == Strike.person))
             .outerjoin(Neighbourhood, Neighbourhood.id == RollEntry.neighbourhood_id)
             .order_by(Confirmation.id).options(*BOTH))


class Waiting(NamedTuple):
    """A proposal as another official has to see it."""

    confirmation: Confirmation
    whom: User | None
    """None: somebody without an account."""
    reason: str
    place: Neighbourhood | None
    """The neighbourhood with which the roll has them."""


def waiting(box: BallotBox) -> list[Waiting]:
    """Those for the roll of this box that another official can confirm now."""
    if box.roll_id is None:
        return []
    rows = db.session.execute(WITH_BOTH.where(Strike.roll_id == box.roll_id)).all()
    return [Waiting(proposed, people.by_id(account_of(strike) or 0), strike.reason, place)
            for strike, proposed, place in rows if can_be_confirmed(proposed)]


def struck(box: BallotBox) -> list[RollEntry]:
    """Entries that were struck, the first one on top."""
    return list(db.session.scalars(sa.select(RollEntry).where(
        RollEntry.roll_id == box.roll_id, RollEntry.struck_at.is_not(None)).order_by(RollEntry.struck_at)))


def of_person(roll_id: int, person: bytes) -> Confirmation | None:
    """The proposal for somebody that nobody has ended."""
    return db.session.scalar(sa.select(Confirmation).join(Strike, Strike.confirmation_id == Confirmation.id)
                             .where(Strike.roll_id == roll_id, Strike.person == person))


def all_pending() -> list[Confirmation]:
    """Every proposal that nobody has ended."""
    return list(db.session.scalars(sa.select(Confirmation).join(Strike, Strike.confirmation_id == Confirmation.id)))


def can_be_confirmed(proposed: Confirmation) -> bool:
    return state_of(proposed, boxes.required(proposed.box_id)) is ConfirmationState.PENDING


def account_of(strike: Strike) -> int | None:
    return int(keys.unseal(SEALED, strike.account)) if strike.account else None
