"""Somebody is passed over, or a whole draw ends: by two people."""

from dataclasses import replace
from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import queries as applying
from civic_forum.calls.judging import operations as judging
from civic_forum.calls.judging import queries as applications
from civic_forum.calls.rules import ApplicationState
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import operations, queries
from ..events import DrawEnded, PassingBegun
from ..models import Draw, DrawPerson
from ..rules.filling import OBJECTION, Reason
from .holding import CONFIRMED_WITHIN, held, holding, may, signatory, standing
from .values import lottery_at

REASON_LEAST, REASON_MOST, DECISION_MOST = 5, 400, 60


def _held_person(subject: str, signers: frozenset[int]) -> tuple[Draw, DrawPerson]:
    _kind, draw_id, application_id = subject.split(":")
    people.held(*signers)
    draw = standing(queries.locked(int(draw_id)))
    return draw, queries.person(draw, int(application_id))


def _begin_to_pass(work: Work, case: tuple[Draw, DrawPerson]) -> None:
    draw, person = case
    person.leaves_at = work.at + (OBJECTION if person.leaving.by_two else timedelta())
    work.emit(PassingBegun(draw.id, person.application_id))


def _keep(work: Work, case: tuple[Draw, DrawPerson]) -> None:
    draw, person = case
    if person.leaving is None:
        raise Conflict(_("빼기로 한 신청이 아니에요."))
    person.leaving = person.leaves_at = None
    work.record("draws.kept", draw)


def _restore(work: Work, case: tuple[Draw, DrawPerson]) -> None:
    draw, person = case
    entry = queries.passed_now(draw.id, operations.number_of(person))
    application = applying.held(person.application_id)
    if entry is None or application.state is not ApplicationState.OUT:
        raise Conflict(_("추첨에서 두 사람이 뺀 신청만 되돌려요."))
    judging.stand_again(work, application)
    person.leaves_at = None
    operations.restore(work, draw, entry)


PASSING: TwoPeople[tuple[Draw, DrawPerson]] = TwoPeople(
    name="draws.passing", strength=Strength.STRICT, lasts=CONFIRMED_WITHIN, held=_held_person, held_for=people.held_for,
    may=lambda actor, case: may(actor, case[0]), signatory=lambda number, case: signatory(number, case[0]),
    shown=lambda case: [case[0].id, case[1].application_id, case[1].leaving, str(case[1].leaves_at)],
    carry_out=_begin_to_pass)
KEEPING = replace(PASSING, name="draws.keeping", carry_out=_keep)
RESTORING = replace(PASSING, name="draws.restoring", carry_out=_restore)


def subject_of(person: DrawPerson) -> str:
    return f"draw:{person.draw_id}:{person.application_id}"


def _person(slug: str, number: str) -> DrawPerson:
    """An application, by its receipt number, in the list of whichever draw of the call stands with it."""
    application = applications.application(calls.slugged(slug), number)
    return queries.person(standing(queries.draw_with(application.id)), application.id)


def propose_passing(slug: str, number: str, reason: Reason, *, by: User) -> None:
    """Say why an application of the list, by its receipt number, makes room; a second person confirms. Who leaves by
    themselves does so where they applied. Raises NotFound, Conflict."""
    with holding(slug, by) as (work, call, _last):
        application = applications.application(call, number)
        draw = queries.locked(standing(queries.draw_with(application.id)).id)
        if draw.is_tie and call.decided_at:
            raise Conflict(_("결과를 알린 뒤에는 뽑힌 신청을 신청 화면에서 두 사람이 물러난 것으로 적어요."))
        person = queries.person(draw, application.id)
        is_gone = application.state in (ApplicationState.WITHDRAWN, ApplicationState.OUT)
        if reason is Reason.SELF or person.leaves_at is not None or is_gone:
            raise Conflict(_("스스로 물러나는 것은 신청 화면에서 적어요. 이미 정한 것은 다시 정하지 않아요."))
        person.leaving = reason
        work.session.flush()
        PASSING.begin(work, subject_of(person), (draw, person))
        work.record("draws.passing_proposed", draw, reason=str(reason))


def confirm_passing(slug: str, number: str, *, seen: bytes, by: User) -> None:
    """The second person's word; from then on the days run in which somebody can object."""
    PASSING.confirm(subject_of(_person(slug, number)), seen=seen, by=by)


def settle(acts: TwoPeople[tuple[Draw, DrawPerson]], slug: str, number: str, *, by: User) -> bool:
    """Somebody who objected stays in the list, or who was passed over comes back, as one official says and another one
    confirms. True once that is done."""
    subject = subject_of(_person(slug, number))
    act = acts.pending(subject)
    if act is None or act.by_id == by.id or act.until <= clock.now():
        acts.propose(subject, by=by)
        return False
    acts.confirm(subject, by=by)
    return True


def pass_due() -> int:
    """Pass over those whose days to object are over; how many they were."""
    due = [(person.draw_id, person.application_id) for person in queries.leaving(clock.now())]
    for draw_id, application_id in due:
        with use_case(None) as work:
            draw = queries.locked(draw_id)
            person = queries.person(draw, application_id)
            if draw.ended_at or person.leaving is None or person.leaves_at is None or person.leaves_at > work.at:
                continue
            if draw.is_tie and draw.call.decided_at:  # whoever gives way now makes room for the reserve
                _keep(work, (draw, person))
                continue
            judging.fall_out(work, applying.held(application_id))
            operations.pass_over(work, draw, person, person.leaving)
    return len(due)


def _end(work: Work, draw: Draw) -> None:
    """A draw that was withdrawn or is void stays to be seen; the next attempt says so."""
    draw.ended_at = work.at
    work.emit(DrawEnded(draw.id))
    if not draw.is_tie:
        judging.reopen_list(work, draw.call)
        return
    if draw.call.decided_at:
        raise Conflict(_("결과를 알린 뒤에는 같은 점수의 추첨을 끝내지 않아요."))
    judging.reopen_equals(work, draw.call, {each.application_id for each in queries.people(draw.id)})
    if not queries.of_call(draw.call_id):  # an earlier attempt goes on to stand
        draw.call.listed_at = None


ENDING: TwoPeople[Draw] = TwoPeople(
    name="draws.ending", strength=Strength.STRICT, lasts=CONFIRMED_WITHIN, may=may, held=held, signatory=signatory,
    shown=lambda draw: [draw.id, draw.end_reason, clock.now() < lottery_at(draw)], held_for=people.held_for,
    carry_out=_end)


def propose_end(slug: str, reason: str, decision: str, *, by: User) -> None:
    """Withdraw a draw before its lottery, for a reason; afterwards it is void by a decision from outside the office
    alone, with its number. Raises Refusal."""
    reason = words_given(reason, REASON_LEAST, REASON_MOST, "reason")
    with holding(slug, by) as (work, _call, last):
        draw = standing(last)
        if work.at >= lottery_at(draw):
            reason = f"{words_given(decision, 2, DECISION_MOST, 'decision')}: {reason}"
        draw.end_reason = reason
        ENDING.begin(work, f"draw:{draw.id}", draw)
        work.record("draws.end_proposed", draw)
