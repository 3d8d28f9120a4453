"""Commitments, ready-made."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from civic_forum.budgets.projects import operations as projects
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind
from civic_forum.commitments.services import entries as services
from civic_forum.commitments.services.entries import Given
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.answers.making import on_the_table, published
from tests.budgets import making as budgets
from tests.common import today

MILESTONES = [{"key": "m1", "title": "자리 고르기", "weight": 40, "due_on": "2031-01-31"},
              {"key": "m2", "title": "의자 놓기", "weight": 60, "due_on": "2031-03-31"}]


def accepted(town, official, second, **facts) -> Commitment:
    """The commitment of an answer that accepted a proposal."""
    proposal = on_the_table(town, official, **facts)
    published(proposal, official, second)
    return newest()


def newest() -> Commitment:
    db.session.expire_all()
    return db.session.scalars(sa.select(Commitment).order_by(Commitment.id.desc())).first()


def told(one: Commitment, kind: EntryKind, content: dict[str, Any], by, second=None, *, on: date | None = None,
         **facts) -> Commitment:
    """An entry, approved by a second official where there is one."""
    made = services.propose(one.id, Given(kind, on or today(), content, **facts.pop("given", {})),
                            seen=queries.commitment(one.id).version, by=by, **facts)
    if second is not None:
        services.approve(one.id, made.number, seen=queries.commitment(one.id).version, by=second)
    db.session.expire_all()
    return queries.commitment(one.id)


def planned(one: Commitment, by, second) -> Commitment:
    return told(one, EntryKind.MILESTONES, {"milestones": MILESTONES}, by, second)


def reached(one: Commitment, key: str, by, second, **content) -> Commitment:
    return told(one, EntryKind.REACHED, {"milestone": key, "text": "놓은 자리를 하나씩 세었어요."} | content, by, second)


def later(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def project_of(town, official, **facts) -> Project:
    made = budgets.project(town, budgets.new_round(town), state=ProjectState.CHOSEN)
    made.department_id = min(official.department_ids())
    for name, value in facts.items():
        setattr(made, name, value)
    db.session.commit()
    return made


def moved(project: Project, *states: ProjectState) -> None:
    with use_case(None) as work:
        record = work.session.get_one(Project, project.id)
        for state in states:
            projects.move(work, record, state)
    db.session.expire_all()
