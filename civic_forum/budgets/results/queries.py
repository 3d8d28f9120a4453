"""The public result of a round: the signed figures of its envelopes, and their projects beside them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.quorums import is_void
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, language

from ..counting.box import rules_of
from ..counting.outcome import Count, Funding, NotSelected, Tie
from ..counting.settings import COMMITTEE, CountingRules, RESIDENTS
from ..models import BudgetRound, Envelope
from ..rules import WON
from ..projects.models import CouncilStep, Project

WAYS = (RESIDENTS, COMMITTEE, "marks", "ballots", "greedy", "equal-shares")
"""Other rules in the order in which pages show them."""


@dataclass(frozen=True)
class ResultRow:
    """One project of a result: what the count says of it, and what became of it since."""

    project: Project
    title: str
    said: Funding | NotSelected | None
    """None where so few voted that only what was chosen is published."""
    place: int | None
    """As how manieth it was funded, from 1."""
    is_hidden: bool
    """Its numbers would tell what a few people chose."""
    council: CouncilStep | None

    @property
    def votes(self) -> int:
        return int(self.said.votes)

    @property
    def cost(self) -> int:
        return self.project.cost


@dataclass(frozen=True)
class PlaceResult:
    """A neighbourhood with what it got; without a name: projects of the whole district."""

    name: str | None
    lines: list[ResultRow]

    @property
    def funded(self) -> list[ResultRow]:
        return [line for line in self.lines if line.place]

    @property
    def money(self) -> int:
        """Won."""
        return sum(line.cost for line in self.funded)


@dataclass(frozen=True)
class Way:
    """One rule with what it comes to, beside others."""

    name: str
    """As the signed outcome names it; empty: the rule of this vote."""
    rules: CountingRules
    selected: tuple[str, ...]
    cost: int
    satisfied: int
    """Voters with at least one funded project among their choices."""


@dataclass(frozen=True)
class Result:
    """The published result of one envelope. Every figure is from the signed bytes that the record holds."""

    envelope: Envelope
    figures: dict[str, Any]
    """result.json of the record."""
    definition: dict[str, Any]
    """The definition as the box froze it."""
    count: Count
    lines: list[ResultRow]
    """Funded ones in their order, then the others as the count lists them."""

    @property
    def box(self) -> BallotBox:
        return self.envelope.box

    @property
    def budget(self) -> dict[str, Any]:
        """Money and rules as the box froze them."""
        return self.definition["budget"]

    @property
    def rules(self) -> CountingRules:
        return self.count.rules

    @property
    def voters(self) -> int:
        """Everybody who took part: what bars are measured against."""
        return self.figures["turnout"]["total"]

    @property
    def ballots(self) -> int:
        return self.figures["ballots"]

    @property
    def budget_money(self) -> int:
        return int(self.count.budget)

    @property
    def spent(self) -> int:
        return int(self.count.cost)

    @cached_property
    def funded(self) -> list[ResultRow]:
        return [line for line in self.lines if line.place]

    @cached_property
    def passed(self) -> list[ResultRow]:
        return [line for line in self.lines if not line.place]

    @cached_property
    def by_votes(self) -> list[ResultRow]:
        """All of them, most votes first."""
        return sorted(self.lines, key=lambda line: (-line.votes, line.project.number or 0))

    @cached_property
    def titles(self) -> dict[str, str]:
        return {line.project.code: line.title for line in self.lines}

    @cached_property
    def way(self) -> Way:
        """The rule of this vote."""
        return Way("", self.rules, self.count.selected, self.spent, self.count.satisfied or 0)

    @cached_property
    def other_ways(self) -> list[Way]:
        """Other rules as they were counted and signed with the result. Residents alone are counted as greedy counts, so
        where both are there they are one."""
        others = self.figures["outcome"]["others"]
        return [Way(name, CountingRules.from_json(other["rules"]), tuple(other["selected"]), int(other["cost"]),
                    other["voters_with_a_funded_choice"])
                for name in WAYS if (other := others.get(name)) and not (name == "greedy" and RESIDENTS in others)]

    @cached_property
    def differing(self) -> list[ResultRow]:
        """Projects that one of the rules funds and another does not, most votes first."""
        won = [frozenset(way.selected) for way in (self.way, *self.other_ways)]
        return [line for line in self.by_votes if any(line.project.code in codes for codes in won)
                and not all(line.project.code in codes for codes in won)]

    def instead(self, way: Way) -> list[ResultRow]:
        """Projects that this rule would have funded and that of the vote did not."""
        return [line for line in self.by_votes if line.project.code in way.selected and not line.place]

    def lost(self, way: Way) -> list[ResultRow]:
        """Funded projects that this rule would not have funded."""
        return [line for line in self.funded if line.project.code not in way.selected]

    @cached_property
    def places(self) -> list[PlaceResult]:
        """By neighbourhood in the district's order, the whole district last."""
        by_place: dict[tuple[int, str | None], list[ResultRow]] = defaultdict(list)
        for line in self.lines:
            place = line.project.neighbourhood
            by_place[(place.position, place.name) if place else (1_000_000, None)].append(line)
        return [PlaceResult(name, lines) for (_position, name),
                lines in sorted(by_place.items(), key=lambda pair: pair[0][0])]

    def reached(self, way: Way) -> tuple[int, int]:
        """In how many neighbourhoods something is funded by this rule, of those that had a project on the ballot."""
        named = [place for place in self.places if place.name is not None]
        won = frozenset(way.selected)
        return sum(any(line.project.code in won for line in place.lines) for place in named), len(named)

    @property
    def committee(self) -> Mapping[str, int] | None:
        """Code → members of the committee who recommended it, where they counted."""
        committee = self.budget.get("committee")
        if committee is None:
            return None
        return {option["code"]: votes
                for option, votes in zip(self.definition["options"], committee["votes"], strict=True)}

    @property
    def committee_size(self) -> int:
        return (self.budget.get("committee") or {}).get("ballots", 0)

    @property
    def by_committee(self) -> bool:
        return COMMITTEE in self.rules.weights

    def line(self, code: str) -> ResultRow | None:
        return next((line for line in self.lines if line.project.code == code), None)

    def ties_of(self, code: str) -> list[Tie]:
        return [tie for tie in self.count.ties if code in tie.projects]


