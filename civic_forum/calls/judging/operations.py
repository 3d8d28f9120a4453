"""Steps, the reserve, prizes and promises of a call, inside the transaction of who holds the call."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import questions
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.operations import Promised
from civic_forum.commitments.rules import EntryKind, Line, Source
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal

from .. import queries as calls
from ..applying.policy import is_gone
from ..models import ApplicationStep, Call, CallApplication
from ..rules import APPLICATION, KIND, ApplicationState, Step, WhyNot
from . import queries, rules
from .events import ReserveMovedUp
from .rules import milestone_days

NOT_PASSED = {Step.COMPLETE: WhyNot.INCOMPLETE, Step.REVIEW: WhyNot.NOT_ELIGIBLE}

BY_LOT, MOVED_UP = _l("추첨으로 뽑혔어요."), _l("상이 비어 다음 점수로 받게 됐어요.")


@contextmanager
def holding(slug: str, may: Predicate, by: User, *, shared: bool = False) -> Iterator[tuple[Work, Call]]:
    """A change of a call, read again under the lock."""
    call_id = calls.slugged(slug).id
    with use_case(by) as work:
        call = calls.locked(call_id, shared=shared)
        require(by, may, call)
        refuse_applicants(by, call)
        yield work, call


def refuse_applicants(user: User, call: Call) -> None:
    """Raises Denied for who applied, by any account of theirs."""
    if queries.applies(user, call.id):
        raise Denied(_("내가 신청한 모집이라 다른 담당자가 해요."))


def move_up(work: Work, call: Call) -> CallApplication | None:
    """The first of the reserve is chosen and told, within the money that is left; None where nobody can be. The caller
    holds the call, of which somebody chosen was withdrawn."""
    if call.is_by_lot or call.prizes:
        return None
    work.session.flush()
    tally = queries.tally(call.id)
    left = None if call.budget is None else call.budget - tally.won
    is_full = call.places is not None and tally[ApplicationState.CHOSEN] >= call.places
    if is_full or left is not None and left <= 0 or (application := queries.next_reserve(call.id)) is None:
        return None
    application.state, application.decided_at = ApplicationState.CHOSEN, work.at
    application.won = 0 if left is None else None if application.asked is None else min(application.asked, left)
    work.record("calls.reserve_moved_up", application, place=application.reserve_place)
    work.emit(ReserveMovedUp(call.id, application.id))
    return application


def note(work: Work, application: CallApplication, noted: ApplicationStep, passed: bool, reason: str) -> None:
    """Write a result at a step: whichever department does not let it pass, it is out."""
    noted.passed, noted.reason, noted.at, noted.by_id = passed, reason, work.at, work.actor.id
    work.session.add(noted)
    steps = {*application.steps, noted}
    failed = next((step for step in Step if any(each.step is step and each.passed is False for each in steps)), None)
    application.state = ApplicationState.OUT if failed else ApplicationState.RECEIVED
    application.why_not = NOT_PASSED[failed] if failed else None
    application.won = application.prize = application.reserve_place = None
    application.call.version += 1
    work.record("calls.step_noted", application, step=noted.step, passed=passed)


def give_place(work: Work, application: CallApplication) -> None:
    """Somebody chosen gives way: what was promised for it is stopped, and promised to the next of the reserve."""
    is_promised = commitments.drop(work, Ref(APPLICATION, application.id), _l("뽑힌 쪽이 물러났어요."))
    if application.prize and application.call.prizes_move:
        move_prizes(work, application.call, application.prize)
    following = move_up(work, application.call)
    if is_promised and following is not None:
        promise(work, application.call, following, by_id=None)


def move_prizes(work: Work, call: Call, vacated: str) -> None:
    """Those below move up, and the next by points wins the last; it stays empty from where two are equally good on,
    or a nomination that moves does not stand. The caller holds the call."""
    work.session.flush()
    waiting = queries.candidates(call.id, queries.WITHOUT_PRIZE)
    best = next(iter(rules.ranked({each.id: each.rank for each in waiting})), [])
    moved = rules.prizes_moved([prize["name"] for prize in call.prizes], vacated, [
        (queries.candidate(each), each.prize) for each in queries.winners(call) if each.prize],
        best[0] if len(best) == 1 else None)
    applications = {number: work.session.get_one(CallApplication, number) for number in moved}
    held = proposals.locked(work.session, [each.proposal_id for each in applications.values() if each.proposal_id])
    if any(map(is_gone, held.values())):
        return
    for number, application in applications.items():
        if application.state is not ApplicationState.CHOSEN:
            application.state, application.reason, application.why_not = ApplicationState.CHOSEN, str(MOVED_UP), None
        application.prize, application.decided_at = moved[number], work.at
        application.won = with_sum(call, rules.Proposed(won=0, prize=moved[number])).won
        work.record("calls.prize_moved", application)
    award(work, call, {held[each.proposal_id]: moved[number] for number, each in applications.items()
                       if each.proposal_id in held})


def promise(work: Work, call: Call, application: CallApplication, *, by_id: int | None) -> None:
    """Its commitment, with milestones."""
    decided_on = local(application.decided_at).date()
    days = milestone_days(decided_on)
    made = commitments.keep(work, Promised(
        origins=(Ref(APPLICATION, application.id),), title=application.title or call.title,
        department_id=call.department_id, promised_on=decided_on, due_on=days[-1], goal=application.reason or "",
        lines=(Line(decided_on.year, Source.DISTRICT, "", application.won, application.won, None),)
        if application.won else ()))
    steps = zip(map(commitments.in_korean, (_l("협약"), _l("중간 나눔"), _l("결과 나눔"))), (20, 40, 40), days, strict=True)
    commitments.put(work, made, EntryKind.MILESTONES, local(work.at).date(), {"milestones": [
        {"key": f"m{place}", "title": title, "weight": weight, "due_on": day.isoformat()}
        for place, (title, weight, day) in enumerate(steps, 1)]}, by_id=by_id)


def refuse_unseen(call: Call) -> None:
    """Raises Conflict for what nobody has looked at yet, or departments have not answered."""
    if left := sum(queries.number_waiting(call.id, step) for step in call.steps):
        raise Conflict(_("아직 보지 않은 신청이 %(count)s건 있어요.", count=left))
    refuse_sent(call)


def refuse_sent(call: Call) -> None:
    """Raises Conflict while departments have not answered."""
    if left := queries.number_waiting(call.id, Step.REVIEW, sent=True):
        raise Conflict(_("부서의 답을 기다리는 신청이 %(count)s건 있어요.", count=left))


def refuse_listed(call: Call) -> None:
    """Raises Conflict once it is settled who is in the lot."""
    if call.listed_at:
        raise Conflict(_("추첨 명단을 잠갔어요. 빼야 하면 추첨 화면에서 두 사람이 빼요."))


def settle_list(work: Work, call: Call) -> None:
    """Nobody comes into its lot any more, and nobody falls out but as the draw says. The caller holds the call."""
    refuse_unseen(call)
    call.listed_at = work.at
    call.version += 1


def reopen_list(work: Work, call: Call) -> None:
    """The draw does not stand any more: whoever was in its list is where they were before it. The caller holds the
    call."""
    work.session.flush()
    work.session.execute(sa.update(CallApplication).where(CallApplication.call_id == call.id, sa.or_(
        CallApplication.state.in_((ApplicationState.CHOSEN, ApplicationState.RECEIVED)), sa.and_(
            CallApplication.state == ApplicationState.NOT_CHOSEN, CallApplication.why_not == WhyNot.NO_PLACE)))
        .values(state=ApplicationState.RECEIVED, won=None, why_not=None, reason=None, decided_at=None, followed_at=None)
        .execution_options(synchronize_session=False))
    questions.over(work.session, KIND, call.id, None)  # its answers make the cells of the next list
    call.listed_at = call.decided_at = None
    call.version += 1


def place_by_lot(work: Work, call: Call, drawn: Collection[int]) -> None:
    """Those who are drawn are to be chosen, all others that stand are not. The caller holds the call, which is not
    decided."""
    work.session.flush()
    for are, values in ((CallApplication.id.in_(drawn), {"won": 0, "why_not": None, "reason": str(BY_LOT)}),
                        (CallApplication.id.not_in(drawn), {"won": None, "why_not": WhyNot.NO_PLACE, "reason": None})):
        work.session.execute(sa.update(CallApplication).where(
            CallApplication.call_id == call.id, CallApplication.state == ApplicationState.RECEIVED, are).values(values)
            .execution_options(synchronize_session=False))
    call.version += 1


def move_by_lot(work: Work, application: CallApplication) -> None:
    """After the decision: whoever the same lot brings in is chosen and told; whoever it does not, by values that were
    corrected, is not any more."""
    comes_in = application.state is ApplicationState.NOT_CHOSEN
    application.state = ApplicationState.CHOSEN if comes_in else ApplicationState.NOT_CHOSEN
    application.decided_at, application.won = work.at, 0 if comes_in else None
    application.why_not, application.reason = (None, str(BY_LOT)) if comes_in else (WhyNot.NO_PLACE, None)
    work.record("calls.moved_by_lot", application, chosen=comes_in)
    if comes_in:
        work.emit(ReserveMovedUp(application.call_id, application.id))


def fall_out(work: Work, application: CallApplication) -> None:
    """Passed over in the lot for a reason that two confirmed. The caller holds the call."""
    application.state, application.why_not = ApplicationState.OUT, WhyNot.NOT_ELIGIBLE
    application.won = application.prize = application.reserve_place = application.reason = None
    work.record("calls.fell_out", application)


def stand_again(work: Work, application: CallApplication) -> None:
    """Restored in the lot by two; what it gets follows from the lot. The caller holds the call."""
    is_over = application.call.decided_at is not None
    application.state = ApplicationState.NOT_CHOSEN if is_over else ApplicationState.RECEIVED
    application.why_not = WhyNot.NO_PLACE if is_over else None
    work.record("calls.stood_again", application)


def points_rule(call: Call) -> Callable[[Sequence[rules.Candidate]], dict[int, rules.Proposed]]:
    """The rule by which points decide, with the places, money and prizes that are left."""
    tally = queries.tally(call.id)
    room = rules.Room(
        places=None if call.places is None else call.places - tally[ApplicationState.CHOSEN],
        won=None if call.budget is None else call.budget - tally.won,
        reserve=range(tally.last_reserve + 1, call.reserves + 1), passed_over=max(
            (each.mean for each in queries.candidates(call.id, queries.PASSED_OVER)), default=None))
    if call.prizes:
        return partial(rules.by_prizes, prizes=queries.prizes_left(call), room=room, least=call.least_points)
    return partial(rules.by_rule, room=room, least=call.least_points)


def equals(call: Call) -> list[list[int]]:
    """Applications with equal points of which some would get more than others, group by group."""
    waiting = queries.candidates(call.id, queries.UNDECIDED)
    if call.budget is None:
        waiting = [replace(each, asked=0) for each in waiting]
    return rules.equals(waiting, points_rule(call))


def order_equals(work: Work, call: Call, places: Mapping[int, int]) -> None:
    """Let the rule go on by the places that a lot gave to equals. The caller holds the call, which is not decided."""
    if places:
        work.session.execute(sa.update(CallApplication), [
            {"id": number, "lot_place": place} for number, place in places.items()])
    call.version += 1


def reopen_equals(work: Work, call: Call, listed: Collection[int]) -> None:
    """The order of these equals does not hold: all that was proposed by points is open again. The caller holds the
    call, which is not decided."""
    work.session.flush()
    scored = sa.and_(CallApplication.call_id == call.id, CallApplication.mean_bottom.is_not(None))
    for are, values in (
            (CallApplication.id.in_(listed), {"lot_place": None}),
            (sa.and_(scored, CallApplication.state == ApplicationState.RECEIVED),
             {"won": None, "prize": None, "reserve_place": None, "why_not": None})):
        work.session.execute(sa.update(CallApplication).where(are).values(values).execution_options(
            synchronize_session=False))
    call.version += 1


def with_sum(call: Call, proposed: rules.Proposed) -> rules.Proposed:
    """The same, with the sum of its prize. Raises Refusal for a choice without one of the call."""
    if proposed.won is None:
        return replace(proposed, prize=None)
    won = next((prize["won"] for prize in call.prizes if prize["name"] == proposed.prize), None)
    if won is None:
        raise Refusal(_("어떤 상인지 골라 주세요."), field="prize")
    return replace(proposed, won=won)


def hold_nominated(work: Work, call: Call) -> dict[Proposal, str]:
    """Nominated proposals that win a prize, locked before anything of the call is written. Raises Conflict where one
    was hidden or withdrawn meanwhile."""
    won = queries.winners(call) if call.prizes else ()
    prizes = {each.proposal_id: each.prize or "" for each in won if each.proposal_id}
    held = proposals.locked(work.session, prizes) if prizes else {}
    if gone := sum(map(is_gone, held.values())):
        raise Conflict(_("뽑힌 것 가운데 가리거나 거둔 제안이 %(count)s개 있어요. 빠지는 것으로 적어 주세요.", count=gone))
    return {proposal: prizes[number] for number, proposal in held.items()}


def award(work: Work, call: Call, prizes: Mapping[Proposal, str]) -> None:
    """Say so in the journey of each."""
    for proposal, prize in prizes.items():
        journeys.add(work.session, proposal.journey_id, "awarded", at=work.at, evidence=f"{call.title}: {prize}",
                     link=f"/calls/{call.slug}/results")
