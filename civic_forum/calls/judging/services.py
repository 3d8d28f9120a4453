"""Applications are looked at, scored by a jury, released and decided by two people; the reserve moves up; what was
chosen is promised.

The call is locked first, then its applications. Every change of what is proposed raises its version, by which an act
that waits for a second person is void."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import marks_of
from civic_forum.blocks import questions, submissions
from civic_forum.blocks.seats import Roster, SeatWay
from civic_forum.blocks.two_people import Signatory, Strength, TwoPeople
from civic_forum.bodies import operations as seats
from civic_forum.bodies import queries as bodies
from civic_forum.commitments.queries.records import made_of
from civic_forum.platform import clock, plain_text
from civic_forum.platform.base import upsert
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local, won
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.policy import require
from civic_forum.platform.question_rows import Reader
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import queries as calls
from .. import rules
from ..models import ApplicationStep, Call, CallApplication, CallConflict, CallJuror, CallOpening, CallScore
from ..events import ApplicationWithdrawn
from ..extensions import UNDRAWN
from ..rules import APPLICATION, KIND, REASON_LEAST, REASON_MOST, ApplicationState, CallKind, Step
from . import operations, policy, queries
from .events import CallDecided, ScoringBegun
from .operations import holding
from .rules import Proposed

PROMISED = (CallKind.GRANT, CallKind.LAB)
"""Kinds of which what is chosen is a promise with milestones."""
CONFIRMED_WITHIN = timedelta(days=7)


# Steps


def note_step(slug: str, number: str, step: Step, passed: bool, reason: str, *, by: User) -> None:
    """Result of an application at a step; not passed, it is out, for a reason."""
    reason = plain_text.clean(reason)[:REASON_MOST] if passed else words_given(
        reason, REASON_LEAST, REASON_MOST, "reason")
    with holding(slug, policy.may_judge, by) as (work, call):
        operations.refuse_listed(call)
        application = queries.application(call, number, lock=True)
        if application.state not in (ApplicationState.RECEIVED, ApplicationState.OUT):
            raise Conflict(_("거둔 신청이에요."))
        noted = next((each for each in application.steps if each.step is step and (
            step is Step.COMPLETE or each.department_id == call.department_id)), None) or ApplicationStep(
            application_id=application.id, step=step)
        noted.department_id = call.department_id
        operations.note(work, application, noted, passed, reason)


def pass_rest(slug: str, step: Step, *, by: User) -> None:
    """All that stand and that nobody looks at pass this step; what was sent to departments waits for them."""
    with holding(slug, policy.may_judge, by) as (work, call):
        work.session.execute(sa.insert(ApplicationStep).from_select(
            ["application_id", "step", "passed", "reason", "department_id", "at", "by_id"],
            with_values(queries.waiting(call.id, step), {
                ApplicationStep.step: step, ApplicationStep.passed: True, ApplicationStep.reason: "",
                ApplicationStep.department_id: call.department_id, ApplicationStep.at: work.at,
                ApplicationStep.by_id: by.id})))
        call.version += 1
        work.record("calls.rest_passed", call, step=step)


def with_values(rows: sa.Select[Any], values: Mapping[Any, object]) -> sa.Select[Any]:
    """The rows with the same values beside each."""
    return rows.add_columns(*(sa.literal(value, column.type) for column, value in values.items()))


def unseal(slug: str, number: str, *, by: User) -> tuple[list[questions.Answer], str | None]:
    """Sealed answers of an application and how to reach who handed it in; who looked is on record."""
    with holding(slug, policy.may_handle, by) as (work, call):
        application = queries.application(call, number)
        sheet = queries.sheet_of(application)
        work.record("calls.unsealed", application)
        return (questions.answers(sheet, calls.questions_of(call), {Reader.SEALED}) if sheet else [],
                submissions.contact(application.submission))


# Scores


def begin_scoring(slug: str, *, by: User) -> None:
    """The voting seats of its body that are in office today are its jury from now on; who applied has a conflict."""
    with holding(slug, policy.may_begin_scoring, by) as (work, call):
        operations.refuse_unseen(call)
        case, jury = bodies.case(call.body_id), bodies.seated(CallJuror, call.id)
        for member in case.sitting:
            if member.seat.votes and member.user_id is not None and policy.may_handle(member.user, call):
                juror = CallJuror(about_id=call.id, user_id=member.user_id, begins=case.day, way=SeatWay.APPOINTMENT,
                                  consent=False)
                if seats.take(work, Roster([CallJuror.seats], jury), juror) is None:
                    jury.append(juror)
        if not jury:
            raise Conflict(_("이 위원회에는 오늘 계정이 있는 위원이 없어요."))
        call.scoring_at = work.at
        work.session.flush()
        work.session.execute(sa.insert(CallConflict).from_select(
            ["application_id", "juror_id", "call_id", "reason", "at", "is_late"], with_values(
                queries.own_applications(call.id), {
                    CallConflict.call_id: call.id, CallConflict.reason: _("내가 낸 신청이에요."),
                    CallConflict.at: work.at, CallConflict.is_late: False})))
        work.record("calls.scoring_begun", call, jury=len(jury))
        work.emit(ScoringBegun(call.id))


@contextmanager
def _scoring(slug: str, by: User) -> Iterator[tuple[Work, Call]]:
    call_id = calls.slugged(slug).id
    with use_case(by) as work:
        call = calls.locked(call_id, shared=True)
        require(by, policy.may_score, queries.panel(call))
        yield work, call


def open_applications(slug: str, *, by: User) -> None:
    """A juror reads applications from now on: a conflict that is noted later takes every score of it out."""
    with _scoring(slug, by) as (work, call):
        if queries.opened(call.id, by.id) is None:
            work.session.add(CallOpening(call_id=call.id, juror_id=by.id, at=work.at))
            work.record("calls.applications_opened", call)


def note_conflict(slug: str, number: str, reason: str, *, by: User) -> None:
    """A juror has to do with who applied: sees and scores it no more."""
    reason = words_given(reason, 2, REASON_MOST, "reason")
    with _scoring(slug, by) as (work, call):
        application = queries.application(call, number)
        if queries.own_conflict(application.id, by.id) is None:
            work.session.add(CallConflict(application_id=application.id, juror_id=by.id, call_id=call.id, at=work.at,
                                          reason=reason, is_late=queries.opened(call.id, by.id) is not None))
            work.record("calls.conflict_noted", call)


def score(slug: str, number: str, points: Sequence[int | None], note: str, *, by: User) -> None:
    """Hand a sheet in, or anew until the last day. Raises Refusal, Denied for a conflict."""
    note = words_given(note, 0, REASON_MOST, "note")
    with _scoring(slug, by) as (work, call):
        application = queries.application(call, number)
        require(by, policy.may_read_to_score, queries.reading(application, by.id))
        if rules.why_not_points(points, call.criteria):
            raise Refusal(_("기준마다 0점부터 정한 점수까지 매겨 주세요."))
        values = {"points": list(points), "note": note, "at": work.at}
        work.session.execute(upsert(CallScore).values(
            application_id=application.id, juror_id=by.id, call_id=call.id, **values).on_conflict_do_update(
            index_elements=["application_id", "juror_id"], set_=values))
        work.record("calls.scored", call)


# Release and decision, by two people


def subject_of(call: Call) -> str:
    return f"call:{call.id}"


def _held(subject: str, signers: frozenset[int]) -> Call:
    people.held(*signers)
    return calls.locked(int(subject.partition(":")[2]))


def _signatory(number: int, call: Call) -> Signatory:
    user = people.held(number)[number]
    may = policy.may_handle(user, call) is None and not queries.applies(user, call.id)
    return Signatory(id=number, marks=marks_of(user), is_verified_at_desk=False, granted_by=frozenset(),
                     held_since=clock.now() if may else None)


def _release(work: Work, call: Call) -> None:
    """The exact mean of what counts for each, and from now on the scores themselves."""
    means = queries.means(call.id)
    work.session.execute(sa.update(CallApplication).where(CallApplication.id == means.c.application_id).values(
        mean_top=means.c.top, mean_bottom=means.c.bottom).execution_options(synchronize_session=False))
    call.released_at = work.at
    call.version += 1


def _decide(work: Work, call: Call) -> None:
    """Let what was proposed be so, for everybody to read."""
    _refuse_unfinished(call)
    nominated = operations.hold_nominated(work, call)
    work.session.execute(sa.update(CallApplication).where(
        CallApplication.call_id == call.id, CallApplication.state.in_(
            (ApplicationState.RECEIVED, ApplicationState.OUT))).values(
        state=queries.RESULT, decided_at=work.at).execution_options(synchronize_session=False))
    call.decided_at = work.at
    operations.award(work, call, nominated)
    questions.over(work.session, KIND, call.id, local(work.at).date())
    work.emit(CallDecided(call.id))


RELEASE: TwoPeople[Call] = TwoPeople(
    name="calls.release", strength=Strength.PLAIN, lasts=CONFIRMED_WITHIN, may=policy.may_release, held=_held,
    shown=lambda call: [call.slug, str(call.scores_until), call.version], signatory=_signatory,
    held_for=people.held_for, carry_out=_release)
DECISION: TwoPeople[Call] = TwoPeople(
    name="calls.decision", strength=Strength.PLAIN, lasts=CONFIRMED_WITHIN, may=policy.may_decide, held=_held,
    shown=lambda call: [call.slug, call.version, sorted(queries.tally(call.id).numbers.items())],
    signatory=_signatory, held_for=people.held_for, carry_out=_decide)


def fill_by_rule(slug: str, *, by: User) -> None:
    """Propose what follows from the points for all that are not decided yet; equal points wait for a lot."""
    with holding(slug, policy.may_decide, by) as (work, call):
        made = operations.points_rule(call)(queries.candidates(call.id, queries.UNDECIDED))
        if not made:
            raise Conflict(_("더 채울 것이 없어요. 같은 점수는 추첨하고, 점수나 바라는 돈이 없는 신청은 하나씩 정해 주세요."))
        work.session.execute(sa.update(CallApplication), [
            {"id": number, "won": each.won, "prize": each.prize, "reserve_place": each.reserve_place,
             "why_not": each.why_not}
            for number, each in made.items()])
        call.version += 1
        work.record("calls.filled_by_rule", call, count=len(made))


def propose(slug: str, number: str, proposed: Proposed | None, reason: str, *, by: User) -> None:
    """Say what an application is to get; None: it is open again. Raises Refusal."""
    proposed = proposed or Proposed()
    is_good = proposed.won is not None or proposed.reserve_place is not None
    reason = words_given(reason, REASON_LEAST if is_good else 0, REASON_MOST, "reason")
    with holding(slug, policy.may_decide, by) as (work, call):
        if call.is_by_lot:
            raise Conflict(_("추첨으로 정하는 모집이에요."))
        application = queries.application(call, number, lock=True)
        if application.state is not ApplicationState.RECEIVED:
            raise Conflict(_("거두었거나 심사에서 빠진 신청이에요."))
        if call.most_won is not None and (proposed.won or 0) > call.most_won:
            raise Refusal(_("한 신청에 %(most)s까지예요.", most=won(call.most_won)), field="won")
        if (proposed.reserve_place or 0) > call.reserves:
            raise Refusal(_("예비는 %(most)s번까지예요.", most=call.reserves), field="reserve_place")
        if proposed.reserve_place and calls.has_reserve(call.id, proposed.reserve_place, but=application.id):
            raise Refusal(_("다른 신청이 이 예비 차례에 있어요."), field="reserve_place")
        if call.prizes:
            proposed = operations.with_sum(call, proposed)
        application.won, application.prize, application.reserve_place, application.why_not = (
            proposed.won, proposed.prize, proposed.reserve_place, proposed.why_not)
        application.reason = reason or None
        call.version += 1
        work.record("calls.result_proposed", application)


def propose_decision(slug: str, *, by: User) -> None:
    """Let the whole wait for a second person. Raises Conflict for what cannot be."""
    with holding(slug, policy.may_decide, by) as (work, call):
        _refuse_unfinished(call)
        DECISION.begin(work, subject_of(call), call)
        work.record("calls.decision_proposed", call)


def _refuse_unfinished(call: Call) -> None:
    operations.refuse_sent(call)
    if call.listed_at and any(UNDRAWN.ask(call)):
        raise Conflict(_("추첨한다고 알렸어요. 로또가 나온 뒤에 정하거나, 추첨 화면에서 두 사람이 추첨을 끝내 주세요."))
    tally = queries.tally(call.id)
    chosen, reserve = tally[ApplicationState.CHOSEN], tally[ApplicationState.RESERVE]
    if left := tally[ApplicationState.RECEIVED]:
        raise Conflict(_("아직 정하지 않은 신청이 %(count)s건 있어요.", count=left))
    if missing := queries.without_reason(call.id):
        raise Conflict(_("뽑힌 신청과 예비 %(count)s건에 이유가 없어요.", count=missing))
    if call.places is not None and chosen > call.places:
        raise Conflict(_("%(places)s자리보다 많이 뽑았어요.", places=call.places))
    if call.budget is not None and tally.won > call.budget:
        raise Conflict(_("예산보다 %(over)s 많아요.", over=won(tally.won - call.budget)))
    if reserve > call.reserves or reserve != tally.last_reserve:
        raise Conflict(_("예비는 1번부터 %(most)s번까지 빠짐없이 정해 주세요.", most=call.reserves))
    if any(prize["count"] < 0 for prize in queries.prizes_left(call)):
        raise Conflict(_("정한 것보다 많이 준 상이 있어요."))


# After the decision


def _held_chosen(subject: str, signers: frozenset[int]) -> CallApplication:
    call_id, number = subject.split(":")[1:]
    people.held(*signers)
    application = queries.application(calls.locked(int(call_id)), number, lock=True)
    if application.state is not ApplicationState.CHOSEN:
        raise Conflict(_("뽑힌 신청이 아니에요."))
    return application


def _give_way(work: Work, application: CallApplication) -> None:
    submissions.withdraw(application.submission, at=work.at)
    application.state = ApplicationState.WITHDRAWN
    work.record("calls.gave_way", application)
    work.emit(ApplicationWithdrawn(application.id, str(ApplicationState.CHOSEN)))


GIVING_WAY: TwoPeople[CallApplication] = TwoPeople(
    name="calls.giving_way", strength=Strength.PLAIN, lasts=CONFIRMED_WITHIN, held=_held_chosen,
    may=lambda actor, application: policy.may_handle(actor, application.call),
    shown=lambda application: [application.number, application.state, application.won],
    signatory=lambda number, application: _signatory(number, application.call), held_for=people.held_for,
    carry_out=_give_way)


def giving_way(application: CallApplication) -> JointAct | None:
    """The act of one person that waits for another one."""
    act = GIVING_WAY.pending(f"{APPLICATION}:{application.call_id}:{application.number}")
    return act if act and GIVING_WAY.why_void(act, application, clock.now()) is None else None


def give_way(slug: str, number: str, *, by: User) -> bool:
    """Somebody chosen does not take it, as one official says and another one confirms: the next of the reserve moves
    up. True once that is done."""
    call = calls.slugged(slug)
    require(by, policy.may_handle, call)
    application = queries.application(call, number)
    subject, act = f"{APPLICATION}:{call.id}:{number}", giving_way(application)
    if act is None or act.by_id == by.id:
        GIVING_WAY.propose(subject, by=by)
        return False
    GIVING_WAY.confirm(subject, by=by)
    return True


def promise(slug: str, *, by: User) -> int:
    """Commitments of what was chosen, with milestones: agreement, sharing in between, result. How many were made."""
    with holding(slug, policy.may_handle, by) as (work, call):
        if call.kind not in PROMISED or call.decided_at is None:
            raise Conflict(_("결과가 나온 지원 공모와 리빙랩만 약속으로 이어요."))
        chosen = queries.those(call.id, ApplicationState.CHOSEN, most=200)
        fresh = [application for application in chosen if made_of(APPLICATION, application.id) is None]
        for application in fresh:
            operations.promise(work, call, application, by_id=by.id)
        return len(fresh)
