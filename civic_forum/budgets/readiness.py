"""Gaps between a round and its vote, read from the records."""

from collections.abc import Mapping, Sequence
from datetime import date

from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.rules.boxes import season_on
from civic_forum.ballots.rules.quorums import Quorum
from civic_forum.platform.i18n import end_of, local

from . import rules
from .models import BudgetRound, Envelope
from .rules import Missing, Outline, Phase, span_of, voting_ends
from .projects.models import Project
from .voting import rules as sheets
from .voting.rules import BallotFault, Group, Sheet
from .committee.rules import enough
from .counting.settings import Rule


def missing(budget_round: BudgetRound, on_ballots: int) -> list[Missing]:
    """Everything that the vote needs and that is not there, the envelopes' ballots aside; `on_ballots` is how many
    projects would stand on one."""
    return rules.missing(outline(budget_round, on_ballots))


def missing_to_announce(budget_round: BudgetRound) -> list[Missing]:
    return rules.missing_to_announce(outline(budget_round, 0))


def outline(budget_round: BudgetRound, on_ballots: int) -> Outline:
    return Outline(
        amounts=[envelope.amount for envelope in budget_round.envelopes], phases=budget_round.phases,
        paper_until=budget_round.paper_until,
        has_rules=budget_round.counting is not None, binding=budget_round.binding,
        roll_day_ends=budget_round.roll_fixed_on and end_of(budget_round.roll_fixed_on),
        lacks_residents=budget_round.quorum is Quorum.PER_MILLE and not all(
            envelope.residents for envelope in budget_round.envelopes),
        needs_committee=is_weighted(budget_round) and budget_round.committee_fixed_at is None,
        committee_is_too_small=is_weighted(budget_round) and budget_round.committee_fixed_at is not None
        and not enough(budget_round.committee_size), on_ballots=on_ballots)


def stand(on_ballots: Mapping[int, Sequence[Project]]) -> int:
    """Number of projects on the ballots of a round."""
    return sum(map(len, on_ballots.values()))


def is_weighted(budget_round: BudgetRound) -> bool:
    """True if the committee's votes are counted beside the residents' in any envelope."""
    by_round = bool(budget_round.counting) and budget_round.counting["rule"] == Rule.WEIGHTED
    return by_round and (not budget_round.envelopes or any(purse.counting is None for purse in budget_round.envelopes))


def counts_committee(envelope: Envelope) -> bool:
    """True if they are counted in this one: one with rules of its own is counted without."""
    return envelope.counting is None and is_weighted(envelope.round)


def unfit(envelope: Envelope, projects: Sequence[Project]) -> list[BallotFault]:
    """Faults of the ballot of an envelope with these projects; [] for one without any, which has no vote."""
    return sheets.unfit(sheet(envelope, projects)) if projects else []


def sheet(envelope: Envelope, projects: Sequence[Project]) -> Sheet:
    groups = {group.id: group for group in envelope.groups}
    return Sheet(
        amount=envelope.amount, max_choices=envelope.max_choices, exactly=envelope.exactly,
        within_money=envelope.within_money, costs=tuple(project.cost for project in projects),
        groups=tuple(Group(group.min_choices, group.max_choices,
                           tuple(project.cost for project in projects if project.group_id == group.id))
                     for group in envelope.groups),
        ungrouped=sum(project.group_id not in groups for project in projects) if groups else 0, exclusions=tuple(
            sum(project.exclusion_id == group.id for project in projects) for group in envelope.exclusions),
        lacks_committee=counts_committee(envelope) and envelope.round.committee_fixed_at is not None
        and any(project.committee_votes is None for project in projects))


def days_of(budget_round: BudgetRound) -> tuple[date, date] | None:
    """First and last day of the vote as the district counts days; None while they are not set."""
    voting, ends = span_of(budget_round.phases, Phase.VOTING), voting_ends(budget_round.phases)
    return (local(voting.starts_at).date(), local(ends).date()) if voting and ends else None


def season_of(budget_round: BudgetRound, seasons: Sequence[ElectionSeason]) -> ElectionSeason | None:
    """The election season in which its vote would be held."""
    days = days_of(budget_round)
    return season_on(seasons, *days) if days else None
