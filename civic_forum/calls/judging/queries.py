"""SELECTs of applications that are looked at, scored and decided.

Points are selected for their juror alone until the release: `those` has none before.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.submissions import Submission
from civic_forum.platform.base import Number, array_elements, db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import AnswerSheet
from civic_forum.platform.statements import made_once
from civic_forum.proposals.models import Proposal

from .. import labels
from ..models import (BEST_FIRST, ApplicationStep, Call, CallApplication, CallConflict, CallJuror, CallOpening,
                      CallScore)
from ..rules import MOST_JURY, ApplicationState, Step, WhyNot
from .rules import Candidate
from .rules import prizes_left as without

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
_application = sa.bindparam("application", type_=Number)


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


@made_once
def _applies() -> sa.Select[Any]:
    same = sa.or_(User.id == sa.bindparam("user", type_=Number), User.person_id == sa.bindparam("person", type_=Number))
    is_for_it = sa.exists().where(CallApplication.submission_id == Submission.id, CallApplication.call_id == _call,
                                  CallApplication.state != ApplicationState.DRAFT)
    return sa.select(sa.exists().where(Submission.owner_id.in_(sa.select(User.id).where(same)), is_for_it))


def applies(user: User, call_id: int) -> bool:
    """True if this person, by any account, handed an application in for it."""
    return bool(db.session.scalar(_applies(), {"user": user.id, "person": user.person_id, "call": call_id}))


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


@made_once
def _tally() -> sa.Select[Any]:
    state, place, won, count = (
        CallApplication.state, CallApplication.reserve_place, CallApplication.won, sa.func.count)
    numbers = count(), count(place), count(sa.case((place.is_(None), won))), sa.func.sum(won), sa.func.max(place)
    return sa.select(state, CallApplication.why_not, *numbers).where(
        CallApplication.call_id == _call, state != ApplicationState.DRAFT).group_by(state, CallApplication.why_not)


def tally(call_id: int) -> Tally:
    """From `ix_call_application_tally` alone: ten thousand rows are not read."""
    received, rows = ApplicationState.RECEIVED, db.session.execute(_tally(), {"call": call_id}).all()
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
WITHOUT_PRIZE = sa.and_(CallApplication.state == ApplicationState.NOT_CHOSEN,
                        CallApplication.why_not == WhyNot.NO_PLACE)
PASSED_OVER = sa.or_(RESULT == ApplicationState.RESERVE,
                     CallApplication.why_not.in_((WhyNot.NO_PLACE, WhyNot.NO_MONEY)))


def candidates(call_id: int, are: sa.ColumnElement[bool]) -> list[Candidate]:
    """Those with a mean for whom nothing is proposed, or for whom there was no place or money."""
    return [candidate(row) for row in db.session.execute(sa.select(
        *(getattr(CallApplication, name) for name in ("id", "mean_top", "mean_bottom", "asked", "lot_place"))).where(
        CallApplication.call_id == call_id, CallApplication.mean_bottom.is_not(None), are).limit(MOST_APPLICATIONS))]


def candidate(row: Any) -> Candidate:
    """An application as the rules read it."""
    return Candidate(row.id, Fraction(row.mean_top or 0, row.mean_bottom or 1), getattr(row, "asked", None),
                     row.lot_place or 0)


COUNTS = ~sa.exists().where(CallConflict.application_id == CallScore.application_id, sa.or_(
    CallConflict.juror_id == CallScore.juror_id, CallConflict.is_late))
"""Of a score: its juror has no conflict, and no juror noted one after opening the first application (the whole panel's
scores of it go out)."""


def _sheets() -> sa.ColumnElement[str | None]:
    """Sheets that count, once they are released: of each its juror and points, as JSON without the outer brackets."""
    sheets = sa.select(sa.func.aggregate_strings(
        "[" + sa.cast(CallScore.juror_id, sa.Text) + "," + sa.cast(CallScore.points, sa.Text) + "]", ",")).where(
        CallScore.application_id == CallApplication.id, COUNTS).correlate(CallApplication).scalar_subquery()
    return sa.case((sa.exists().where(Call.id == CallApplication.call_id, Call.released_at.is_not(None)), sheets))


@made_once
def _those(states: tuple[ApplicationState, ...], published: bool) -> sa.Select[Any]:
    order = (CallApplication.state, *map(sa.text, BEST_FIRST), CallApplication.id)
    ids = sa.select(CallApplication.id).where(
        CallApplication.call_id == _call, CallApplication.state.in_((*states, ApplicationState.RECEIVED)),
        RESULT.in_(states)).order_by(*order).offset(sa.bindparam("start")).limit(sa.bindparam("most"))
    those = sa.select(
        CallApplication.id, Submission.number, CallApplication.title, CallApplication.group_name, CallApplication.won,
        CallApplication.state, RESULT.label("result"), CallApplication.reserve_place, CallApplication.reason,
        CallApplication.mean_top, CallApplication.mean_bottom, CallApplication.decided_at, CallApplication.prize,
        CallApplication.lot_place, CallApplication.proposal_id, CallApplication.theme).join(
        CallApplication.submission).where(
        CallApplication.id.in_(ids.correlate(None))).order_by(*order)
    return those if not published else those.outerjoin(CallApplication.proposal).outerjoin(
        AnswerSheet, AnswerSheet.submission_id == Submission.id).add_columns(Proposal.number.label(
            "proposal_number"), sa.cast(AnswerSheet.answers, sa.Text).label("answers"), _sheets().label("sheets"))


def those(call_id: int, *states: ApplicationState, start: int = 0, most: int = MOST_SHOWN,
          published: bool = False) -> Sequence[Any]:
    """Rows of applications that have, or are to have, one of these states: those with most points first. `published`:
    with their answers and scores, as JSON."""
    return db.session.execute(_those(states, published), {"call": call_id, "start": start, "most": most}).all()


def winners(call: Call) -> Sequence[Any]:
    """Those that have, or are to have, a prize."""
    return those(call.id, ApplicationState.CHOSEN, most=MOST_APPLICATIONS)


def prizes_left(call: Call) -> list[dict[str, Any]]:
    """Prizes of the call that nobody has or is to have."""
    return without(call.prizes, Counter(each.prize for each in winners(call))) if call.prizes else []


def next_reserve(call_id: int) -> CallApplication | None:
    """Read again, and locked until the transaction ends."""
    return db.session.scalar(sa.select(CallApplication).filter_by(
        call_id=call_id, state=ApplicationState.RESERVE).order_by(CallApplication.reserve_place).limit(1)
        .with_for_update(of=CallApplication).execution_options(populate_existing=True))


# Jury and scores


class Juror(NamedTuple):
    """A member of a jury and how far it is: never which points, never about whom."""

    name: str
    scored: int | None = None
    conflicts: int | None = None


class Panel(NamedTuple):
    """A call and its jury, by the ids of their accounts."""

    call: Call
    jury: Mapping[int, Juror]


EVERYBODY = 0


def _number(model: Any) -> sa.ColumnElement[Any]:
    """Rows of a juror, counted without their applications: what was taken back or is out goes off again."""
    away = sa.select(CallApplication.id).where(CallApplication.call_id == _call, CallApplication.state.in_(
        (ApplicationState.OUT, ApplicationState.WITHDRAWN)))
    all_of_them, gone = (sa.select(sa.func.count()).select_from(model).where(
        model.juror_id == CallJuror.user_id, where).correlate(CallJuror).scalar_subquery()
        for where in (model.call_id == _call, model.application_id.in_(away)))
    return sa.case((_juror.in_((CallJuror.user_id, EVERYBODY)), all_of_them - gone))


@made_once
def _jury() -> sa.Select[Any]:
    return sa.select(CallJuror.user_id, User.nickname, _number(CallScore), _number(CallConflict)).join(
        User, User.id == CallJuror.user_id).where(CallJuror.about_id == _call).order_by(CallJuror.id).limit(MOST_JURY)


def panel(call: Call, progress_of: int | None = None) -> Panel:
    """With how far this juror is, or `EVERYBODY`."""
    rows = db.session.execute(_jury(), {"call": call.id, "juror": progress_of}).all()
    return Panel(call, {juror: Juror(name or _("탈퇴한 회원"), *numbers) for juror, name, *numbers in rows})


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


class Reading(NamedTuple):
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


def own_score(application_id: int, juror_id: int) -> CallScore | None:
    """Of this juror, for this juror."""
    return db.session.get(CallScore, (application_id, juror_id))


def standing(call_id: int, *but: ApplicationState) -> int:
    """Number of applications that are to be scored; of all in other states than these where some are named."""
    state = CallApplication.state
    return db.session.scalar(sa.select(sa.func.count()).select_from(CallApplication).where(
        CallApplication.call_id == call_id, state.not_in(but) if but else state == ApplicationState.RECEIVED)) or 0


def means(call_id: int) -> sa.Subquery:
    """Application → sum of the points that count, and number of their sheets."""
    points = array_elements(CallScore.points).table_valued("value")
    top, bottom = sa.func.sum(sa.cast(points.c.value, sa.Integer)), sa.func.count(sa.distinct(CallScore.juror_id))
    return sa.select(CallScore.application_id, top.label("top"), bottom.label("bottom")).join(points, sa.true()).where(
        CallScore.call_id == call_id, COUNTS).group_by(CallScore.application_id).subquery()


def late_and_others(call_id: int) -> tuple[int, int]:
    """Numbers of applications of which every score went out, and of conflicts that were noted in time."""
    late = sa.func.count(sa.distinct(sa.case((CallConflict.is_late, CallConflict.application_id))))
    others = sa.func.sum(sa.case((CallConflict.is_late, 0), else_=1))
    number, rest = db.session.execute(sa.select(late, others).join(
        CallApplication, CallApplication.id == CallConflict.application_id).where(
        CallConflict.call_id == call_id, CallApplication.state.not_in(
            (ApplicationState.WITHDRAWN, ApplicationState.DRAFT)))).one()
    return number, int(rest or 0)


@made_once
def _numbers_of() -> sa.Select[Any]:
    return sa.select(*(sa.select(sa.func.count()).select_from(model).where(
        model.application_id == _application).scalar_subquery() for model in (CallScore, CallConflict)))


def numbers_of(application_id: int) -> tuple[int, int]:
    """Numbers of jurors who scored an application, and who stay out of it."""
    return tuple(db.session.execute(_numbers_of(), {"application": application_id}).one())  # type: ignore[return-value]


# Results


def result_of(application: CallApplication) -> ApplicationState:
    """State that it has or is to have."""
    return db.session.scalar(sa.select(RESULT).where(
        CallApplication.id == application.id).limit(1)) or application.state


def owners(call_id: int, *states: ApplicationState) -> sa.Select[Any]:
    """Ids of the accounts whose applications have one of these states."""
    return sa.select(Submission.owner_id).join(CallApplication, CallApplication.submission_id == Submission.id).where(
        CallApplication.call_id == call_id, CallApplication.state.in_(states), Submission.owner_id.is_not(None))


def owner(application_id: int) -> sa.Select[Any]:
    return sa.select(Submission.owner_id).join(CallApplication, CallApplication.submission_id == Submission.id).where(
        CallApplication.id == application_id, Submission.owner_id.is_not(None))