@dataclass(frozen=True)
class Few:
    """The published result of an envelope in which so few voted that only what was chosen is told, or nothing is."""

    envelope: Envelope
    figures: dict[str, Any]
    """result.json of the record."""
    amount: int
    """Won."""
    funded: list[ResultRow]
    """By their codes: in an order that tells nothing."""
    passed: list[ResultRow]

    @property
    def box(self) -> BallotBox:
        return self.envelope.box

    @property
    def lines(self) -> list[ResultRow]:
        return [*self.funded, *self.passed]

    @property
    def voters(self) -> int:
        return self.figures["turnout"]["total"]

    @property
    def is_void(self) -> bool:
        """True where so few took part that nothing is chosen."""
        return is_void(self.envelope.quorum_terms, self.figures["outcome"].get("quorum", 1))

    @property
    def spent(self) -> int:
        return sum(line.cost for line in self.funded)


@dataclass(frozen=True)
class Part:
    """An envelope of a round with its result or, where few voted, what was chosen; neither: not published."""

    envelope: Envelope
    result: Result | None
    few: Few | None
    elsewhere: list[Project]
    """Chosen somewhere else than in a vote of this site."""

    @property
    def costs(self) -> list[int]:
        """Won of each project that was chosen."""
        counted = self.result or self.few
        return [line.cost for line in counted.funded] if counted else [project.cost for project in self.elsewhere]


def of_round(budget_round: BudgetRound) -> list[Part]:
    """Its envelopes in their order, in one statement more."""
    projects = defaultdict(list)
    for project, step in _projects(Project.round_id == budget_round.id):
        projects[project.envelope_id].append((project, step))
    return [Part(envelope, _result(envelope, projects[envelope.id]), _few(envelope, projects[envelope.id]),
                 [] if envelope.box else _elsewhere(projects[envelope.id])) for envelope in budget_round.envelopes]


def of_envelope(envelope: Envelope) -> Result | None:
    """None until it is published, and where few voted."""
    if not is_published(envelope) or is_few(envelope):
        return None
    return _result(envelope, _projects(Project.envelope_id == envelope.id))


def few_of(envelope: Envelope) -> Few | None:
    """None until it is published, and where more voted."""
    if not is_few(envelope):
        return None
    return _few(envelope, _projects(Project.envelope_id == envelope.id))


def is_published(envelope: Envelope) -> bool:
    return envelope.box is not None and envelope.box.published_at is not None and envelope.box.result is not None


def is_few(envelope: Envelope) -> bool:
    """True where it is published without a count, as so few voted."""
    return is_published(envelope) and "count" not in json.loads(envelope.box.result)["outcome"]


def title_of(project: Project) -> str:
    """In the language of the page where somebody wrote it; nothing of what was hidden."""
    if project.hidden_at is not None:
        return _("운영 원칙에 따라 가린 사업 (%(code)s)", code=project.code)
    spoken = project.texts.get(language(), {})
    return spoken.get("title") or project.title


def _projects(which) -> Sequence[sa.Row]:
    return db.session.execute(
        sa.select(Project, CouncilStep).outerjoin(CouncilStep, CouncilStep.project_id == Project.id).where(which)
        .order_by(Project.place_in_order, Project.code).options(joinedload(Project.neighbourhood))).all()


def _result(envelope: Envelope, projects: Iterable[tuple[Project, CouncilStep | None]]) -> Result | None:
    if not is_published(envelope) or is_few(envelope):
        return None
    figures, definition = json.loads(envelope.box.result), json.loads(envelope.box.definition)
    count = Count.from_json(figures["outcome"]["count"])
    if count.rules != rules_of(definition["budget"]):
        raise ValueError("the result was counted by other rules than those that were frozen")
    hidden = frozenset(figures["outcome"].get("hidden", ()))
    by_code = {project.code: (project, step) for project, step in projects}
    places = {code: place for place, code in enumerate(count.selected, start=1)}
    verdicts: list[Funding | NotSelected] = [*count.rounds, *count.not_selected]
    return Result(envelope, figures, definition, count, [
        ResultRow(project, title_of(project), verdict, places.get(project.code), project.code in hidden, step)
        for verdict in verdicts for project, step in [by_code[verdict.project]]])


def _few(envelope: Envelope, projects: Iterable[tuple[Project, CouncilStep | None]]) -> Few | None:
    if not is_few(envelope):
        return None
    figures, definition = json.loads(envelope.box.result), json.loads(envelope.box.definition)
    by_code = {project.code: (project, step) for project, step in projects}
    lines = [ResultRow(by_code[code][0], title_of(by_code[code][0]), None, None, False, by_code[code][1])
             for code in sorted(option["code"] for option in definition["options"])]
    won = frozenset(figures["outcome"]["selected"])
    return Few(envelope, figures, definition["budget"]["amount"], [line for line in lines if line.project.code in won],
               [line for line in lines if line.project.code not in won])


def _elsewhere(projects: Iterable[tuple[Project, CouncilStep | None]]) -> list[Project]:
    return [project for project, _step in projects if project.state in WON]
