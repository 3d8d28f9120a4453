"""Operations on consultations inside somebody else's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.attachments import operations as attachments
from civic_forum.platform.base import db, insert_all
from civic_forum.platform.work import Work

from .models import Consultation, Participant, Response, Statement
from .rules import Basis

FILES = "consultation"
"""Kind of the sets of pictures and files."""


def file_set(work: Work, consultation: Consultation) -> int:
    """Set of its pictures and files; made with the first."""
    if consultation.attachment_set_id is None:
        consultation.attachment_set_id = attachments.open_set(work.session, FILES, consultation.id).id
        work.session.flush()
    return consultation.attachment_set_id


@dataclass(frozen=True)
class BroughtIn:
    """Somebody whose answers come from elsewhere: paper, a file, the sample."""

    mark: bytes
    basis: Basis
    answers: Mapping[int, int]
    """Statement number → answer."""
    neighbourhood_id: int | None = None
    age_band: str | None = None


def bring_in(work: Work, consultation: Consultation, people: Iterable[BroughtIn]) -> int:
    """Keep the answers of these people, none of whom has answered before; returns how many answers they gave. Raises
    KeyError for a statement that is not there."""
    ids = dict(work.session.execute(sa.select(Statement.number, Statement.id).where(
        Statement.consultation_id == consultation.id)).all())
    there = list(people)
    for one in there:
        work.session.add(Participant(
            consultation_id=consultation.id, mark=one.mark, basis=one.basis, neighbourhood_id=one.neighbourhood_id,
            age_band=one.age_band, answers=len(one.answers)))
    work.session.flush()
    marks = dict(work.session.execute(sa.select(Participant.mark, Participant.id).where(
        Participant.consultation_id == consultation.id)).all())
    rows = [(marks[one.mark], ids[number], value) for one in there for number, value in one.answers.items()]
    insert_all(Response, ("participant_id", "statement_id", "value"), rows)
    return len(rows)


def counted(consultation: Consultation) -> sa.ColumnElement[bool]:
    """True for participants whose answers are in the result (`rules.counts`)."""
    here = sa.and_(Participant.consultation_id == consultation.id, Participant.answers > 0)
    if not consultation.verified_only:
        return here
    return sa.and_(here, Participant.basis.not_in((Basis.ACCOUNT, Basis.DEVICE)))


class Counts(NamedTuple):
    """People whose answers count, by whether they are in the last result."""

    counted: int
    new: int
    known: int
    """New ones who are known by more than a browser or a seat at a kiosk."""


def counts(consultation: Consultation) -> Counts:
    new = Participant.is_counted.is_(False)
    return Counts(*(db.session.execute(sa.select(
        sa.func.count().filter(Participant.is_counted), sa.func.count().filter(new),
        sa.func.count().filter(new, Participant.basis.not_in((Basis.DEVICE, Basis.KIOSK))))
        .select_from(Participant).where(counted(consultation))).one()))
