"""Drafts, and what is held until a moderator has read it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

from .. import rules
from ..models import Proposal
from ..rules import State
from .records import missing

MOST_DRAFTS = 50
MOST_HELD = 20
TOUCHED = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)


def draft(key: str, author_id: int) -> Proposal:
    """The author's own draft, or what became of it. Raises NotFound for anybody else."""
    proposal = rules.DRAFT_KEY.fullmatch(key) and db.session.scalar(sa.select(Proposal).filter_by(draft_key=key))
    if not proposal or proposal.author_id != author_id:
        raise missing()
    return proposal


def draft_count(user) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(
        author_id=user.id, state=State.DRAFT))


def drafts_of(user) -> list[Proposal]:
    """The drafts of this user, the one touched last first; those given back carry a reason."""
    return list(db.session.scalars(
        sa.select(Proposal).filter_by(author_id=user.id, state=State.DRAFT)
        .order_by(TOUCHED.desc(), Proposal.id.desc()).limit(MOST_DRAFTS)))


def newest_draft(user) -> list[sa.Row]:
    """Key and title of the draft that was touched last, if there is one."""
    return list(db.session.connection().execute(_newest_draft(), {"user": user.id}))


@made_once
def _newest_draft() -> sa.Select:
    return (sa.select(Proposal.draft_key, Proposal.title).where(
        Proposal.author_id == sa.bindparam("user"), Proposal.state == State.DRAFT).order_by(TOUCHED.desc()).limit(1))


def held(number: str | None = None) -> list[Proposal]:
    """Proposals that wait for a moderator, the oldest first; or the one with this number, if it does."""
    statement = (sa.select(Proposal).filter_by(state=State.HELD)
                 .options(joinedload(Proposal.author), joinedload(Proposal.neighbourhood))
                 .order_by(Proposal.edited_at, Proposal.id).limit(MOST_HELD))
    return list(db.session.scalars(statement if number is None else statement.filter_by(number=number)))


def held_due(staff) -> sa.Select:
    """For the desk: what waits for another moderator than its author, since it was handed in or edited."""
    held = sa.bindparam(None, State.HELD, type_=Proposal.state.type, literal_execute=True)
    return sa.select(Proposal.id, Proposal.edited_at, Proposal.number, Proposal.title, sa.null()).where(
        Proposal.state == held, Proposal.author_id != staff.id)


def untouched_since(moment: datetime, limit: int = 200) -> list[int]:
    return list(db.session.scalars(
        sa.select(Proposal.id).where(Proposal.state == State.DRAFT, Proposal.draft_key.is_not(None), TOUCHED < moment)
        .limit(limit)))
