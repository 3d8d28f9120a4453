"""Somebody is passed over, or a whole draw ends: by two people."""

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
from ..events import PassingBegun
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


PASSING: TwoPeople[tuple[Draw, DrawPerson]] = TwoPeople(
    name="draws.passing", strength=Strength.STRICT, lasts=CONFIRMED_WITHIN, held=_held_person, held_for=people.held_for,
    may=lambda actor, case: may(actor, case[0]), signatory=lambda number, case: signatory(number, case[0]),
    shown=lambda case: [case[0].id, case[1].application_id, case[1].leaving, str(case[1].leaves_at)],
    carry_out=_begin_to_pass)


def subject_of(person: DrawPerson) -> str:
    return f"draw:{person.draw_id}:{person.application_id}"


def propose_passing(slug: str, number: str, reason: Reason, *, by: User) -> None:
    """Say why an application of the list, by its receipt number, makes room; a second person confirms. Who leaves by
    themselves does so where they applied. Raises NotFound, Conflict."""
    with holding(slug, by) as (work, call, last):
        draw = standing(last)
        application = applications.application(call, number)
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
    draw = standing(queries.last_of(calls.slugged(slug)))
    person = queries.person(draw, applications.application(draw.call, number).id)
    PASSING.confirm(subject_of(person), seen=seen, by=by)


def keep(slug: str, number: str, *, by: User) -> None:
    """Somebody who objected stays in the list, as long as they are not passed over."""
    with holding(slug, by) as (work, call, last):
        draw = standing(last)
        person = queries.person(draw, applications.application(call, number).id)
        if person.leaving is None:
            raise Conflict(_("빼기로 한 신청이 아니에요."))
        person.leaving = person.leaves_at = None
        work.record("draws.kept", draw)


def pass_due() -> int:
    """Pass over those whose days to object are over; how many they were."""
    due = [(person.draw_id, person.application_id) for person in queries.leaving(clock.now())]
    for draw_id, application_id in due:
        with use_case(None) as work:
            draw = queries.locked(draw_id)
            person = queries.person(draw, application_id)
            if draw.ended_at or person.leaving is None or person.leaves_at is None or person.leaves_at > work.at:
                continue
            judging.fall_out(work, applying.held(application_id))
            operations.pass_over(work, draw, person, person.leaving)
    return len(due)


def _end(work: Work, draw: Draw) -> None:
    """A draw that was withdrawn or is void stays to be seen; the next attempt says so."""
    draw.ended_at = work.at
    judging.reopen_list(work, draw.call)


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
