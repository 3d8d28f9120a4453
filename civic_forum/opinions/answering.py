"""Answering a consultation: one statement at a time, changed and withdrawn at will.

Answers leave no trace of who and when: no audit entry, no fact, no version of the site, no time in any row.
"""

from typing import Any, NamedTuple

from civic_forum.accounts.queries import sessions
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import unlogged_transaction

from . import extensions, holding, identities, keyring, operations, queries, rows, rules
from .identities import Device, Guest, Mark
from .models import Consultation
from .policy import Asked, may_answer, why_unread
from .queries import Opened


class Answerer(NamedTuple):
    """Somebody who answers, as they are at this moment."""

    caller: Any
    marks: list[Mark]
    asked: Asked
    left: Mark | None = None
    """Mark of the same person, if they have left."""

    @property
    def place(self) -> int | None:
        """The one neighbourhood where they live, work or study."""
        return min(self.asked.neighbourhood_ids) if len(self.asked.neighbourhood_ids) == 1 else None


def entered(consultation: Consultation, by: Any, device: Device | None) -> Answerer:
    """Somebody who answers, read again: an account, somebody taking part once, a letter, a seat, or a device. Raises
    Denied for a letter or a kiosk that holds no more."""
    caller = (sessions.as_they_are(by.id) if by.is_authenticated else None) or by
    known = asked(consultation, caller, device)
    if known.guest is not None and not holding.holds(consultation.id, device):
        raise Denied(_("이 편지나 키오스크는 이제 쓸 수 없어요. 동 주민센터에 물어봐 주세요."))
    left = identities.left(consultation.id, caller.person) if known.is_verified else None
    return Answerer(caller, identities.marks(consultation.id, caller, device), known, left)


def asked(consultation: Consultation, user: Any, device: Device | None = None) -> Asked:
    """The consultation as this account or guest is asked."""
    if not user.is_authenticated:
        return Asked(consultation, guest=device.basis if isinstance(device, Guest) else None)
    return Asked(consultation, queries.affiliated_with(user.id), user.person is not None)


class Answered(NamedTuple):
    """All answers of whoever has just given one."""

    answers: dict[int, int]
    mark: bytes


def respond(consultation_id: int, number: int, answer: int, *, by: Any, device: Device | None = None) -> Answered:
    """Answer a statement, or answer it anew. Raises Denied, NotFound, and Conflict for a statement that was taken out
    meanwhile.

    An account that was verified has kept its answers (`verify`). Those of a browser are nobody's who signs in there: it
    may be one of many people's.
    """
    if answer not in rules.VALUES:
        raise Refusal(_("그래요, 아니에요, 모르겠어요 가운데 하나를 골라 주세요."), field="value")
    with unlogged_transaction():
        consultation = queries.locked(consultation_id, read=True)
        who = entered(consultation, by, device)
        require(who.caller, may_answer, who.asked)
        if not queries.statement(consultation_id, number).is_asked:
            raise Conflict(_("그 사이에 빠진 의견이에요. 다음 의견에 답해 주세요."))
        if number > consultation.room:
            raise Conflict(_("이 의견은 조금 뒤에 답할 수 있어요. 다른 의견에 먼저 답해 주세요."))
        if not who.marks:
            raise Refusal(_("이 브라우저가 쿠키를 받지 않아요. 쿠키를 켜거나 로그인한 뒤에 답해 주세요."))
        keys = keyring.keys(consultation_id)
        row = rows.begun(keys, who.marks[0], consultation.room)
        if row.is_empty and who.left is not None:  # whoever comes again, or a namesake, begins anew
            rows.clear(keys, [who.left], consultation.room)
        content = rows.opened(keys, row)
        before = content.answers
        content = content.answering(answers := before | {number: answer}, consultation.room)
        rows.put(keys, row, content._replace(neighbourhood_id=who.place or content.neighbourhood_id), consultation.room)
        operations.count_answers(consultation_id, len(answers) - len(before))
    extensions.tell(extensions.ANSWERED, consultation_id)
    return Answered(answers, who.marks[0].value)


