"""Participants in what an outcome is about, who are told of it.

Never who voted: what joins people with a vote is a mark of participation, written when its box is emptied, and only
news of how an outcome is carried out reach them by it (`commitments.voters`).
"""

import sqlalchemy as sa

from civic_forum.agendas.queries import union
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable
from civic_forum.comments.models import Comment
from civic_forum.proposals.models import Proposal

from ..models import Outcome


def of(outcome: Outcome) -> sa.Select:
    """SELECT DISTINCT user_id of the authors, the supporters and the commenters, of what was merged besides."""
    decides = kinds.with_capability(outcome.subject, Decidable)
    roots = proposals_of(outcome)
    family = sa.select(union.family_of(roots, "whole_family").c.id)
    threads = sa.select(Proposal.thread_id).where(Proposal.id.in_(family), Proposal.thread_id.is_not(None))
    if decides.threads is not None:
        threads = sa.union(threads, decides.threads(outcome.subject_id))
    people = sa.union(
        sa.select(Proposal.author_id.label("user_id")).where(Proposal.id.in_(family)),
        union.reaching(roots),
        sa.select(Comment.author_id).where(Comment.thread_id.in_(threads), Comment.deleted_at.is_(None)),
        *([decides.people(outcome.subject_id)] if decides.people is not None else []))
    return sa.select(people.subquery("people").c.user_id).distinct()


def proposals_of(outcome: Outcome) -> sa.Select:
    """SELECT of the ids of the proposals that it is about: those that stand in an agenda, or are linked to a poll."""
    return kinds.with_capability(outcome.subject, Decidable).proposals(outcome.subject_id)
