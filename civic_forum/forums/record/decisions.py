"""Decisions of a forum: read out and written down by its host, changed openly until the minutes are signed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..events import DecisionWritten
from ..models import Forum
from ..rules import ForumEventKind
from .models import Decision
from .policy import may_decide


@dataclass(frozen=True)
class Decisions:
    """Decisions in the hall."""

    decisions: Sequence[Decision]
    """In the order in which they were read out, those taken away among them."""

    @property
    def standing(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.removed_at is None]


def _all(forum_id: int) -> sa.Select[tuple[Decision]]:
    return (
        sa.select(Decision).filter_by(forum_id=forum_id).options(joinedload(Decision.department)).order_by(Decision.id)
    )


def part(forum: Forum, _viewer) -> Decisions:
    return Decisions(db.session.scalars(_all(forum.id)).all())


def of_ids(forum_id: int, ids: Sequence[int]) -> list[Decision]:
    return list(db.session.scalars(_all(forum_id).where(Decision.id.in_(ids))))


LONGEST_DECISION = 500


@dataclass(frozen=True)
class DecisionText:
    """Decision as it was read out."""

    text: str
    department_id: int | None = None
    due_on: date | None = None


def decide(forum_id: int, decided: DecisionText, key: str | None = None, *, by: User) -> Decision:
    """Write a decision down. Raises Denied and Refusal."""
    text = operations.checked_text(decided.text, LONGEST_DECISION, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_decide)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.DECISION_MADE):
            return work.session.get_one(Decision, seen.subject_id)
        _check_day(decided.due_on, None, work)
        return write(work, at.forum, replace(decided, text=text, department_id=_department(decided)), key)


def write(work: Work, forum: Forum, decided: DecisionText, key: str | None = None) -> Decision:
    """Write a checked decision down, inside a transaction that holds the forum."""
    decision = work.store(Decision(forum_id=forum.id, text=decided.text, department_id=decided.department_id,
                                   due_on=decided.due_on, at=work.at, by_id=work.actor.id, earlier=[]))
    operations.add_event(work, forum, ForumEventKind.DECISION_MADE, decision.id, key=key)
    work.record("forums.decided", decision)
    work.emit(DecisionWritten(decision.id))
    return decision


def change(forum_id: int, decision_id: int, decided: DecisionText, key: str | None = None, *, by: User) -> Decision:
    """Let a decision read differently; how it read before stays to be seen. Its day is moved in the ledger alone;
    once the minutes are signed, a department alone is named. Raises Conflict for one taken away, and Refusal."""
    text = operations.checked_text(decided.text, LONGEST_DECISION, "text")
    with use_case(by) as work:
        named = [decision_id] if decided.department_id is not None else []
        at = operations.entered(work, forum_id, by, may_decide,
                                lambda _forum: next(iter(of_ids(forum_id, named)), None))
        decision = _held(work, at.forum, decision_id)
        if operations.known_event(work, at.forum, key):
            return decision
        department_id = _department(decided)
        if at.forum.signed_version is not None:
            text, decided = decision.text, replace(decided, due_on=decision.due_on)
        decided = replace(decided, due_on=decided.due_on or decision.due_on)
        _check_day(decided.due_on, decision.due_on, work)
        if (text, department_id, decided.due_on) == (decision.text, decision.department_id, decision.due_on):
            return decision
        before = {"text": decision.text, "department": decision.who, "at": work.at.isoformat(),
                  "due_on": decision.due_on and decision.due_on.isoformat()}
        decision.earlier = [*decision.earlier, before]
        decision.text, decision.department_id, decision.due_on = text, department_id, decided.due_on
        if department_id:
            decision.department_name = None
        operations.add_event(work, at.forum, ForumEventKind.DECISION_CHANGED, decision.id, key=key)
        work.record("forums.decision_changed", decision)
        work.emit(DecisionWritten(decision.id))
        return decision


def take_away(forum_id: int, decision_id: int, key: str | None = None, *, by: User) -> Decision:
    """Say that this is not decided after all; it stays to be seen, crossed out."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_decide)
        decision = _of(work, at.forum, decision_id)
        if decision.removed_at is None:
            decision.removed_at = work.at
            operations.add_event(work, at.forum, ForumEventKind.DECISION_CHANGED, decision.id, key=key, removed=True)
            work.record("forums.decision_taken_away", decision)
            work.emit(DecisionWritten(decision.id))
        return decision


def missing() -> NotFound:
    return NotFound(_("여기에는 그런 결정이 없어요."))


def _of(work: Work, forum: Forum, decision_id: int) -> Decision:
    return existing(work.session.scalar(sa.select(Decision).filter_by(forum_id=forum.id, id=decision_id)), missing)


def _held(work: Work, forum: Forum, decision_id: int) -> Decision:
    decision = _of(work, forum, decision_id)
    if decision.removed_at is not None:
        raise Conflict(_("이미 뺀 결정이에요. 새로 적어 주세요."))
    return decision


def _check_day(due_on: date | None, known: date | None, work: Work) -> None:
    if known not in (None, due_on):
        raise Refusal(_("정한 날은 맡은 부서가 이유와 함께 옮겨요. 잘못 적었으면 이 결정을 빼고 새로 적어 주세요."), field="due_on")
    if known is None and due_on is not None and due_on < local(work.at).date():
        raise Refusal(_("이미 지난 날이에요. 앞으로 지킬 날을 적어 주세요."), field="due_on")


def _department(decided: DecisionText) -> int | None:
    # A number may have more digits than the database takes.
    known = (department.id for department in district.departments())
    if decided.department_id is not None and decided.department_id not in known:
        raise Refusal(_("목록에 있는 부서를 골라 주세요."), field="department")
    return decided.department_id
