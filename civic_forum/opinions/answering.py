"""Answering a consultation: one statement at a time, changed and withdrawn at will.

Answers leave no trace of who and when: no audit entry, no fact, no version of the site, no time in any row.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.queries import sessions
from civic_forum.platform import clock
from civic_forum.platform.base import upsert
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import unlogged_transaction

from . import extensions, identities, queries, rules
from .identities import Device, Guest, Mark
from .models import Consultation, Participant, Response, Statement
from .policy import Asked, may_answer


class Answerer(NamedTuple):
    """Somebody who answers, as they are at this moment."""

    caller: Any
    marks: list[Mark]
    asked: Asked
    left: bytes | None = None
    """Mark of the same person, if they have left."""


def entered(consultation: Consultation, by: Any, device: Device | None) -> Answerer:
    """Somebody who answers, read again: an account, somebody taking part once, a letter, a seat, or a device. Raises
    Denied for a letter or a kiosk that holds no more."""
    caller = (sessions.as_they_are(by.id) if by.is_authenticated else None) or by
    found = asked(consultation, caller, device)
    if found.guest is not None and not queries.holds(consultation.id, device):
        raise Denied(_("이 편지나 키오스크는 이제 쓸 수 없어요. 동 주민센터에 물어봐 주세요."))
    left = identities.left(consultation.id, caller.person) if found.is_verified else None
    return Answerer(caller, identities.marks(consultation.id, caller, device), found, left)


def asked(consultation: Consultation, user: Any, device: Device | None = None) -> Asked:
    """The consultation as this account or guest is asked."""
    if not user.is_authenticated:
        return Asked(consultation, guest=device.basis if isinstance(device, Guest) else None)
    return Asked(consultation, queries.affiliated_with(user.id), user.person is not None)


class Answered(NamedTuple):
    """The participant whose answer was taken."""

    participant_id: int
    mark: bytes


def respond(consultation_id: int, number: int, value: int, *, by: Any, device: Device | None = None) -> Answered:
    """Answer a statement, or answer it anew. Raises Denied, NotFound, and Conflict for a statement that was taken out
    meanwhile."""
    if value not in rules.VALUES:
        raise Refusal(_("그래요, 아니에요, 모르겠어요 가운데 하나를 골라 주세요."), field="value")
    with unlogged_transaction() as session:
        consultation = queries.locked(consultation_id, read=True)
        who = entered(consultation, by, device)
        require(who.caller, may_answer, who.asked)
        statement = queries.statement(consultation_id, number)
        if not statement.is_asked:
            raise Conflict(_("그 사이에 빠진 의견이에요. 다음 의견에 답해 주세요."))
        participant_id = _participant(session, consultation, who)
        _keep(session, participant_id, statement, value)
    extensions.tell(extensions.ANSWERED, consultation_id)
    return Answered(participant_id, who.marks[0].value)


def say_age(consultation_id: int, band: str, *, by: Any, device: Device | None = None) -> None:
    """Keep the age band (`rules.AGE_BANDS`) that somebody who answered says of themselves, "" for none, while answers
    are taken. Raises Denied, Refusal at `age`, and Conflict before the first answer."""
    if band and band not in rules.AGE_BANDS:
        raise Refusal(_("보기 가운데 하나를 골라 주세요."), field="age")
    with unlogged_transaction() as session:
        consultation = queries.locked(consultation_id, read=True)
        who = entered(consultation, by, device)
        require(who.caller, may_answer, who.asked)
        kept = session.execute(sa.update(Participant.__table__).where(
            Participant.consultation_id == consultation_id,
            Participant.mark.in_([mark.value for mark in who.marks])).values(age_band=band or None))
        if not kept.rowcount:
            raise Conflict(_("한 가지라도 답한 뒤에 적을 수 있어요."))


def withdraw(consultation_id: int, *, by: Any, device: Device | None = None) -> bool:
    """Delete all of one's own answers, while answers are taken; True if there were any."""
    with unlogged_transaction() as session:
        consultation = queries.locked(consultation_id, read=True)
        who = entered(consultation, by, device)
        require(who.caller, may_answer, who.asked)
        gone = session.execute(sa.delete(Participant).where(
            Participant.consultation_id == consultation_id,
            Participant.mark.in_([mark.value for mark in who.marks])))
        return bool(gone.rowcount)


