"""Participants in what an outcome is about, who are told of it.

Never who voted: nothing joins people with casts, and whether somebody took part in a vote is not for notices. The page
says that voters find the outcome by their receipt.
"""

import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.agendas.queries import links, union
from civic_forum.comments.models import Comment
from civic_forum.polls.models import Option, poll_proposal
from civic_forum.proposals.models import Proposal

from ..models import Outcome
from ..rules import Subject


def of(outcome: Outcome) -> sa.Select:
    """SELECT DISTINCT user_id of the authors, the supporters and the commenters, of what was merged besides."""
    roots = proposals_of(outcome.subject, outcome.subject_id)
    family = sa.select(union.family_of(roots, "whole_family").c.id)
    threads = sa.select(Proposal.thread_id).where(Proposal.id.in_(family), Proposal.thread_id.is_not(None))
    if outcome.subject is Subject.AGENDA:
        own = sa.select(Agenda.thread_id).where(Agenda.id == outcome.subject_id, Agenda.thread_id.is_not(None))
        threads = sa.union(threads, own)
    people = sa.union(
        sa.select(Proposal.author_id.label("user_id")).where(Proposal.id.in_(family)),
        union.reaching(roots),
        sa.select(Comment.author_id).where(Comment.thread_id.in_(threads), Comment.deleted_at.is_(None)))
    return sa.select(people.subquery("people").c.user_id).distinct()


def proposals_of(subject: Subject, subject_id: int) -> sa.Select:
    """SELECT of the ids of the proposals that it is about: those that stand in an agenda, or are linked to a poll."""
    if subject is Subject.PROPOSAL:
        return sa.select(Proposal.id).where(Proposal.id == subject_id)
    if subject is Subject.AGENDA:
        return links.proposals_in(subject_id)
    linked = sa.select(poll_proposal.c.proposal_id).where(poll_proposal.c.poll_id == subject_id)
    options = sa.select(Option.proposal_id).where(Option.poll_id == subject_id, Option.proposal_id.is_not(None))
    both = sa.union(linked, options).subquery("linked")
    return sa.select(both.c.proposal_id)
