"""Calls are begun; their close is moved by two people; answers whose day has come are erased."""

from datetime import datetime, timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks import questions, slugs
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, last_day, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import policy, queries
from .applying.services import forget_files
from .events import CloseMoved
from .models import Call, CallTime
from .parts import Eligible, Wording
from .rules import KIND, REASON_LEAST, REASON_MOST, RESERVED, UNDECIDED_DAYS, ScoresShown, is_too_near


def begin(wording: Wording, eligible: Eligible, *, by: User) -> Call:
    """A call that only those who prepare it see. Raises Refusal naming the field, Denied for another department's."""
    with use_case(by) as work:
        slug = slugs.proposed(wording.title, lambda end: queries.known(end) is not None, on=local(work.at).date(),
                              reserved=RESERVED)
        call = Call(slug=slug, created_by_id=by.id, created_at=work.at, scores_shown=ScoresShown.MEAN, criteria=[])
        for part in (wording, eligible):
            part.write(call)
        require(by, policy.may_prepare, call)
        work.session.add(call)
        work.record("calls.made", call)
        return call


def subject_of(call: Call) -> str:
    """Name of a call where its new close waits for a second person."""
    return f"call:{call.id}"


def _held(subject: str, signers: frozenset[int]) -> CallTime:
    people.held(*signers)
    call = queries.locked(int(subject.removeprefix("call:")))
    return queries.proposed_close(call.id, needed=True)


def _refuse_close(call: Call, after: datetime, now: datetime) -> None:
    if is_too_near(after, opens_at=call.opens_at or now, now=now):
        raise Refusal(_("새 마감은 신청을 시작한 뒤이고, 지금부터 적어도 24시간 뒤여야 해요."), field="after")
    if after == call.closes_at:
        raise Refusal(_("지금 마감과 같아요."), field="after")


def _move_close(work: Work, time: CallTime) -> None:
    """The last day of scores moves along with a later close."""
    call = time.call
    _refuse_close(call, time.after, work.at)
    later = last_day(time.after) - last_day(time.before)
    if call.scores_until is not None and later.days > 0:
        call.scores_until += later
    call.closes_at, time.confirmed_at, time.confirmed_by_id = time.after, work.at, work.actor.id
    call.version += 1
    work.emit(CloseMoved(call.id, time.id))


CLOSE: TwoPeople[CallTime] = TwoPeople(
    name="calls.close", strength=Strength.PLAIN, held=_held, carry_out=_move_close,
    may=lambda actor, time: policy.may_move_close(actor, time.call),
    shown=lambda time: [time.id, time.call.closes_at.timestamp(), time.after.timestamp(), time.reason],
    signatory=people.signatory_of(Role.OFFICIAL, Role.MODERATOR), held_for=people.held_for)


def propose_close(call_id: int, after: datetime, reason: str, *, by: User) -> CallTime:
    """Another close, for a reason that everybody reads; it waits for a second person, in place of what waited. Raises
    Denied, and Refusal for one that is too near."""
    reason = words_given(reason, REASON_LEAST, REASON_MOST, "reason")
    with use_case(by) as work:
        call = queries.locked(call_id)
        require(by, policy.may_move_close, call)
        _refuse_close(call, after, work.at)
        if (waiting := queries.proposed_close(call.id)) is not None:
            work.session.delete(waiting)
        time = CallTime(call=call, before=call.closes_at, after=after, reason=reason, at=work.at, by_id=by.id)
        work.session.add(time)
        work.session.flush()
        CLOSE.begin(work, subject_of(call), time)
        work.record("calls.close_proposed", call)
        return time


def forget() -> int:
    """Erase answers to questions of calls and surveys that were to be kept so long; the number of sheets."""
    with use_case(None) as work:
        for call in queries.lapsed(work.at - timedelta(days=UNDECIDED_DAYS)):
            questions.over(work.session, KIND, call.id, local(call.closes_at).date())
        sheets = questions.forget(work.session, local(clock.now()).date())
        forget_files(work.session, sheets)
        if sheets:
            work.record("questions.forgotten", "answer_sheet", count=len(sheets))
        return len(sheets)