def say_age(consultation_id: int, band: str, *, by: Any, device: Device | None = None) -> None:
    """Keep the age band (`rules.AGES`) that somebody who answered says of themselves, "" for none, while answers
    are taken. Raises Denied, Refusal at `age`, and Conflict before the first answer."""
    if band and band not in rules.AGES:
        raise Refusal(_("보기 가운데 하나를 골라 주세요."), field="age")
    with unlogged_transaction():
        consultation = queries.locked(consultation_id, read=True)
        who = entered(consultation, by, device)
        require(who.caller, may_answer, who.asked)
        keys = keyring.keys(consultation_id)
        there = [row for row in rows.held(keys, who.marks).values() if not row.is_empty]
        for row in there:
            rows.put(keys, row, rows.opened(keys, row)._replace(age_band=band or None), consultation.room)
        if not there:
            raise Conflict(_("한 가지라도 답한 뒤에 적을 수 있어요."))


def withdraw(consultation_id: int, *, by: Any, device: Device | None = None) -> bool:
    """Take back all of one's own answers, while answers are taken; True if there were any."""
    with unlogged_transaction():
        consultation = queries.locked(consultation_id, read=True)
        who = entered(consultation, by, device)
        require(who.caller, may_answer, who.asked)
        return rows.clear(keyring.keys(consultation_id), who.marks, consultation.room)


def erase(user) -> None:
    """Empty the rows of an account that goes. The answers of somebody who took part once go on counting, in a row that
    is found by nobody any more."""
    for consultation in queries.with_key():
        keys, marks = keyring.keys(consultation.id), identities.of_account(consultation.id, user)
        if user.is_guest:
            rows.move(keys, marks[0], identities.left(consultation.id, user.person), consultation.room)
        else:
            rows.clear(keys, marks, consultation.room)


def verify(user) -> None:
    """Let the answers of an account be those of its verified person, where answers are still taken; an earlier answer
    of the same person stands in their place. Where a second clerk has to see them first, they stay what they were until
    then. The row of the account is held."""
    for consultation in queries.with_key(Consultation.closes_at > clock.now()):
        if user.waits_for_second_clerk(consultation.announced_at):
            continue
        keys = keyring.keys(consultation.id)
        by_person, by_account = identities.of_account(consultation.id, user)
        known = {mark for mark, row in rows.held(keys, [by_person, by_account]).items() if not row.is_empty}
        if by_person in known:
            rows.clear(keys, [by_account], consultation.room)
        elif by_account in known:
            rows.clear(keys, [identities.left(consultation.id, user.person)], consultation.room)
            rows.move(keys, by_account, by_person, consultation.room)


class Position(NamedTuple):
    """Progress of somebody in a consultation."""

    participant: Opened | None
    answers: dict[int, int]
    """Statement number → answer."""
    left: list[int]
    """Numbers of statements that wait for an answer."""
    next: int | None


def position(consultation: Consultation, draw: queries.Draw, *, by: Any, device: Device | None = None) -> Position:
    """Answers of somebody, and the statement that they are asked next. Changes nothing."""
    marks = identities.marks(consultation.id, by, device)
    known = {} if why_unread(by, consultation) else queries.participant(consultation.id, [mark.value for mark in marks])
    row = next((known[mark.value] for mark in marks if mark.value in known), None)
    mine = row and queries.opened(keyring.keys(consultation.id), row)
    mark = marks[0].value if marks else bytes(identities.BYTES)
    return _position(mine, mine.content.answers if mine else {}, mark, draw)


def position_after(answered: Answered, draw: queries.Draw) -> Position:
    """The same for somebody who has just answered."""
    return _position(None, answered.answers, answered.mark, draw)


def _position(mine: Opened | None, answers: dict[int, int], mark: bytes, draw: queries.Draw) -> Position:
    left = [number for number in draw.numbers if number not in answers]
    return Position(mine, answers, left, rules.next_statement(mark, left, draw.weights))
