"""On what the weighted rule of a round is tried before its vote: totals of both bodies that everybody may read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from civic_forum.ballots.models import BallotBox
from civic_forum.platform.base import db

from ..counting.box import election_of_box
from ..counting.comparing import SideBySide
from ..counting.election import Election
from ..counting.settings import COMMITTEE, CountingRules, RESIDENTS, Rule
from ..counting.weighing import Weighing, weigh
from ..models import BudgetRound, Envelope
from ..projects.models import Project
from ..readiness import counts_committee, is_weighted
from ..trials.models import BudgetTrial
from . import queries


@dataclass(frozen=True)
class Tried:
    """An election on which the rule is tried."""

    title: str
    url: str
    election: Election
    names: Mapping[str, str]
    """Project id → its name."""


@dataclass(frozen=True)
class Trial:
    """The outcome of the count."""

    on: Tried | None
    """None where nothing of the kind was published yet."""
    weighing: Weighing


def before_vote(budget_round: BudgetRound, envelopes: Collection[Envelope]) -> Trial | None:
    """None for a round by another rule, and for one whose vote was opened or that was decided elsewhere."""
    if not is_weighted(budget_round) or budget_round.opened_at is not None or budget_round.decided_in:
        return None
    most = [envelope.max_choices for envelope in envelopes if counts_committee(envelope)]
    limits = {RESIDENTS: min(most), COMMITTEE: None} if most else {}
    tried = _last_vote() or _last_trial()
    return Trial(tried, weigh(CountingRules.from_json(budget_round.counting), limits, tried and tried.election))


def of_trial(shown: SideBySide, rules: CountingRules) -> Trial | None:
    """The same of a trial election alone; None without a committee."""
    if shown.committee is None:
        return None
    tried = _tried(shown, "", "")
    return Trial(tried, weigh(rules, {}, tried.election))


def _last_vote() -> Tried | None:
    """Of the last round that counted both bodies and is published, the envelope with most projects on the ballot."""
    projects = (sa.select(sa.func.count()).where(Project.envelope_id == Envelope.id, Project.number.is_not(None))
                .correlate(Envelope).scalar_subquery())
    envelope = db.session.scalar(
        sa.select(Envelope).join(Envelope.round).join(BallotBox, BallotBox.id == Envelope.box_id)
        .where(BallotBox.published_at.is_not(None), BallotBox.result.is_not(None),
               BudgetRound.counting["rule"].as_string() == Rule.WEIGHTED.value,
               Envelope.counting.is_(sa.null()))
        .order_by(BudgetRound.year.desc(), BudgetRound.id.desc(), projects.desc(), Envelope.position).limit(1)
        .options(joinedload(Envelope.round), joinedload(Envelope.box)))
    result = envelope and queries.of_envelope(envelope)
    if result is None or result.committee is None or "totals" not in result.figures:
        return None
    votes = {total["option"]: total["votes"] for total in result.figures["totals"]}
    return Tried(f"{envelope.round.title} — {envelope.name}", f"/budgets/{envelope.round.slug}/{envelope.slug}/results",
                 election_of_box(result.definition, votes, result.ballots), result.titles)


def _last_trial() -> Tried | None:
    """The last trial election that is public and has the votes of a committee."""
    trial = db.session.scalar(
        sa.select(BudgetTrial).where(BudgetTrial.published_at.is_not(None),
                                     BudgetTrial.result["committee", "ballots"].as_integer() > 0)
        .order_by(BudgetTrial.id.desc()).limit(1).options(defer(BudgetTrial.source)))
    return trial and _tried(SideBySide(trial.result), trial.title, f"/budgets/trials/{trial.slug}")


def _tried(shown: SideBySide, title: str, url: str) -> Tried:
    return Tried(title, url, shown.election, shown.names)
