"""Submissions of people: a number, whose each is, and whether it still stands.

A feature keeps one `Submission` for each thing that is handed in and says its kind; the number is public, the code on
the slip alone opens what is not. A number that was printed and not used yet is a submission that was not handed in.

The check digit is that of H. M. Damm, Total anti-symmetrische Quasigruppen (Marburg 2004): one wrong digit and two
exchanged neighbours are noticed.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from secrets import randbelow
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.platform import keys, typed_codes
from civic_forum.platform.base import db, upsert
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.submission_rows import Submission, SubmissionSerial

NUMBER = re.compile(r"(\d{4})-(\d{4,6})-(\d)")
DIGITS_LEAST, DIGITS_MOST = 9, 11
FORGOTTEN = date.max
"""In the place of the day, once it has come."""
_CODE, _CONTACT = "submission.code", "submission.contact"
_DAMM = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134",
         "8945362017", "9438617205", "2581436790")


class Slip(NamedTuple):
    """A number and the code that is shown once; no code where nobody can claim it."""

    submission: Submission
    code: str | None


def check_digit(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def number_of(month: str, serial: int) -> str:
    """Public number of the serial of a month, `2611`."""
    digits = f"{serial:04d}"
    return f"{month}-{digits}-{check_digit(month + digits)}"


def read_number(typed: str) -> str:
    """A number as it was typed or told, with or without dashes. Raises Refusal for none, and for a wrong one: a check
    digit cannot say which digit is wrong, so none is offered."""
    digits = "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())
    if not DIGITS_LEAST <= len(digits) <= DIGITS_MOST:
        raise Refusal(_("접수번호는 숫자 아홉 자리예요. 받은 종이에서 다시 확인해 주세요."), field="number")
    if check_digit(digits) != "0":
        raise Refusal(_("번호가 맞지 않아요. 한 자리씩 다시 확인해 주세요."), field="number")
    return f"{digits[:4]}-{digits[4:-1]}-{digits[-1]}"


def begin(session: Session, kind: str, *, at: datetime, coded: bool = True, drawn: bool = False) -> Slip:
    """A new number, and its code where it gets one. `drawn`: a random number, that tells nobody how many there are."""
    month = f"{local(at):%y%m}"
    code = typed_codes.fresh() if coded else None
    submission = Submission(kind=kind, number=_drawn(session, month) if drawn else _next(session, month), made_at=at)
    if code:
        submission.code_hash = keys.keyed_hash(_CODE, _bound(submission.number, code))
    session.add(submission)
    session.flush()
    return Slip(submission, code)


def hand_in(session: Session, kind: str, *, owner_id: int | None = None, at: datetime) -> Submission:
    """One that is handed in at once, without a slip; its number is drawn."""
    submission = begin(session, kind, at=at, coded=False, drawn=True).submission
    submission.owner_id, submission.handed_in_at = owner_id, at
    return submission


def _next(session: Session, month: str) -> str:
    insert = upsert(SubmissionSerial).values(month=month, last=1)
    serial = session.scalar(insert.on_conflict_do_update(
        index_elements=[SubmissionSerial.month], set_={"last": SubmissionSerial.last + 1})
        .returning(SubmissionSerial.last))
    return number_of(month, int(serial or 0))


def _drawn(session: Session, month: str) -> str:
    """One of nine hundred thousand numbers of six digits that nobody has: two who draw the same at once are told to try
    again by its unique constraint."""
    while True:
        number = number_of(month, 100_000 + randbelow(900_000))
        if session.scalar(sa.select(Submission.id).filter_by(number=number)) is None:
            return number


def held(session: Session, kind: str, number: str) -> Submission | None:
    """The submission of this number, locked until the transaction ends."""
    return session.scalar(sa.select(Submission).filter_by(kind=kind, number=number).with_for_update()
                          .execution_options(populate_existing=True))


def by_number(kind: str, number: str) -> Submission:
    """One that was handed in. Raises Refusal for a wrong number, NotFound for one that nobody handed in."""
    submission: Submission | None = db.session.scalar(
        sa.select(Submission).filter_by(kind=kind, number=read_number(number)))
    if submission is None or submission.handed_in_at is None:
        raise NotFound(_("이 번호로 받은 것이 없어요. 번호를 다시 확인해 주세요."))
    return submission


def opens(submission: Submission, code: str) -> bool:
    """True for the code on its slip."""
    bound = _bound(submission.number, typed_codes.normalised(code))
    return submission.code_hash is not None and keys.is_one_of(submission.code_hash, keys.hashes(_CODE, bound))


def withdraw(submission: Submission, *, at: datetime) -> None:
    """It does not stand any more, and nobody is behind it. Raises Conflict where that is done."""
    if not submission.stands:
        raise Conflict(_("이미 거둔 것이에요."))
    submission.withdrawn_at, submission.contact_sealed, submission.forget_on = at, None, None


def seal_contact(submission: Submission, contact: str, until: date) -> None:
    submission.contact_sealed, submission.forget_on = keys.seal(_CONTACT, contact), until


def contact(submission: Submission) -> str | None:
    sealed = submission.contact_sealed
    return None if sealed is None else keys.unseal(_CONTACT, sealed)


def forget(session: Session, today: date) -> int:
    """Erase names and telephones whose day has come, and say how many they were."""
    due = sa.update(Submission).where(Submission.forget_on <= today)
    gone = session.execute(due.values(contact_sealed=None, forget_on=FORGOTTEN).returning(Submission.id)).all()
    return len(gone)


def of_owner(user_id: int) -> Sequence[Submission]:
    """All that somebody handed in or claimed."""
    return db.session.scalars(sa.select(Submission).filter_by(owner_id=user_id).order_by(Submission.id)).all()


def collect(user: Any) -> list[dict[str, object]]:
    """Own data of somebody: numbers and days."""
    return [{"number": submission.number, "kind": submission.kind,
             "handed_in_at": submission.handed_in_at and submission.handed_in_at.isoformat(),
             "withdrawn_at": submission.withdrawn_at and submission.withdrawn_at.isoformat(),
             "contact": contact(submission)} for submission in of_owner(user.id)]


def erase(user: Any, session: Session) -> None:
    """Leave the submissions, with nobody behind them and codes that open nothing."""
    session.execute(sa.update(Submission).where(Submission.owner_id == user.id).values(
        owner_id=None, contact_sealed=None, forget_on=None, code_hash=None))


def _bound(number: str, code: str) -> bytes:
    return f"{number}:{code}".encode()
