"""Drafts, and what is held for a check."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db

from .. import rules
from ..models import Proposal
from ..rules import State
from .records import missing

MOST_DRAFTS = 50
MOST_HELD = 20


def draft(key: str, author_id: int) -> Proposal:
    """The author's own draft, or what became of it. Raises NotFound for anybody else."""
    found = rules.DRAFT_KEY.fullmatch(key) and db.session.scalar(sa.select(Proposal).filter_by(draft_key=key))
    if not found or found.author_id != author_id:
        raise missing()
    return found


def drafts_of(user) -> list[Proposal]:
    """The drafts of this user, the one touched last first; those given back carry a reason."""
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return list(db.session.scalars(
        sa.select(Proposal).filter_by(author_id=user.id, state=State.DRAFT)
        .order_by(touched.desc(), Proposal.id.desc()).limit(MOST_DRAFTS)))


def held(number: str | None = None) -> list[Proposal]:
    """Proposals that wait for a moderator, the oldest first; or the one with this number, if it does."""
    found = (sa.select(Proposal).filter_by(state=State.HELD)
             .options(joinedload(Proposal.author), joinedload(Proposal.neighbourhood))
             .order_by(Proposal.edited_at, Proposal.id).limit(MOST_HELD))
    return list(db.session.scalars(found if number is None else found.filter_by(number=number)))


def held_due(staff) -> sa.Select:
    """For the desk: what waits for another moderator than its author, since it was handed in or edited."""
    held = sa.bindparam(None, State.HELD, type_=Proposal.state.type, literal_execute=True)
    return sa.select(Proposal.id, Proposal.edited_at, Proposal.number, Proposal.title, sa.null()).where(
        Proposal.state == held, Proposal.author_id != staff.id)


def untouched_since(moment: datetime, limit: int = 200) -> list[int]:
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return list(db.session.scalars(
        sa.select(Proposal.id).where(Proposal.state == State.DRAFT, touched < moment).limit(limit)))


def overdue(now: datetime) -> list[int]:
    """Ids of proposals that still gather support after their time, the longest overdue first."""
    return list(db.session.scalars(overdue_ids(now)))


def overdue_ids(now: datetime, limit: int = 200) -> sa.Select:
    return (sa.select(Proposal.id).where(Proposal.state == State.GATHERING, Proposal.gathering_ends_at <= now)
            .order_by(Proposal.gathering_ends_at).limit(limit))
