"""From a round that is filled in to boxes that two officials may open, and its rehearsal (예행연습)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from civic_forum.accounts.models import User
from civic_forum.ballots import operations as ballots
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls import operations as rolls
from civic_forum.ballots.rolls.queries import held as held_roll
from civic_forum.ballots.rules.log import stamp
from civic_forum.ballots.events import BoxOpened
from civic_forum.blocks.parts import copied
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import readiness
from ..definition import definition
from ..events import RoundEdited
from .. import queries
from .. import operations
from ..labels import MISSING, UNFIT
from ..models import BudgetPhase, BudgetRound, Envelope
from ..policy import may_prepare_opening, may_rehearse, why_not_prepared
from ..rules import Phase, span_of, voting_ends
from ..parts import Electorate, EnvelopeParts, Terms, Wording
from ..process import PROCESS


def prepare(round_id: int, *, by: User | None) -> BudgetRound:
    """Make a box with its key for every envelope with projects, or bring it up to date: two officials can open them.

    `by` is None for the command of whoever runs the server. Fixes the rolls if their day has come and nobody did.
    Raises Conflict for what is missing, for an imported list that is not there, and in election season until somebody
    took that upon themselves.
    """
    with use_case(by) as work:
        budget_round = queries.locked(round_id)
        if by is not None:
            require(by, may_prepare_opening, budget_round)
        elif reason := why_not_prepared(budget_round):
            raise Conflict(reason)
        if budget_round.opened_at is None:
            end_the_vote(budget_round)
            operations.keep_in_step(work.session, budget_round)
        if reason := why_not_ready(budget_round) or PROCESS.why_not_in_season(budget_round):
            raise Conflict(reason)
        on_ballots = queries.on_ballots(budget_round)
        for envelope in budget_round.envelopes:
            if projects := on_ballots.get(envelope.id):
                _prepare(work, envelope, projects)
        budget_round.version += 1
        work.record("budgets.opening_prepared", budget_round, boxes=len(on_ballots))
        work.emit(RoundEdited(budget_round.id))
        return budget_round


def why_not_ready(budget_round: BudgetRound) -> str | None:
    """The first thing that the vote still needs, as one sentence."""
    on_ballots = queries.on_ballots(budget_round)
    if missing := readiness.missing(budget_round, readiness.stand(on_ballots)):
        return str(MISSING[missing[0]])
    for envelope in budget_round.envelopes:
        if unfit := readiness.unfit(envelope, on_ballots.get(envelope.id, [])):
            return f"{envelope.name}: {UNFIT[unfit[0]]}"
    return None


def end_the_vote(budget_round: BudgetRound) -> None:
    """End the vote: what ends by the beginning of the next phase ends by itself from now on: later days may still
    move."""
    voting = span_of(budget_round.phases, Phase.VOTING)
    if voting is not None and voting.ends_at is None:
        voting.ends_at = voting_ends(budget_round.phases)


def _prepare(work: Work, envelope: Envelope, projects) -> None:
    if envelope.is_opened:
        return
    if envelope.roll is None:
        raise Conflict(_("누가 투표하는지와 명부를 정하는 날을 먼저 적어 주세요."))
    rolls.fix_for_opening(work, held_roll(envelope.roll_id))
    operations.number(work.session, envelope, projects)
    parts = definition(envelope, projects)
    if envelope.box is None:
        envelope.box = ballots.prepare_box(work.session, envelope.subject, parts, roll_id=envelope.roll_id, at=work.at)
    else:
        ballots.refresh(envelope.box, parts, roll_id=envelope.roll_id)
    work.record("budgets.box_prepared", envelope, fingerprint=envelope.box.fingerprint.hex())


SAME = (Wording, Terms, Electorate)
NOT_SAME = ("roll_check_from", "roll_check_to", "quorum")
SAME_OF_ENVELOPE = ("slug", "position", "counting")


def rehearse(round_id: int, names: Iterable[str], *, hours: int, by: User) -> BudgetRound:
    """Open a rehearsal for the people of these sign-in names and whoever starts it.

    Raises Refusal naming somebody who is not there or saying what the round misses, Denied once its vote is open.
    """
    ballots.check_hours(hours)
    with use_case(by) as work:
        budget_round = queries.locked(round_id)
        require(by, may_rehearse, budget_round)
        if reason := why_not_ready(budget_round):
            raise Refusal(reason)
        people = ballots.invited(names, by)
        now = database_now().replace(microsecond=0)
        copy, on_ballots = _copy(work, budget_round, now,
                                 now + timedelta(hours=hours)), queries.on_ballots(budget_round)
        roll = rolls.roll_of(work.session, people, fixed_on=local(now).date(), at=work.at)
        originals = {envelope.slug: envelope for envelope in budget_round.envelopes}
        for envelope in copy.envelopes:
            parts = _asked(originals[envelope.slug], on_ballots[originals[envelope.slug].id], now,
                           copy.phases[0].ends_at)
            envelope.roll = roll
            envelope.box = ballots.prepare_box(work.session, envelope.subject, parts, roll_id=roll.id, at=work.at,
                                               rehearsal=True)
        work.session.flush()
        boxes = [envelope.box for envelope in copy.envelopes]
        for box in boxes:
            ballots.open_box(box, at=now)
            work.emit(BoxOpened(box.id, box.subject))
        work.record("budgets.rehearsed", budget_round, rehearsal=copy.id, people=len(people))
    for box in boxes:
        heads.keep(box.id)
    return copy


def _asked(envelope: Envelope, projects, opens_at: datetime, closes_at: datetime) -> dict:
    """The definition of the envelope as it is now, for the hours and with the draw of the rehearsal, and without paper
    that comes later and the quorum, which so few never reach."""
    parts = definition(envelope, projects) | {
        "opens_at": stamp(opens_at), "closes_at": stamp(closes_at), "draw": str(ballots.DRAW)}
    return {name: part for name, part in parts.items() if name not in ("paper_until", "quorum")}


def _copy(work: Work, budget_round: BudgetRound, opens_at: datetime, closes_at: datetime) -> BudgetRound:
    number = len(queries.rehearsals_of(budget_round.id)) + 1
    copy = work.store(BudgetRound(slug=f"{budget_round.slug[:44]}-rehearsal-{number}", rehearsal_of_id=budget_round.id,
                                  created_by_id=work.actor.id, created_at=work.at, draw=ballots.DRAW,
                                  invented=budget_round.invented, counting=budget_round.counting,
                                  counting_note=budget_round.counting_note, **copied(budget_round, SAME, *NOT_SAME)))
    work.session.add(BudgetPhase(round_id=copy.id, phase=Phase.VOTING, starts_at=opens_at, ends_at=closes_at))
    with_ballots = queries.on_ballots(budget_round)
    work.session.add_all([Envelope(round_id=copy.id, **{name: getattr(envelope, name) for name in SAME_OF_ENVELOPE},
                                   **copied(envelope, (EnvelopeParts,), "voters_of"))
                          for envelope in budget_round.envelopes if with_ballots.get(envelope.id)])
    work.session.flush()
    return copy
