"""Personal data around proposals: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from . import operations
from .models import Follow, Proposal, Support
from .rules import State


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    """Drafts and proposals with their text, supports and follows with their time."""
    mine = db.session.scalars(sa.select(Proposal).filter_by(author_id=user.id).order_by(Proposal.id)).all()
    return {
        "drafts": [_text(proposal) for proposal in mine if proposal.state is State.DRAFT],
        "proposals": [_text(proposal) for proposal in mine if proposal.state is not State.DRAFT],
        "supports": _numbers(Support, user),
        "follows": _numbers(Follow, user),
    }


def _text(proposal: Proposal) -> dict[str, object]:
    return {"number": proposal.number, "state": proposal.state, "title": proposal.title,
            "problem": proposal.problem, "wish": proposal.wish, "created_at": proposal.created_at.isoformat(),
            "published_at": proposal.published_at and proposal.published_at.isoformat()}


def _numbers(kind: type[Support] | type[Follow], user: User) -> list[dict[str, object]]:
    rows = db.session.execute(sa.select(Proposal.number, kind.at).join(kind, kind.proposal_id == Proposal.id)
                              .where(kind.user_id == user.id).order_by(kind.at, Proposal.id))
    return [{"proposal": number, "at": at.isoformat()} for number, at in rows]


def erase(user: User, session) -> None:
    """Drafts and follows go; proposals stay as contributions, and supports stay counted. All are locked first: a draft
    that is published meanwhile stays, and a follow that is ended meanwhile is taken from the count once."""
    drafts = sa.select(Proposal.id).filter_by(author_id=user.id, state=State.DRAFT)
    followed = sa.select(Follow.proposal_id).filter_by(user_id=user.id)
    held = operations.locked(session, session.scalars(drafts.union(followed)).all())
    for proposal in held.values():
        if proposal.author_id == user.id and proposal.state is State.DRAFT:
            operations.throw_away(session, proposal)
    ended = session.scalars(sa.delete(Follow).where(Follow.user_id == user.id, Follow.proposal_id.in_(held))
                            .returning(Follow.proposal_id)).all()
    session.execute(sa.update(Proposal).where(Proposal.id.in_(ended))
                    .values(follower_count=Proposal.follower_count - 1))