def _keep(session, participant_id: int, statement: Statement, value: int) -> None:
    row = upsert(Response.__table__).values(participant_id=participant_id, statement_id=statement.id, value=value)
    session.execute(row.on_conflict_do_update(index_elements=["participant_id", "statement_id"],
                                              set_={"value": row.excluded.value}))
    given = sa.select(sa.func.count()).select_from(Response).where(
        Response.participant_id == participant_id).scalar_subquery()
    session.execute(sa.update(Participant).where(Participant.id == participant_id).values(answers=given)
                    .execution_options(synchronize_session=False))


def _participant(session, consultation: Consultation, who: Answerer) -> int:
    """Id of the participant, held until the transaction ends; made at the first answer.

    An account that was verified has kept its answers (`verify`). Those of a browser are nobody's who signs in there: it
    may be one of many people's.
    """
    if not who.marks:
        raise Refusal(_("이 브라우저가 쿠키를 받지 않아요. 쿠키를 켜거나 로그인한 뒤에 답해 주세요."))
    mark, table = who.marks[0], Participant.__table__
    here = sa.and_(table.c.consultation_id == consultation.id, table.c.mark == mark.value)
    place = next(iter(who.asked.neighbourhood_ids)) if len(who.asked.neighbourhood_ids) == 1 else None
    known = session.execute(sa.select(table.c.id, table.c.neighbourhood_id).where(here).with_for_update()).one_or_none()
    if known is not None:
        if place is not None and known.neighbourhood_id != place:
            session.execute(sa.update(table).where(here).values(neighbourhood_id=place))
        return known.id
    if who.left is not None:
        _give_way(session, consultation.id, who.left)
    row = upsert(table).values(consultation_id=consultation.id, answers=0, is_counted=False, mark=mark.value,
                               basis=mark.basis, neighbourhood_id=place)
    session.execute(row.on_conflict_do_nothing(index_elements=["consultation_id", "mark"]))
    return session.scalar(sa.select(table.c.id).where(here).with_for_update())


def _give_way(session, consultation_id: int, left: bytes) -> None:
    """Delete what somebody answered before they left: whoever comes again, or a namesake, begins anew."""
    session.execute(sa.delete(Participant).where(Participant.consultation_id == consultation_id,
                                                 Participant.mark == left))


def leave(session, person) -> None:
    """Let the answers of somebody who took part once be found by nobody any more; they go on counting."""
    for consultation_id in session.scalars(sa.select(Consultation.id).where(Consultation.announced_at.is_not(None))):
        session.execute(sa.update(Participant).where(
            Participant.consultation_id == consultation_id,
            Participant.mark == identities.of_person(consultation_id, person).value).values(
            mark=identities.left(consultation_id, person)).execution_options(synchronize_session=False))


def verify(session, user) -> None:
    """Let the answers of an account be those of its verified person, where answers are still taken; an earlier answer
    of the same person stands in their place. The row of the account is held."""
    for consultation_id in session.scalars(sa.select(Consultation.id).where(Consultation.closes_at > clock.now())):
        by_person, by_account = identities.of_account(consultation_id, user)
        known = queries.participant(consultation_id, [by_person.value, by_account.value])
        if by_account.value not in known:
            continue
        if by_person.value in known:
            session.delete(known[by_account.value])
        else:
            row = known[by_account.value]
            _give_way(session, consultation_id, identities.left(consultation_id, user.person))
            row.mark, row.basis = by_person
        session.flush()


class Position(NamedTuple):
    """Progress of somebody in a consultation."""

    participant: Participant | None
    answers: dict[int, int]
    """Statement number → answer."""
    left: list[int]
    """Numbers of statements that wait for an answer."""
    next: int | None


def position(consultation: Consultation, draw: queries.Draw, *, by: Any, device: Device | None = None) -> Position:
    """Answers of somebody, and the statement that they are asked next. Changes nothing."""
    found = identities.marks(consultation.id, by, device)
    known = queries.participant(consultation.id, [mark.value for mark in found])
    mine = next((known[mark.value] for mark in found if mark.value in known), None)
    mark = found[0].value if found else bytes(identities.BYTES)
    return _position(mine, queries.answers_of(mine.id) if mine is not None else {}, mark, draw)


def position_after(answered: Answered, draw: queries.Draw) -> Position:
    """The same for somebody who has just answered."""
    return _position(None, queries.answers_of(answered.participant_id), answered.mark, draw)


def _position(mine: Participant | None, answers: dict[int, int], mark: bytes, draw: queries.Draw) -> Position:
    left = [number for number in draw.numbers if number not in answers]
    return Position(mine, answers, left, rules.next_statement(mark, left, draw.weights))
