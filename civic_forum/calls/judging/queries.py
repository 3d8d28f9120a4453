"""SELECTs of applications that are looked at, scored and decided.

Points are selected for their juror alone until the release: `sheets` has no rows before.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.submissions import Submission
from civic_forum.bodies.queries import seated
from civic_forum.platform.base import Number, db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import AnswerSheet
from civic_forum.proposals.models import Proposal

from .. import labels, rules
from ..models import (BEST_FIRST, ApplicationStep, Call, CallApplication, CallConflict, CallJuror, CallOpening,
                      CallScore)
from ..rules import ApplicationState, Sheet, Step, WhyNot
from .rules import Candidate

MOST_SHOWN, MOST_APPLICATIONS = 20, 20_000
OVER = (ApplicationState.CHOSEN, ApplicationState.RESERVE)
RESULT = sa.case(
    (CallApplication.state != ApplicationState.RECEIVED, CallApplication.state),
    (CallApplication.reserve_place.is_not(None), sa.literal(ApplicationState.RESERVE, CallApplication.state.type)),
    (CallApplication.why_not.is_not(None), sa.literal(ApplicationState.NOT_CHOSEN, CallApplication.state.type)),
    (CallApplication.won.is_not(None), sa.literal(ApplicationState.CHOSEN, CallApplication.state.type)),
    else_=CallApplication.state)
"""State that an application has, or is to have by what is proposed."""
_call, _juror = sa.bindparam("call", type_=Number), sa.bindparam("juror", type_=Number)


def missing() -> NotFound:
    return NotFound(_("이런 신청은 없어요. 목록에서 찾아보세요."))


# Applications at the desk


def _missing_step(step: Step, *, sent: bool = False) -> sa.ColumnElement[bool]:
    """Nobody looks at it; `sent`: it was sent to departments, of which some have not answered."""
    noted = sa.exists().where(ApplicationStep.application_id == CallApplication.id, ApplicationStep.step == step)
    return sa.and_(CallApplication.state == ApplicationState.RECEIVED,
                   noted.where(ApplicationStep.passed.is_(None)) if sent else ~noted)


def _applications() -> sa.Select[Any]:
    other = aliased(CallApplication)
    stands = sa.and_(other.call_id == CallApplication.call_id, other.id != CallApplication.id,
                     other.state.not_in((ApplicationState.DRAFT, ApplicationState.WITHDRAWN)))
    return sa.select(
        CallApplication.id, Submission.number, CallApplication.title, CallApplication.group_name, CallApplication.theme,
        CallApplication.people, CallApplication.asked, CallApplication.channel, RESULT.label("result"),
        CallApplication.won, CallApplication.reserve_place, CallApplication.why_not, CallApplication.mean_top,
        CallApplication.mean_bottom,
        sa.exists().where(stands, other.mark == CallApplication.mark).label("same_person"),
        sa.exists().where(stands, other.group_folded == CallApplication.group_folded).label("same_group"),
    ).join(CallApplication.submission).where(
        CallApplication.call_id == _call, CallApplication.state != ApplicationState.DRAFT)


APPLICATIONS = listing.declare(Listing(
    "applications of a call", _applications, endpoint="call_desk.applications", size=50,
    filters=(Filter("result", _l("상태"), lambda state: RESULT == state, {
                 state: label for state, label in labels.STATE.items() if state is not ApplicationState.DRAFT},
                 _l("모든 상태"), type=CallApplication.state.type),
             Filter("step", _l("기다리는 일"), None, labels.STEP | {"sent": _l("부서의 답")}, _l("모든 일"),
                    {step: _missing_step(step) for step in Step} | {"sent": _missing_step(Step.REVIEW, sent=True)}),
             Filter("channel", _l("낸 곳"), CallApplication.channel, labels.CHANNEL, _l("모든 곳")),
             words("q", _l("제목, 모임, 분야, 접수번호"), CallApplication.title, CallApplication.group_name,
                   CallApplication.theme, Submission.number, most=60)),
    orders=(Order("oldest", "", (CallApplication.id,)),)))


def application(call: Call, number: str, *, lock: bool = False) -> CallApplication:
    """One that was handed in; under a lock read again. Raises NotFound."""
    statement = sa.select(CallApplication).join(CallApplication.submission).where(
        CallApplication.call_id == call.id, Submission.number == number,
        CallApplication.state != ApplicationState.DRAFT).options(contains_eager(CallApplication.submission))
    if lock:
        statement = statement.with_for_update(of=CallApplication).execution_options(populate_existing=True)
    return existing(db.session.scalar(statement), missing)


def sheet_of(application: CallApplication) -> AnswerSheet | None:
    return db.session.get(AnswerSheet, application.submission_id)


def waiting(call_id: int, step: Step, *, sent: bool = False) -> sa.Select[Any]:
    """Ids of those that stand and that nobody looks at; `sent`: that wait for departments."""
    return sa.select(CallApplication.id).where(CallApplication.call_id == call_id, _missing_step(step, sent=sent))


def number_waiting(call_id: int, step: Step, *, sent: bool = False) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(waiting(call_id, step, sent=sent).subquery())) or 0


def applies(user: User, call_id: int) -> bool:
    """True if this person, by any account, handed an application in for it."""
    same = User.id == user.id if user.person_id is None else sa.or_(
        User.id == user.id, User.person_id == user.person_id)
    is_for_it = sa.exists().where(CallApplication.submission_id == Submission.id, CallApplication.call_id == call_id,
                                  CallApplication.state != ApplicationState.DRAFT)
    return bool(db.session.scalar(sa.select(sa.exists().where(
        Submission.owner_id.in_(sa.select(User.id).where(same)), is_for_it))))


@dataclass(frozen=True)
class Tally:
    """Counts of applications by the state that they have or are to have."""

    numbers: Mapping[ApplicationState, int]
    won: int
    last_reserve: int
    why_not: Mapping[WhyNot, int]

    def __getitem__(self, state: ApplicationState) -> int:
        return self.numbers.get(state, 0)

    @property
    def handed_in(self) -> int:
        return sum(self.numbers.values())


def tally(call_id: int) -> Tally:
    """From `ix_call_application_tally` alone: ten thousand rows are not read."""
    application, received = CallApplication, ApplicationState.RECEIVED
    chosen = sa.case((application.reserve_place.is_(None), application.won))
    rows = db.session.execute(sa.select(
        application.state, application.why_not, sa.func.count(), sa.func.count(application.reserve_place),
        sa.func.count(chosen), sa.func.sum(application.won), sa.func.max(application.reserve_place)).where(
        application.call_id == call_id, application.state != ApplicationState.DRAFT)
        .group_by(application.state, application.why_not)).all()
    numbers: Counter[ApplicationState] = Counter()
    why_not: Counter[WhyNot] = Counter()
    for state, why, number, reserves, won, *_rest in rows:
        result = ApplicationState.NOT_CHOSEN if state is received and why else state
        if state is received:
            proposed = {ApplicationState.RESERVE: reserves, ApplicationState.CHOSEN: 0 if why else won}
            numbers.update(proposed)
            number -= sum(proposed.values())
        numbers[result] += number
        if why and result in (ApplicationState.OUT, ApplicationState.NOT_CHOSEN):
            why_not[why] += number
    return Tally(+numbers, sum(int(row[5] or 0) for row in rows if row.state in (received, ApplicationState.CHOSEN)),
                 max((row[6] or 0 for row in rows), default=0), +why_not)


def without_reason(call_id: int) -> int:
    """Number of those that are chosen, or in the reserve, without a reason."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(CallApplication).where(
        CallApplication.call_id == call_id, RESULT.in_(OVER), sa.func.coalesce(CallApplication.reason, "") == "")) or 0


