"""Rolls, numbers and boxes of a round, inside the caller's transaction; the caller holds the lock of the round."""

from collections.abc import Sequence

import sqlalchemy as sa

from civic_forum.ballots.models import ElectoralRoll, RollObjection
from civic_forum.ballots import operations as opening
from civic_forum.ballots.rolls import operations as rolls
from civic_forum.ballots.rolls import queries as roll_queries
from civic_forum.ballots.rolls.rules import RollRule

from . import queries, readiness
from .definition import definition, roll_rule
from .models import BudgetRound, Envelope
from .projects.models import Project


def keep_in_step(session, budget_round: BudgetRound) -> None:
    """After a change: rolls follow their rules, and boxes that are prepared ask what the round asks now.

    Confirmations of what stood before are void by it. A box that no longer goes with its round stays as it was, and
    cannot be opened until it is prepared again.
    """
    session.flush()
    session.expire(budget_round, ["envelopes", "phases"])
    follow_rules(session, budget_round)
    if not any(envelope.box is not None for envelope in budget_round.envelopes):
        return
    on_ballots = queries.on_ballots(budget_round)
    if readiness.missing(budget_round, readiness.stand(on_ballots)):
        return
    for envelope in budget_round.envelopes:
        projects = on_ballots.get(envelope.id, [])
        if envelope.box is None or envelope.box.opened_at is not None or not projects:
            continue
        if not readiness.unfit(envelope, projects):
            number(session, envelope, projects)
            opening.refresh(envelope.box, definition(envelope, projects), roll_id=envelope.roll_id)


def follow_rules(session, budget_round: BudgetRound) -> None:
    """One roll for all envelopes in which the same people may vote, unless it grows: additions are of one box. A roll
    that was fixed by another rule gives way to a new one; one that nobody needs any more goes, unless somebody objected
    to it.
    """
    if any(envelope.is_opened for envelope in budget_round.envelopes):
        return
    known = {envelope.roll_id: envelope.roll for envelope in budget_round.envelopes if envelope.roll is not None}
    by_rule: dict[str, ElectoralRoll] = {}
    for envelope in budget_round.envelopes:
        if envelope.roll is not None:
            by_rule.setdefault(_key(envelope, roll_queries.rule_of(envelope.roll)), envelope.roll)
    wanted = {envelope.id: _wanted(envelope) for envelope in budget_round.envelopes}
    keys = {_key(envelope, rule) for envelope in budget_round.envelopes if (rule := wanted[envelope.id]) is not None}
    free = [roll for key, roll in by_rule.items() if key not in keys and roll.fixed_at is None]
    for envelope in budget_round.envelopes:
        rule = wanted[envelope.id]
        if rule is None:
            envelope.roll = None
            continue
        key = _key(envelope, rule)
        if key not in by_rule:
            by_rule[key] = _changed(free.pop(0), rule) if free else rolls.new_roll(session, rule)
        envelope.roll = by_rule[key]
    session.flush()
    used = {envelope.roll_id for envelope in budget_round.envelopes}
    for roll_id, roll in known.items():
        if roll_id not in used and roll.fixed_at is None and not _is_spoken_of(session, roll_id):
            session.delete(roll)
    session.flush()


def _changed(roll: ElectoralRoll, rule: RollRule) -> ElectoralRoll:
    held = roll_queries.held(roll.id)
    rolls.change_rule(held, rule)
    return held


def _wanted(envelope: Envelope) -> RollRule | None:
    try:
        return roll_rule(envelope)
    except ValueError:
        return None


def _key(envelope: Envelope, rule: RollRule) -> str:
    return repr((sorted(rule.to_json().items()), envelope.id if rule.grows else None))


def _is_spoken_of(session, roll_id: int) -> bool:
    """Objections to it, or a box that stands by it."""
    return bool(roll_queries.boxes_of(roll_id)) or session.scalar(
        sa.select(sa.exists().where(RollObjection.roll_id == roll_id)))


def number(session, envelope: Envelope, projects: Sequence[Project]) -> None:
    """Number the projects of a ballot 1, 2, 3 …, and take the number of all others, past the unique constraint."""
    held = queries.held_projects([Project.envelope_id == envelope.id])
    wanted = {project.id: position for position, project in enumerate(projects, start=1)}
    if all(project.number == wanted.get(project.id) for project in held):
        return
    for project in held:
        project.number = None
    session.flush()
    for project in held:
        project.number = wanted.get(project.id)
    session.flush()
