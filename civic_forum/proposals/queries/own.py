"""Proposals that one user wrote and follows."""

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import Follow, Proposal
from ..rules import State
from .listing import COLUMNS, ProposalCard, cards, public

MOST = 100


def of_author(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """The user's own proposals but drafts, those held or hidden too, the newest first."""
    found = sa.select(*COLUMNS).where(Proposal.author_id == user.id, Proposal.state != State.DRAFT)
    return cards(db.session.execute(found.order_by(Proposal.id.desc()).limit(MOST)).all(), names)


def followed_by(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """Proposals that the user gets news of and everybody may read, the latest first."""
    found = public().join(Follow, Follow.proposal_id == Proposal.id).where(
        Follow.user_id == user.id, sa.or_(Proposal.author_id.is_(None), Proposal.author_id != user.id))
    return cards(db.session.execute(found.order_by(Follow.at.desc(), Proposal.id.desc()).limit(MOST)).all(), names)


def draft_count(user) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(
        author_id=user.id, state=State.DRAFT))


def carried_count(proposal_id: int) -> int:
    """Number of proposals that this one carries on."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(merged_into_id=proposal_id))
