"""Operations on consultations inside somebody else's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db, upsert
from civic_forum.platform.errors import Conflict
from civic_forum.platform.folding import folded
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work

from . import keyring, queries, rows
from .events import ConsultationEdited, StatementDecided
from .identities import Mark
from .models import AnswerTally, Consultation, Participant, Statement
from .rules import (LEAST_TEXT, OWN_MOST, STATEMENTS_MOST, TEXT_MOST, UNVERIFIED, Basis, Moderation, Origin,
                    StatementState)
from .sealing import Content, room_of


@dataclass(frozen=True)
class BroughtIn:
    """Somebody whose answers come from elsewhere: paper, a file, the sample."""

    mark: bytes
    basis: Basis
    answers: Mapping[int, int]
    """Statement number → answer."""
    neighbourhood_id: int | None = None
    age_band: str | None = None


def prepare(consultation: Consultation, statements: int) -> None:
    """Make K, and say for how many statements rows have room. Raises as `keyring.make` does."""
    keyring.make(consultation.id)
    consultation.room = room_of(statements)


def bring_in(work: Work, consultation: Consultation, people: Iterable[BroughtIn]) -> int:
    """Keep the answers of these people, none of whom has answered before; returns how many answers they gave. Raises
    OverflowError for a statement for which there is no room."""
    keys, room, there, answers = keyring.keys(consultation.id), consultation.room, [], 0
    for person in people:
        content = Content(neighbourhood_id=person.neighbourhood_id, age_band=person.age_band).answering(
            person.answers, room)
        there.append(rows.new(keys, Mark(person.mark, person.basis), content, room))
        answers += len(person.answers)
    if there:
        work.session.execute(sa.insert(Participant.__table__), sorted(there, key=itemgetter("row_key")))
    count_answers(consultation.id, answers)
    return answers


def count_answers(consultation_id: int, more: int) -> None:
    """Count so many answers that were given. Last in a transaction: whoever answers at the same time waits for it."""
    tally = upsert(AnswerTally.__table__)
    db.session.connection().execute(tally.on_conflict_do_update(
        index_elements=["consultation_id"], set_={"answers": AnswerTally.answers + tally.excluded.answers}),
        {"consultation_id": consultation_id, "answers": more})


def held(consultation_id: int, by: User, permission: Predicate) -> Consultation:
    """The consultation, locked, for somebody who may do this with it. Raises NotFound and Denied."""
    consultation = queries.locked(consultation_id)
    require(by, permission, consultation)
    return consultation


def statement_text(text: str) -> str:
    """The text of a statement on one line. Raises Refusal at `text`."""
    return " ".join(words_given(text, LEAST_TEXT, TEXT_MOST, "text").split())


def add_statement(work: Work, consultation: Consultation, text: str, origin: Origin, *, author_id: int | None = None,
                  source: str | None = None) -> Statement:
    """A statement of somebody, or of a `source`; public at once, or after a look where the consultation says so. The
    consultation is locked. Raises Conflict at `text` for too many, and for one that is there word for word."""
    there = queries.statements(consultation.id)
    if sum(statement.author_id == author_id and statement.source == source for statement in there) >= OWN_MOST:
        raise Conflict(_("한 사람이 %(most)s개까지 쓸 수 있어요.", most=OWN_MOST) if author_id else
                       _("한 테이블이 %(most)s개까지 보낼 수 있어요.", most=OWN_MOST), field="text")
    number = max((statement.number for statement in there), default=0) + 1
    if len(there) >= STATEMENTS_MOST or number > consultation.room:
        raise Conflict(_("의견이 아주 많아서 더 받지 않아요. 있는 의견에 답해 주세요."), field="text")
    if any(folded(statement.text) == folded(text)
           for statement in there if statement.state is not StatementState.REFUSED):
        raise Conflict(_("똑같은 의견이 이미 있어요. 그 의견에 답해 주세요."), field="text")
    waits = consultation.moderation is Moderation.BEFORE
    made = work.store(Statement(
        consultation_id=consultation.id, number=number, text=text, texts={},
        origin=origin, author_id=author_id, source=source, created_at=work.at,
        state=StatementState.WAITING if waits else StatementState.PUBLISHED, published_at=None if waits else work.at))
    work.record("opinions.statement_written", made)
    if not waits:
        work.emit(ConsultationEdited(consultation.id))
    return made


def take_away(work: Work, statement: Statement, why: str) -> None:
    """Refuse a statement that nobody can have answered yet. Answers are sealed: nobody knows to which they are. Raises
    Conflict where there are any."""
    queries.locked(statement.consultation_id)
    if statement.published_at is not None and queries.answers(statement.consultation_id):
        raise Conflict(_("사람들이 이미 답하고 있는 질문이라 의견을 거둘 수 없어요."))
    statement.state, statement.why = StatementState.REFUSED, why
    statement.decided_at, statement.decided_by_id = work.at, work.actor.id
    work.record("opinions.statement_taken_away", statement)
    work.emit(StatementDecided(statement.id))


def counted(consultation: Consultation) -> sa.ColumnElement[bool]:
    """True for participants whose answers are in the result."""
    here = sa.and_(Participant.consultation_id == consultation.id, ~Participant.is_empty)
    if not consultation.verified_only:
        return here
    return sa.and_(here, Participant.basis.not_in(UNVERIFIED))


class Counts(NamedTuple):
    """People whose answers count, by whether they are in the last result."""

    counted: int
    new: int
    known: int
    """New ones who are known by more than a browser or a seat at a kiosk."""


def counts(consultation: Consultation) -> Counts:
    new = Participant.is_counted.is_(False)
    return Counts(*db.session.execute(sa.select(
        sa.func.count().filter(Participant.is_counted), sa.func.count().filter(new),
        sa.func.count().filter(new, Participant.basis.not_in((Basis.DEVICE, Basis.KIOSK))))
        .select_from(Participant).where(counted(consultation))).one())