UNDECIDED = RESULT == ApplicationState.RECEIVED
PASSED_OVER = sa.or_(RESULT == ApplicationState.RESERVE,
                     CallApplication.why_not.in_((WhyNot.NO_PLACE, WhyNot.NO_MONEY)))


def candidates(call_id: int, are: sa.ColumnElement[bool]) -> list[Candidate]:
    """Those with a mean for whom nothing is proposed, or for whom there was no place or money."""
    return [Candidate(number, Fraction(top, bottom), asked or 0) for number, top, bottom, asked in db.session.execute(
        sa.select(CallApplication.id, CallApplication.mean_top, CallApplication.mean_bottom, CallApplication.asked)
        .where(CallApplication.call_id == call_id, CallApplication.mean_bottom.is_not(None),
               are).limit(MOST_APPLICATIONS))]


def those(call_id: int, *states: ApplicationState, start: int = 0, most: int = MOST_SHOWN) -> Sequence[Any]:
    """Rows of applications that have, or are to have, one of these states: those with most points first."""
    return db.session.execute(sa.select(
        CallApplication.id, Submission.number, CallApplication.title, CallApplication.group_name, CallApplication.won,
        CallApplication.state, RESULT.label("result"), CallApplication.reserve_place, CallApplication.reason,
        CallApplication.mean_top, CallApplication.mean_bottom, CallApplication.decided_at, CallApplication.prize,
        CallApplication.proposal_id, Proposal.number.label("proposal_number"), AnswerSheet.answers)
        .join(CallApplication.submission).outerjoin(CallApplication.proposal).outerjoin(
            AnswerSheet, AnswerSheet.submission_id == Submission.id).where(
        CallApplication.call_id == call_id, CallApplication.state.in_((*states, ApplicationState.RECEIVED)),
        RESULT.in_(states)).order_by(CallApplication.state, *map(sa.text, BEST_FIRST), CallApplication.id)
        .offset(start).limit(most)).all()


