"""Subjects of notices, as their reader may see them now: what was hidden, given back or deleted has no title."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.agendas.models import Agenda
from civic_forum.budgets.models import BudgetRound, Envelope, Project
from civic_forum.forums.models import Forum
from civic_forum.kernel.base import db
from civic_forum.outcomes.models import Outcome
from civic_forum.polls.models import Poll
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE

from .. import labels


def titles(abouts: Iterable[str], reader_id: int) -> dict[str, str]:
    """`proposal:12` → its title; what is not in it cannot be seen by this reader, or has no title. One statement."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for about in abouts:
        kind, _colon, number = about.partition(":")
        if kind in KINDS and number.isdecimal():
            wanted[kind].append(int(number))
    asked = [KINDS[kind](ids, reader_id) for kind, ids in wanted.items()]
    if not asked:
        return {}
    return {f"{kind}:{number}": title for kind, number, title in db.session.execute(sa.union_all(*asked)) if title}


def _proposals(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("proposal"), Proposal.id, Proposal.title).where(
        Proposal.id.in_(ids), sa.or_(READABLE, Proposal.author_id == reader_id))


def _agendas(ids: list[int], _reader_id: int) -> sa.Select:
    """Nobody is told of one before it is public, and nobody hides it."""
    return sa.select(sa.literal("agenda"), Agenda.id, Agenda.question).where(Agenda.id.in_(ids))


def _polls(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("poll"), Poll.id, Poll.title).where(
        Poll.id.in_(ids), sa.or_(Poll.announced_at.is_not(None), _works(reader_id)))


def _envelopes(ids: list[int], reader_id: int) -> sa.Select:
    """As their votes are called: the round, and the part of its money."""
    return sa.select(sa.literal("envelope"), Envelope.id, BudgetRound.title + " — " + Envelope.name).join(
        BudgetRound, BudgetRound.id == Envelope.round_id).where(
        Envelope.id.in_(ids), sa.or_(BudgetRound.announced_at.is_not(None), _works(reader_id)))


def _rounds(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("round"), BudgetRound.id, BudgetRound.title).where(
        BudgetRound.id.in_(ids), sa.or_(BudgetRound.announced_at.is_not(None), _works(reader_id)))


def _projects(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("project"), Project.id, Project.title).where(
        Project.id.in_(ids), sa.or_(Project.hidden_at.is_(None), Project.author_id == reader_id))


def _forums(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("forum"), Forum.id, Forum.title).where(
        Forum.id.in_(ids), sa.or_(Forum.announced_at.is_not(None), _works(reader_id)))


def _outcomes(ids: list[int], reader_id: int) -> sa.Select:
    """Outcomes as a reader may see them: what is still being written is named to the department that writes it."""
    theirs = _works(reader_id, RoleGrant.role == Role.OFFICIAL, RoleGrant.department_id == Outcome.department_id)
    return sa.select(sa.literal("outcome"), Outcome.id, Outcome.title).where(
        Outcome.id.in_(ids), sa.or_(Outcome.published_at.is_not(None), theirs))


def _works(reader_id: int, *there: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """True if this reader works here now, not only when they were told."""
    return sa.exists().where(RoleGrant.user_id == reader_id, RoleGrant.withdrawn_at.is_(None), *there)


KINDS = {"proposal": _proposals, "agenda": _agendas, "poll": _polls, "round": _rounds, "envelope": _envelopes,
         "project": _projects, "forum": _forums, "outcome": _outcomes}
"""Kinds of things that have titles; others are called as `labels.SUBJECT` says."""


def is_known(kind: str) -> bool:
    """True if something says what a thing of this kind is called."""
    return kind in KINDS or kind in labels.SUBJECT
