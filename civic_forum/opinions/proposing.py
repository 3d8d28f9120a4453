"""Proposals that began with a statement: the draft, and where one leads to the other."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.statements import made_once
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records as proposal_queries
from civic_forum.proposals.rules import TAKES_SUPPORT, State

from . import queries
from .models import Consultation, Statement, statement_proposal
from .policy import may_propose

OF_STATEMENT_MOST = 3
"""Proposals that a statement leads to, the most supported first."""


def propose(consultation_id: int, number: int, *, by: User) -> Proposal:
    """Begin the draft of a proposal with the words of a statement in it; again gives the one of the first time. Raises
    Denied, also for a statement that is not asked, and NotFound."""
    with use_case(by) as work:
        consultation = queries.locked(consultation_id, read=True)
        statement = queries.statement(consultation_id, number)
        work.session.refresh(statement, with_for_update={"key_share": True})  # two taps make one; answers go on
        require(by, may_propose, statement)
        if begun := _begun(statement, by):
            return begun
        title, text = (str((record.texts.get(by.language) or {}).get(name) or getattr(record, name))
                       for record, name in ((consultation, "title"), (statement, "text")))
        head = _("구청이 물은 「%(title)s」에서 나온 의견이에요.", title=title)
        draft = proposals.begin_with(work.session, text, f"{head}\n\n{text}", by=by, at=work.at)
        work.session.execute(sa.insert(statement_proposal).values(proposal_id=draft.id, statement_id=statement.id))
        work.record("opinions.proposal_begun", draft, statement=statement.id)
        return draft


def _begun(statement: Statement, by: User) -> Proposal | None:
    return db.session.scalar(
        sa.select(Proposal).join(statement_proposal, statement_proposal.c.proposal_id == Proposal.id)
        .where(statement_proposal.c.statement_id == statement.id, Proposal.author_id == by.id,
               Proposal.state != State.WITHDRAWN)
        .order_by(Proposal.id.desc()).limit(1))


@dataclass(frozen=True)
class Began:
    """A proposal that everybody may read, which began with a statement."""

    number: str
    title: str
    takes_support: bool


def begun_with(consultation_id: int) -> Mapping[int, list[Began]]:
    """Number of a statement → proposals that began with it."""
    rows = db.session.execute(
        sa.select(Statement.number, Proposal.number, Proposal.title, Proposal.state.in_(TAKES_SUPPORT))
        .join(statement_proposal, statement_proposal.c.statement_id == Statement.id)
        .join(Proposal, Proposal.id == statement_proposal.c.proposal_id)
        .where(Statement.consultation_id == consultation_id, proposal_queries.READABLE,
               Proposal.state != State.WITHDRAWN)
        .order_by(Proposal.support_count.desc(), Proposal.id))
    by_number: dict[int, list[Began]] = defaultdict(list)
    for number, *began in rows:
        if len(by_number[number]) < OF_STATEMENT_MOST:
            by_number[number].append(Began(*began))
    return by_number


def statement_of(proposal_id: int) -> sa.Row[tuple[str, str, int]] | None:
    """Slug and title of the consultation and number of the statement with which a proposal began."""
    return db.session.execute(_statement_of(), {"proposal": proposal_id}).one_or_none()


@made_once
def _statement_of() -> sa.Select:
    return (sa.select(Consultation.slug, Consultation.title, Statement.number)
            .join(Statement, Statement.consultation_id == Consultation.id)
            .join(statement_proposal, statement_proposal.c.statement_id == Statement.id)
            .where(statement_proposal.c.proposal_id == sa.bindparam("proposal", type_=Proposal.id.type),
                   queries.asked()).limit(1))


def author_of_statement(proposal_id: int) -> sa.Select:
    """Author of the statement with which somebody else's proposal began."""
    return (sa.select(Statement.author_id).join(statement_proposal, statement_proposal.c.statement_id == Statement.id)
            .join(Proposal, Proposal.id == statement_proposal.c.proposal_id)
            .where(Proposal.id == proposal_id, Statement.author_id != Proposal.author_id, queries.asked()))