def next_reserve(call_id: int) -> CallApplication | None:
    """Read again, and locked until the transaction ends."""
    return db.session.scalar(sa.select(CallApplication).filter_by(
        call_id=call_id, state=ApplicationState.RESERVE).order_by(CallApplication.reserve_place).limit(1)
        .with_for_update(of=CallApplication).execution_options(populate_existing=True))


# Jury and scores


@dataclass(frozen=True)
class Panel:
    """A call and its jury."""

    call: Call
    jury: dict[int, User]


def panel(call: Call) -> Panel:
    return Panel(call, {seat.user_id: seat.user for seat in seated(CallJuror, call.id) if seat.user_id})


_conflict = sa.exists().where(CallConflict.application_id == CallApplication.id, CallConflict.juror_id == _juror)
_scored = sa.exists().where(CallScore.application_id == CallApplication.id, CallScore.juror_id == _juror)
SCORES = listing.declare(Listing(
    "applications of a juror", lambda: sa.select(
        CallApplication.id, Submission.number, _conflict.label("conflict"), _scored.label("scored"),
        sa.case((~_conflict, CallApplication.title)).label("title"),
        sa.case((~_conflict, sa.func.coalesce(CallApplication.group_name, User.nickname))).label("name"))
    .join(CallApplication.submission).outerjoin(User, User.id == Submission.owner_id).where(
        CallApplication.call_id == _call, CallApplication.state == ApplicationState.RECEIVED),
    endpoint="call_desk.scores", size=50,
    filters=(Filter("mine", _l("내 점수"), None, {"owed": _l("아직 안 매긴 것"), "scored": _l("매긴 것"), "conflict": _l("빠진 것")},
                    _l("모두"), {"owed": ~_scored & ~_conflict, "scored": _scored & ~_conflict, "conflict": _conflict}),),
    orders=(Order("oldest", "", (CallApplication.id,)),)))


def opened(call_id: int, juror_id: int) -> CallOpening | None:
    return db.session.get(CallOpening, (call_id, juror_id))


def own_conflict(application_id: int, juror_id: int) -> CallConflict | None:
    return db.session.get(CallConflict, (application_id, juror_id))


@dataclass(frozen=True)
class Reading:
    """An application before a juror."""

    application: CallApplication
    is_opened: bool
    """True once the juror reads applications."""
    conflict: CallConflict | None


def reading(application: CallApplication, juror_id: int) -> Reading:
    return Reading(application, opened(application.call_id, juror_id) is not None,
                   own_conflict(application.id, juror_id))


def own_applications(call_id: int) -> sa.Select[Any]:
    """Applications of members of the jury, by any account of theirs, each with the juror."""
    owner, juror = aliased(User), aliased(User)
    same = sa.or_(owner.id == juror.id, owner.person_id == juror.person_id)
    return sa.select(CallApplication.id, juror.id).join(CallApplication.submission).join(
        owner, owner.id == Submission.owner_id).join(juror, same).join(CallJuror, CallJuror.user_id == juror.id).where(
        CallApplication.call_id == call_id, CallJuror.about_id == call_id)


def has_reserve(call_id: int, place: int, *, but: int) -> bool:
    """True if another application has this place in the reserve."""
    return bool(db.session.scalar(sa.select(sa.exists().where(
        CallApplication.call_id == call_id, CallApplication.reserve_place == place, CallApplication.id != but))))


def own_score(application_id: int, juror_id: int) -> CallScore | None:
    """Of this juror, for this juror."""
    return db.session.get(CallScore, (application_id, juror_id))


@dataclass(frozen=True)
class Progress:
    """Applications that a juror scored, and those that they stay out of."""

    scored: int = 0
    conflicts: int = 0


