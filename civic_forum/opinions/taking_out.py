"""Statements that people could answer, taken out by two: one moderator does it at once, and it is undone after 72 hours
unless another one confirms it. Until then results count its answers."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role, marks_of
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.jobs import every
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.work import Work, use_case

from . import moderated
from .events import StatementDecided
from .models import Statement
from .policy import may_moderate


def subject_of(statement: Statement) -> str:
    return f"statement:{statement.id}"


def _held(subject: str, signers: frozenset[int]) -> Statement:
    people.held(*signers)
    number = int(subject.removeprefix("statement:"))
    return moderated.locked(db.session(), [number])[number]


def _keep_out(work: Work, statement: Statement) -> None:
    statement.out_until, statement.decided_at = None, work.at
    if statement.is_taken_out:
        work.emit(StatementDecided(statement.id))


OUT: TwoPeople[Statement] = TwoPeople(
    name="opinions.out", strength=Strength.PLAIN, lasts=timedelta(hours=72), may=may_moderate, held=_held,
    shown=lambda statement: [statement.id, statement.hidden_rule, statement.same_as_id, statement.is_meta,
                             statement.why],
    signatory=people.signatory_of(Role.MODERATOR), held_for=people.held_for, carry_out=_keep_out)


def begin(work: Work, statement: Statement) -> None:
    """Let what the actor has just done to a statement be undone unless another one confirms it, if people could answer
    it. Raises Conflict for what waits already, and for who did so before and was not confirmed."""
    if statement.published_at is None:
        return
    if statement.out_until is not None:
        raise Conflict(_("다른 운영자의 확인을 기다리고 있어요."))
    alone = work.session.scalars(sa.select(User).join(JointAct, JointAct.by_id == User.id).where(
        JointAct.name == OUT.name, JointAct.subject == subject_of(statement), JointAct.confirmed_by_id.is_(None)))
    if any(marks_of(user) & marks_of(work.actor) for user in alone):
        raise Conflict(_("내가 뺐다가 다른 운영자가 확인하지 않은 의견이에요. 다른 운영자만 다시 뺄 수 있어요."))
    statement.out_until, statement.decided_at = work.at + OUT.lasts, work.at
    OUT.begin(work, subject_of(statement), statement)


def put_back(work: Work, statement: Statement) -> None:
    """Ask a statement again, as it was asked before."""
    was_out = statement.is_taken_out
    statement.is_meta = statement.is_meta and was_out
    statement.hidden_at = statement.hidden_rule = statement.same_as_id = statement.out_until = statement.why = None
    statement.decided_at, statement.decided_by_id = work.at, work.actor and work.actor.id
    if (act := OUT.pending(subject_of(statement))) is not None:
        act.ended_at = work.at
    if was_out:
        work.emit(StatementDecided(statement.id))


@every(10, "statements that no second moderator took out")
def bring_back() -> int:
    """Ask those again whose time is over; returns how many."""
    due = Statement.out_until <= clock.now()
    numbers = db.session.scalars(sa.select(Statement.id).where(due).order_by(Statement.id)).all()
    for number in numbers:
        with use_case(None) as work:
            statement = moderated.locked(work.session, [number])[number]
            if statement.out_until is not None and statement.out_until <= work.at:
                put_back(work, statement)
                work.record("opinions.out_lapsed", statement)
    return len(numbers)
