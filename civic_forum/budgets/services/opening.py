"""From a round that is filled in to boxes that two officials may open."""

from civic_forum.accounts.models import User
from civic_forum.ballots.queries.rolls import held as held_roll
from civic_forum.ballots.steps import opening as boxes
from civic_forum.ballots.steps import rolls
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import readiness
from ..definition import definition
from ..events import RoundEdited
from ..models import BudgetRound, Envelope
from ..policy.preparing import may_prepare_opening, why_not_prepared
from ..queries import preparing as queries
from ..process import PROCESS
from ..queries import records
from ..rules.phases import Phase, span_of
from ..rules.preparing import voting_ends
from ..steps import opening as steps
from ..labels.preparing import MISSING, UNFIT


def prepare(round_id: int, *, by: User | None) -> BudgetRound:
    """Make a box with its key for every envelope with projects, or bring it up to date: two officials can open them.

    `by` is None for the command of whoever runs the server. Fixes the rolls if their day has come and nobody did.
    Raises Conflict for what is missing, for an imported list that is not there, and in election season until somebody
    took that upon themselves.
    """
    with use_case(by) as work:
        budget_round = records.locked(round_id)
        if by is not None:
            require(by, may_prepare_opening, budget_round)
        elif reason := why_not_prepared(budget_round):
            raise Conflict(reason)
        if budget_round.opened_at is None:
            end_the_vote(budget_round)
            steps.keep_in_step(work.session, budget_round)
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
    if envelope.box is not None and envelope.box.opened_at is not None:
        return
    if envelope.roll is None:
        raise Conflict(_("누가 투표하는지와 명부를 정하는 날을 먼저 적어 주세요."))
    rolls.fix_for_opening(work, held_roll(envelope.roll_id))
    steps.number(work.session, envelope, projects)
    parts = definition(envelope, projects)
    if envelope.box is None:
        envelope.box = boxes.prepare_box(work.session, envelope.subject, parts, roll_id=envelope.roll_id, at=work.at)
    else:
        boxes.refresh(envelope.box, parts, roll_id=envelope.roll_id)
    work.record("budgets.box_prepared", envelope, fingerprint=envelope.box.fingerprint.hex())