def standing(call_id: int) -> int:
    """Number of applications that are to be scored."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(CallApplication).filter_by(
        call_id=call_id, state=ApplicationState.RECEIVED)) or 0


def progress(call_id: int, juror_id: int | None = None) -> dict[int, Progress]:
    """Of all jurors, or of this one, how far each is; never which points, never about whom. They are counted without
    their applications: what was taken back or is out goes off again."""
    away = sa.select(CallApplication.id).where(CallApplication.call_id == call_id, CallApplication.state.in_(
        (ApplicationState.OUT, ApplicationState.WITHDRAWN)))

    def number(model: Any, *where: sa.ColumnElement[bool]) -> Counter[int]:
        mine = sa.true() if juror_id is None else model.juror_id == juror_id
        return Counter(dict(db.session.execute(sa.select(model.juror_id, sa.func.count()).where(
            mine, *where).group_by(model.juror_id).limit(rules.MOST_JURY)).all()))

    scored, conflicts = (number(model, model.call_id == call_id) - number(model, model.application_id.in_(away))
                         for model in (CallScore, CallConflict))
    return {juror: Progress(scored[juror], conflicts[juror]) for juror in scored | conflicts}


@dataclass
class Scored:
    """Sheets of an application, and jurors who had to do with it."""

    sheets: list[Sheet] = field(default_factory=list)
    conflicts: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)

    @property
    def counted(self) -> list[Sheet]:
        return rules.counted(self.sheets, self.conflicts, self.late)


def sheets(call: Call, ids: Sequence[int] | None = None, *, at_release: bool = False) -> dict[int, Scored]:
    """Application → its sheets, once they are released; `at_release`: at this moment, for their means."""
    made: dict[int, Scored] = defaultdict(Scored)
    is_read = sa.true() if at_release else Call.released_at.is_not(None)
    for model, columns in ((CallScore, CallScore.points), (CallConflict, CallConflict.is_late)):
        here = model.call_id == call.id if ids is None else model.application_id.in_(ids)
        for number, juror, value in db.session.execute(sa.select(model.application_id, model.juror_id, columns).join(
                Call, Call.id == model.call_id).where(here, is_read).order_by(
                model.application_id, model.juror_id).limit(MOST_APPLICATIONS * rules.MOST_JURY)):
            if model is CallScore:
                made[number].sheets.append(Sheet(juror, tuple(value)))
            else:
                made[number].conflicts.add(juror)
                made[number].late |= {juror} if value else set()
    return made


def late_and_others(call_id: int) -> tuple[int, int]:
    """Numbers of applications of which every score went out, and of conflicts that were noted in time."""
    late = sa.func.count(sa.distinct(sa.case((CallConflict.is_late, CallConflict.application_id))))
    others = sa.func.sum(sa.case((CallConflict.is_late, 0), else_=1))
    number, rest = db.session.execute(sa.select(late, others).join(
        CallApplication, CallApplication.id == CallConflict.application_id).where(
        CallConflict.call_id == call_id, CallApplication.state.not_in(
            (ApplicationState.WITHDRAWN, ApplicationState.DRAFT)))).one()
    return number, int(rest or 0)


def noted_by(juror_id: int, model: Any) -> Sequence[Any]:
    """Own data of a juror: scores or conflicts."""
    return db.session.scalars(sa.select(model).filter_by(juror_id=juror_id).order_by(model.application_id)).all()


def numbers_of(application_id: int) -> tuple[int, int]:
    """Numbers of jurors who scored an application, and who stay out of it."""
    return tuple(db.session.execute(sa.select(*(  # type: ignore[return-value]
        sa.select(sa.func.count()).select_from(model).where(model.application_id == application_id).scalar_subquery()
        for model in (CallScore, CallConflict)))).one())


# Results


def result_of(application: CallApplication) -> ApplicationState:
    """State that it has or is to have."""
    return db.session.scalar(sa.select(RESULT).where(
        CallApplication.id == application.id).limit(1)) or application.state


def mean_of(application: CallApplication) -> Fraction | None:
    return Fraction(application.mean_top or 0, application.mean_bottom) if application.mean_bottom else None


def owners(call_id: int, *states: ApplicationState) -> sa.Select[Any]:
    """Ids of the accounts whose applications have one of these states."""
    return sa.select(Submission.owner_id).join(CallApplication, CallApplication.submission_id == Submission.id).where(
        CallApplication.call_id == call_id, CallApplication.state.in_(states), Submission.owner_id.is_not(None))


def owner(application_id: int) -> sa.Select[Any]:
    return sa.select(Submission.owner_id).join(CallApplication, CallApplication.submission_id == Submission.id).where(
        CallApplication.id == application_id, Submission.owner_id.is_not(None))
