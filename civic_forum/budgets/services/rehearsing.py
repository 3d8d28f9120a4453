"""A rehearsal (예행연습): a copy of the round whose envelopes have boxes of their own, open at once, for those invited.

Its ballots ask what the round asks now; it has no projects of its own, so nothing ever becomes of them by it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from civic_forum.accounts.models import User
from civic_forum.ballots import heads
from civic_forum.ballots.events import BoxOpened
from civic_forum.ballots.rules.encoding import stamp
from civic_forum.ballots.steps import opening, rehearsing, rolls
from civic_forum.blocks.parts import copied
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..definition import definition
from ..models import BudgetPhase, BudgetRound, Envelope
from ..parts import Electorate, EnvelopeParts, Terms, Wording
from ..policy.preparing import may_rehearse
from ..queries import preparing as queries
from ..queries import records
from ..rules.phases import Phase
from .opening import why_not_ready

SAME = (Wording, Terms, Electorate)
NOT_SAME = ("roll_check_from", "roll_check_to")
SAME_OF_ENVELOPE = ("slug", "position", "counting")


def rehearse(round_id: int, names: Iterable[str], *, hours: int, by: User) -> BudgetRound:
    """Open a rehearsal for the people of these sign-in names and whoever starts it.

    Raises Refusal naming somebody who is not there or saying what the round misses, Denied once its vote is open.
    """
    rehearsing.check_hours(hours)
    with use_case(by) as work:
        budget_round = records.locked(round_id)
        require(by, may_rehearse, budget_round)
        if reason := why_not_ready(budget_round):
            raise Refusal(reason)
        people = rehearsing.invited(names, by)
        now = database_now().replace(microsecond=0)
        copy, on_ballots = _copy(work, budget_round, now,
                                 now + timedelta(hours=hours)), queries.on_ballots(budget_round)
        roll = rolls.roll_of(work.session, people, fixed_on=local(now).date(), at=work.at)
        originals = {one.slug: one for one in budget_round.envelopes}
        for envelope in copy.envelopes:
            parts = _asked(originals[envelope.slug], on_ballots[originals[envelope.slug].id], now,
                           copy.phases[0].ends_at)
            envelope.roll = roll
            envelope.box = opening.prepare_box(work.session, envelope.subject, parts, roll_id=roll.id, at=work.at,
                                               rehearsal=True)
        work.session.flush()
        boxes = [one.box for one in copy.envelopes]
        for box in boxes:
            opening.open_box(box, at=now)
            work.emit(BoxOpened(box.id, box.subject))
        work.record("budgets.rehearsed", budget_round, rehearsal=copy.id, people=len(people))
    for box in boxes:
        heads.keep(box.id)
    return copy


def _asked(envelope: Envelope, projects, opens_at: datetime, closes_at: datetime) -> dict:
    """The definition of the envelope as it is now, for the hours and with the draw of the rehearsal, and without paper
    that comes later."""
    parts = definition(envelope, projects) | {
        "opens_at": stamp(opens_at), "closes_at": stamp(closes_at), "draw": str(rehearsing.DRAW)}
    return {name: part for name, part in parts.items() if name != "paper_until"}


def _copy(work: Work, budget_round: BudgetRound, opens_at: datetime, closes_at: datetime) -> BudgetRound:
    number = len(records.rehearsals_of(budget_round.id)) + 1
    copy = BudgetRound(slug=f"{budget_round.slug[:44]}-rehearsal-{number}", rehearsal_of_id=budget_round.id,
                       created_by_id=work.actor.id, created_at=work.at, draw=rehearsing.DRAW,
                       invented=budget_round.invented, counting=budget_round.counting,
                       counting_note=budget_round.counting_note, **copied(budget_round, SAME, *NOT_SAME))
    work.session.add(copy)
    work.session.flush()
    work.session.add(BudgetPhase(round_id=copy.id, phase=Phase.VOTING, starts_at=opens_at, ends_at=closes_at))
    with_ballots = queries.on_ballots(budget_round)
    work.session.add_all([Envelope(round_id=copy.id, **{name: getattr(one, name) for name in SAME_OF_ENVELOPE},
                                   **copied(one, (EnvelopeParts,), "voters_of"))
                          for one in budget_round.envelopes if with_ballots.get(one.id)])
    work.session.flush()
    return copy
