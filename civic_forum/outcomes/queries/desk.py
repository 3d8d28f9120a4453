"""Outcomes for officials: what their departments wrote and promised, and what can be decided."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..models import Outcome
from ..rules import OutcomeState, Progress
from . import participants, subjects
from .subjects import OutcomeCase
from .waiting import place

MOST = 50


@dataclass(frozen=True)
class Undecided:
    """Something that has no outcome yet."""

    place: str
    subject: str
    name: str
    title: str

    @property
    def url(self) -> str:
        return f"/desk/outcomes/{self.place}/{self.name}"


def of_departments(user: User) -> list[tuple[Outcome, str]]:
    """Work of the departments of this official: drafts, what waits, what is not carried out; each with the place at the
    desk of what it is about."""
    return list(db.session.execute(
        sa.select(Outcome, place()).options(joinedload(Outcome.department), joinedload(Outcome.written_by))
        .where(Outcome.department_id.in_(user.department_ids()),
               sa.or_(Outcome.state != OutcomeState.PUBLISHED, Outcome.correction.is_not(None),
                      sa.and_(Outcome.promised_on.is_not(None), Outcome.progress != Progress.DONE)))
        .order_by(Outcome.state, Outcome.promised_on, Outcome.id).limit(MOST)).all())


def decidable(user: User) -> list[Undecided]:
    """Things that these departments, or nobody in particular, can decide about and have not yet."""
    own, asked = user.department_ids(), []
    for kind, decides in subjects.decidable():
        if decides.offered is not None:
            found = decides.offered(own).subquery()
            has_one = sa.exists().where(Outcome.subject == kind.name, Outcome.subject_id == found.c.id)
            columns = (sa.literal(decides.place), sa.literal(kind.name), found.c.name, found.c.title,
                       found.c.since)
            asked.append(sa.select(*columns).where(~has_one))
    rows = db.session.execute(sa.union_all(*asked).order_by(sa.text("5 DESC, 3")).limit(MOST))
    return [Undecided(place, subject, name, title) for place, subject, name, title, _at in rows]


def how_many_are_told(case: OutcomeCase) -> int:
    """Number of people who took part, beside whoever voted."""
    told = participants.of(Outcome(subject=case.subject, subject_id=case.record.id)).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(told))
