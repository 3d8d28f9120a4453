"""Texts that the box of an envelope freezes: plain texts and whole numbers, the same from the same round byte for
byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from civic_forum.ballots import operations
from civic_forum.ballots.models import ElectoralRoll
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.ballots.rules.log import Canonical, stamp
from civic_forum.ballots.voting import standing as eligibility
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.district import queries as district
from civic_forum.district.models import Neighbourhood
from civic_forum.district.queries import categories
from civic_forum.platform.i18n import OTHERS, Language, _, speaking, won

from .models import Envelope
from .rules import Phase, span_of, voting_ends
from .projects.models import Project
from .parts import Wording
from .reviews.queries import conditions_of
from .counting.settings import CountingRules, Rule

CURRENCY = "KRW"


@dataclass(frozen=True)
class Vote:
    """The vote of an envelope as `ballots.eligibility` and pages of its roll ask for it."""

    roll_source: RollSource
    roll_grows: bool
    roll_fixed_on: date
    admits_residents: bool
    admits_members: bool
    neighbourhoods: tuple[Neighbourhood, ...]
    min_age: int | None
    roll: ElectoralRoll | None
    opens_at: datetime
    closes_at: datetime


def vote_of(envelope: Envelope) -> Vote:
    """Raises ValueError while the days of the vote or the day of the roll are not set."""
    budget_round = envelope.round
    opens, closes = span_of(budget_round.phases, Phase.VOTING), voting_ends(budget_round.phases)
    if opens is None or closes is None or budget_round.roll_fixed_on is None:
        raise ValueError("a vote without its days")
    return Vote(budget_round.roll_source, budget_round.roll_grows, budget_round.roll_fixed_on,
                budget_round.admits_residents, budget_round.admits_members,
                tuple(envelope.voters_of), budget_round.min_age, envelope.roll, opens.starts_at, closes)


def roll_rule(envelope: Envelope) -> RollRule:
    """Rule of who belongs to the roll. Raises ValueError as `vote_of` does."""
    return eligibility.roll_rule(vote_of(envelope))


def definition(envelope: Envelope, projects: Sequence[Project]) -> dict[str, Canonical]:
    """All that the fingerprint covers but what belongs to the box itself: format, id, rehearsal, key.

    `projects` stand on the ballot in this order, numbered from 1. Raises ValueError where the round lacks what a vote
    needs.
    """
    budget_round, vote = envelope.round, vote_of(envelope)
    if budget_round.counting is None:
        raise ValueError("a vote without rules")
    numbers = {project.id: number for number, project in enumerate(projects, start=1)}
    conditions = conditions_of(projects)
    with speaking(Language.KO):  # what is frozen is the same whatever language the page of the official is in
        question = _("%(name)s %(amount)s으로 할 사업을 골라 주세요.", name=envelope.name, amount=won(envelope.amount))
        since = envelope.box and envelope.box.created_at
        kept = _departments(envelope, projects)
        options = [_option(numbers[project.id], project, conditions.get(project.id), since) | _given(
            {"department": kept.get(project.id)}) for project in projects]
    groups = [_group(group, projects, numbers) for group in envelope.groups]
    parts = {
        "subject_title": f"{budget_round.title} — {envelope.name}", "envelope": envelope.name, "question": question,
        "description": budget_round.description, "rule": _rule(envelope, projects, groups), "options": options,
        "eligibility": eligibility.eligibility(vote, envelope.box), "opens_at": stamp(vote.opens_at),
        "closes_at": stamp(vote.closes_at), "binding": budget_round.binding,
        "publishes": str(budget_round.publishes), "draw": str(budget_round.draw),
        "budget": _budget(envelope, projects, numbers)}
    return parts | Wording.sealed(budget_round) | _given({"paper_until": budget_round.paper_until
                           and stamp(budget_round.paper_until),
                           "groups": groups, "quorum": envelope.quorum_terms} | {
                               str(words): _texts(envelope, words) for words in OTHERS})


def rules_of(envelope: Envelope) -> CountingRules:
    """Its own rules or else the round's, with its least votes."""
    return CountingRules.from_json(envelope.counting or envelope.round.counting).with_(threshold=envelope.min_votes)


def _departments(envelope: Envelope, projects: Sequence[Project]) -> dict[int, str]:
    """Names in the box that was prepared, of departments that were closed since and have the successor that a project
    has now: it stays defined as it was."""
    if envelope.box is None:
        return {}
    named = {option["code"]: option.get("department") for option in operations.parts_of(envelope.box)["options"]}
    ids = district.ids_by_name(district.departments(closed=True))
    return {project.id: name for project in projects
            if (name := named.get(project.code)) and ids.get(name) == project.department_id}


def _rule(envelope: Envelope, projects: Sequence[Project], groups: list[dict]) -> dict[str, Canonical]:
    """As `BoxRule.from_json` reads it."""
    rule = {"kind": "approval", "options": len(projects), "limit": envelope.max_choices}
    limits = [{"options": group["options"], "min": group["min"], "max": group["max"]} for group in groups]
    return rule | _given({
        "exactly": 1 if envelope.exactly else None, "groups": limits, "money": {
            "limit": envelope.amount, "costs": [project.cost for project in projects],
        } if envelope.within_money else None})


def _group(group, projects: Sequence[Project], numbers: dict[int, int]) -> dict[str, Canonical]:
    return {
        "name": group.name, "options": [numbers[project.id] for project in projects if project.group_id == group.id],
        "min": group.min_choices, "max": group.max_choices}


def _budget(envelope: Envelope, projects: Sequence[Project], numbers: dict[int, int]) -> dict[str, Canonical]:
    """Rules by which it is counted, so that anybody can count the record again."""
    budget_round, rules = envelope.round, rules_of(envelope)
    exclusions = [[numbers[project.id] for project in projects if project.exclusion_id == group.id]
                  for group in envelope.exclusions]
    return {"amount": envelope.amount, "currency": CURRENCY, "rules": rules.to_json()} | _given({
        "committee": {
            "ballots": budget_round.committee_size, "votes": [project.committee_votes or 0 for project in projects]}
        if rules.rule is Rule.WEIGHTED else None,
        "exclusions": exclusions, "why_exclusions": [group.why for group in envelope.exclusions]})


def _option(number: int, project: Project, condition: str | None, since: datetime | None) -> dict[str, Canonical]:
    """`since`: moment at which its box was prepared; later names are not in it."""
    return {"number": number, "code": project.code, "title": project.title, "text": project.text,
            "cost": project.cost} | _given({
                "condition": condition, "cost_note": project.cost_note, "place": project.place or None,
                "scope": project.scope or None,
                "neighbourhood": project.neighbourhood and project.neighbourhood.name_at(since),
                "category": project.category and categories()[project.category].name_at(since),
                "kind": project.kind and project.kind.name,
                "department": project.department and project.department.name_at(since),
                "proposal": project.proposal and project.proposal.number} | project.texts)


def _texts(envelope: Envelope, words: Language) -> dict[str, Canonical] | None:
    """The texts of the round and the envelope's name in this language, behind the title too; None where there are
    none."""
    texts = dict(envelope.round.texts.get(words) or {})
    name = (envelope.texts.get(words) or {}).get("name")
    if texts.get("title"):
        texts["title"] = f"{texts['title']} — {name or envelope.name}"
    if name:
        texts["envelope"] = name
    return texts or None


def _given(fields: dict[str, object]) -> dict[str, Canonical]:
    return {name: value for name, value in fields.items() if value is not None and value not in ({}, [])}
