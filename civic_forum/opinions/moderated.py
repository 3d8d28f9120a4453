"""Statements of residents as things that people report and moderators hide: whose they are, where they stand."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from civic_forum.accounts.models import User
from civic_forum.blocks.moderated import Passage, Surroundings
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from . import policy, queries
from .events import ConsultationEdited
from .models import Consultation, Statement
from .rules import Origin, Stage

ADDRESS = re.compile(r"/consultations/([a-z0-9-]{1,60})/(?:answer\?(?:[^#?]*&)?statement=|statements/)"
                     r"([1-9][0-9]{0,8})(?![0-9])")


def why_not_read(actor: User, statement: Statement) -> str | None:
    return policy.may_read(actor, statement.consultation)


def find(actor: User, statement_id: int) -> Statement | None:
    """One that a resident wrote, also if they left since, and that people are asked now."""
    statement = db.session.get(Statement, statement_id)
    if statement is None or statement.origin is not Origin.RESIDENT or not statement.is_asked:
        return None
    return None if why_not_read(actor, statement) else statement


def url(statement: Statement) -> str:
    here = f"/consultations/{statement.consultation.slug}"
    stage = policy.stage_of(statement.consultation)
    if stage is Stage.OPEN and statement.is_asked:
        return f"{here}/answer?statement={statement.number}"
    if stage is Stage.CLOSED:
        return f"{here}/statements/{statement.number}" if statement.is_asked else f"{here}/result"
    return here


def around(statement: Statement) -> Surroundings | None:
    if statement.origin is not Origin.RESIDENT or statement.published_at is None:
        return None
    author = db.session.get(User, statement.author_id) if statement.author_id is not None else None
    return Surroundings(statement.consultation.title, url(statement), Passage(
        statement.id, author.name if author else _("탈퇴한 회원"), statement.published_at, (statement.text,),
        hidden_rule=statement.hidden_rule if statement.is_against_rules else None))


def locked(session: Session, ids: Collection[int]) -> dict[int, Statement]:
    """Read again after their consultations were locked in one order."""
    asked = session.scalars(sa.select(Statement.consultation_id).where(Statement.id.in_(ids)).distinct()).all()
    for consultation_id in sorted(asked):
        queries.locked(consultation_id)
    rows = session.scalars(sa.select(Statement).where(Statement.id.in_(ids)).order_by(Statement.id)
                           .execution_options(populate_existing=True))
    return {statement.id: statement for statement in rows}


def put_hidden(work: Work, hidden: Mapping[Statement, tuple[datetime, str] | None]) -> None:
    """Hide these under a rule, or show them again (None). A hidden one counts as 0 for everybody."""
    for statement, hiding in hidden.items():
        statement.hidden_at, statement.hidden_rule = hiding or (None, None)
        statement.out_until = None
    for consultation_id in sorted({statement.consultation_id for statement in hidden}):
        work.emit(ConsultationEdited(consultation_id))


def described(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.scalars(sa.select(Statement).where(Statement.id.in_(ids)).options(
        joinedload(Statement.consultation)))
    return {statement.id: (statement.text, url(statement)) for statement in rows}


def at(address: str) -> int | None:
    match = ADDRESS.search(address)
    return db.session.scalar(sa.select(Statement.id).join(Statement.consultation).where(
        Consultation.slug == match[1], Statement.number == int(match[2]))) if match else None
