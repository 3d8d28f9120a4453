"""The budget rounds of the sample district and its trial as their entries say; steps/rounds.json says when. Amounts in
the entries are in 1,000 won."""

from collections.abc import Iterator, Sequence
from csv import writer
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.budgets import parts
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.counting.settings import COMMITTEE, Completion, CountingRules, RESIDENTS, Rule, Share
from civic_forum.budgets.models import BudgetRound, ExclusionReason, ProjectKind
from civic_forum.budgets.parts import EnvelopeParts, ProjectLimits, Wording
from civic_forum.budgets.process import PROCESS
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import EligibilityReview, Project
from civic_forum.budgets.projects.rules import Belonging, ProjectText
from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.reviews.rules import Opinion
from civic_forum.budgets.rounds import history
from civic_forum.budgets.rounds import services as envelopes
from civic_forum.budgets.rounds.rules import PastProject, PastRound
from civic_forum.budgets.rules import (
    Calendar, Counting, CouncilDecision, Finding, Grouping, ListEntry, Phase, PhaseParts, ProjectState, Verdict)
from civic_forum.budgets.trials import services as trials
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.district.queries import category_keys
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal

from . import budget_ballots
from .ballots import Electorate, hashed
from .people import read
from .timeline import resolved
from .votes import Vote

if TYPE_CHECKING:
    from .steps import Script

THOUSAND = 1000
PROPOSERS = 24
"""So many people hand in the projects of a round, in turn."""
STEP = "100"
"""Won by which each share of the trial grows."""


def entries() -> dict[str, dict]:
    """Address of a round → its entry; the one in which one can vote right now has a file of its own."""
    return {entry["slug"]: entry for entry in (*read("budgets")["rounds"], read("open_round"))}


class SampleRound(Vote):
    """A round with its envelopes and projects, and those who vote in it."""

    @property
    def round(self) -> BudgetRound:
        return db.session.scalars(sa.select(BudgetRound).filter_by(slug=self.entry["slug"])).one()

    @property
    def told(self) -> dict[str, dict]:
        """Id in the entry → what it tells of a project."""
        return {project["id"]: project for project in (*self.entry["projects"], *self.entry.get("not_eligible", ()))}

    def project(self, project: str) -> Project:
        return db.session.get_one(Project, self.script.ids[f"project:{self.entry['slug']}/{project}"])

    def phases(self) -> Iterator[PhaseParts]:
        for told in self.entry["phases"]:
            yield PhaseParts(Phase(told["phase"]), datetime.fromisoformat(told["from"]),
                             told["to"] and datetime.fromisoformat(told["to"]), note=told.get("note"))

    def proposer(self, told: dict) -> User:
        """The author of the proposal that it came from, or one of those who hand in this round's projects."""
        if key := told.get("from_proposal"):
            return db.session.get_one(User, db.session.get_one(Proposal, self.script.ids[f"proposal:{key}"]).author_id)
        names = self.script.people.some(f"budget {self.entry['slug']}", PROPOSERS, next(self.phases()).starts_at,
                                        but="")
        return self.script.people.user(names[list(self.told).index(told["id"]) % len(names)])

    # Who votes

    @cached_property
    def voters(self) -> list[budget_ballots.BudgetVoter]:
        return list(budget_ballots.voters(self.entry))

    @cached_property
    def everybody(self) -> Electorate:
        return self.electorate(voter.voter({}) for voter in self.voters)

    @cached_property
    def _by_envelope(self) -> dict[str, Electorate]:
        numbers = {envelope.slug: self._numbers(envelope.slug) for envelope in self.round.envelopes}
        return {slug: self.electorate([voter.voter(of_project) for voter in self.voters])
                for slug, of_project in numbers.items()}

    def _numbers(self, envelope: str) -> dict[str, int]:
        """Id of a project → its number on the ballot."""
        return {project["id"]: self.project(project["id"]).number for project in self.entry["projects"]
                if project["envelope"] == envelope}

    @property
    def rolls(self) -> list[int]:
        return sorted({envelope.roll_id for envelope in self.round.envelopes})

    @property
    def boxes(self) -> dict[bytes, Electorate]:
        return {envelope.box_id: self._by_envelope[envelope.slug] for envelope in self.round.envelopes}


def _held(slug: str, script: "Script") -> SampleRound:
    held = script.votes[slug]
    assert isinstance(held, SampleRound)
    return held


def make(slug: str, *, script: "Script", by: User) -> BudgetRound:
    """A round that is filled in as far as its entry tells: who votes and how it is counted may come later."""
    entry = resolved(entries()[slug], script.loaded)
    held = script.votes[slug] = SampleRound(entry, script)
    made = envelopes.begin(slug, Wording(entry["title"], entry["year"], entry["description"]), by=by)
    _say_what_is_invented(held)
    basics: list[Any] = [Calendar(tuple(held.phases())), _limits(entry)]
    for part in basics:
        PROCESS.write(made.id, part, version=held.round.version, by=by)
    for told in entry["envelopes"]:
        envelopes.add(made.id, told["id"], _envelope(told), version=held.round.version, by=by)
    for part in _vote(entry) if "eligibility" in entry else ():
        PROCESS.write(made.id, part, version=held.round.version, by=by)
    return held.round


def _say_what_is_invented(held: SampleRound) -> None:
    with use_case(None) as work:
        held.round.invented = " ".join(held.entry[name] for name in ("invented", "phases_note") if name in held.entry)
        held.round.counting_note = held.entry.get("rules_note", "")
        work.record("sample_data.budget_round", held.round)


def _limits(entry: dict) -> ProjectLimits:
    caps, known = entry["caps"], read("budgets")
    return ProjectLimits(
        caps["project"] * THOUSAND, (ListEntry(known["event_kind"], caps["event"] * THOUSAND),),
        tuple(ListEntry(name, text=text) for name, text in known["reasons"].items()),
        review_due_days=entry.get("review_due_days", 60))


def _envelope(told: dict) -> EnvelopeParts:
    return EnvelopeParts(told["name"], told["amount"] * THOUSAND, told["max_choices"],
                         within_money=told.get("within_money", False), min_votes=told.get("min_votes", 0),
                         neighbourhood_id=id_of(Neighbourhood, told.get("neighbourhood")), theme=told.get("theme"))


def _vote(entry: dict) -> list[Any]:
    """The electorate, the counting and the terms, as they are fixed from the beginning."""
    who = entry["eligibility"]
    return [parts.Electorate(True, who["members"], RollSource.IMPORTED, roll_grows=who.get("roll_grows", False),
                             min_age=who["min_age"], roll_fixed_on=date.fromisoformat(who["roll_fixed_on"])),
            Counting(_counting(entry["rules"]), DrawKind(entry["rules"].get("draw", DrawKind.LOTTERY)),
                     entry["rules"]["explanation"]),
            parts.Terms(entry["binding"], entry["publishes"], **_quorum(entry.get("quorum")))]


def _quorum(told: dict | None) -> dict[str, Any]:
    return {} if told is None else {
        "quorum": Quorum(told["kind"]), "quorum_value": told["value"], "quorum_missed": Missed(told["missed"])}


def _counting(rules: dict) -> CountingRules:
    if rules["rule"] == Rule.WEIGHTED:
        weights = {RESIDENTS: Fraction(rules["weights"]["residents_percent"], 100),
                   COMMITTEE: Fraction(rules["weights"]["committee_percent"], 100)}
        return CountingRules(Rule.WEIGHTED, weights=weights, share=Share.BALLOTS, skips=rules["skip_what_does_not_fit"])
    return CountingRules(Rule(rules["rule"]), completion=Completion(rules["completion"]),
                         fill_greedy=rules["fill"] == "greedy", step=Fraction(rules["step"]))


# Projects and reviews


def hand_in(slug: str, project: str, *, script: "Script") -> Project:
    """A project as its proposer proposed it: one that asked for more than a project may cost made it smaller before it
    was taken."""
    held = _held(slug, script)
    told, budget_round, by = held.told[project], held.round, held.proposer(held.told[project])
    asked = told.get("proposed_cost", told["cost"])
    over = asked > held.entry["caps"]["project"]
    text = ProjectText(told["title"], told["text"], (told["cost"] if over else asked) * THOUSAND,
                       place=told.get("place", told["neighbourhood"] or ""), cost_note=told.get("cost_note", ""))
    made = projects.hand_in(budget_round.id, text, _belonging(budget_round, told), by=by,
                            form_key=f"{hashed(slug, project):032x}", proposal_number=_proposal(told, script))
    if over:
        with use_case(None) as work:
            made = work.session.get_one(Project, made.id)
            made.proposed_cost = asked * THOUSAND
            work.record("sample_data.project", made)
    return made


def _belonging(budget_round: BudgetRound, told: dict) -> Belonging:
    event = told.get("event") and told.get("verdict") != Verdict.NOT_ELIGIBLE
    kind = db.session.scalars(sa.select(ProjectKind.id).filter_by(
        round_id=budget_round.id, name=read("budgets")["event_kind"])).one()
    envelope = next(envelope for envelope in budget_round.envelopes if envelope.slug == told["envelope"])
    return Belonging(envelope.id, id_of(Neighbourhood, told["neighbourhood"]), category_keys()[told["category"]],
                     kind if event else None)


def _proposal(told: dict, script: "Script") -> int | None:
    if key := told.get("from_proposal"):
        return db.session.get_one(Proposal, script.ids[f"proposal:{key}"]).number
    return None


def assign(slug: str, projects: Sequence[str], department: str | None = None, *, script: "Script", by: User) -> None:
    """To the department of its entry, or to another one first."""
    held, name = _held(slug, script), by.sign_in_name
    for project in projects:
        reviews.assign(held.project(project).id, id_of(Department, department or held.told[project]["department"]),
                       by=script.people.user(name))
        db.session.remove()


def pass_on(project_id: int, department_id: int, note: str, *, by: User) -> None:
    reviews.pass_on(_open_review(project_id).id, department_id, note=note, by=by)


def review(slug: str, project: str, *, script: "Script", by: User) -> None:
    """The opinion of its department, as the entry tells it."""
    held = _held(slug, script)
    budget_project = held.project(project)
    case = _open_review(budget_project.id)
    reviews.hand_in(case.id, _opinion(held, held.told[project]), version=case.version,
                    project_version=budget_project.version, by=by)


def _open_review(project_id: int) -> EligibilityReview:
    return db.session.scalars(sa.select(EligibilityReview).where(
        EligibilityReview.project_id == project_id, EligibilityReview.ended_at.is_(None),
        EligibilityReview.taken_back_at.is_(None), EligibilityReview.is_second_opinion.is_(False))).one()


def _opinion(held: SampleRound, told: dict) -> Opinion:
    """An opinion that says why not in other words than its text (`why_not`) says both."""
    verdict, text, why = Verdict(told["verdict"]), told["review"], told.get("why_not")
    if verdict is Verdict.NOT_ELIGIBLE:
        reason = db.session.scalars(sa.select(ExclusionReason.id).filter_by(
            round_id=held.round.id, name=told["reason"])).one()
        return Opinion(Finding.NOT_POSSIBLE, "" if why else text, Finding.FINE, text=text, verdict=verdict,
                       reason_id=reason, reason=why or text)
    costs = told.get("cost_parts") or [(held.entry["caps"].get("cost_name"), told["cost"])]
    legal = Finding.WITH_CONDITIONS if verdict is Verdict.ELIGIBLE_IF else Finding.FINE
    return Opinion(legal, "", Finding.FINE, text=text, verdict=verdict, condition=told.get("condition", ""),
                   cost_parts=tuple((part, int(cost * THOUSAND)) for part, cost in costs))


def ask_again(project_id: int, text: str) -> None:
    """By its proposer."""
    reviews.ask(project_id, text=text, by=db.session.get_one(Project, project_id).author)


def merge(project_id: int, into: int, note: str, *, by: User) -> None:
    projects.merge(project_id, db.session.get_one(Project, into).code, note=note, by=by)


# The vote and what follows


def group(slug: str, *, script: "Script", by: User) -> None:
    """Set how many of which projects may be chosen, and of which only one can win."""
    held, names = _held(slug, script), {envelope["name"] for envelope in _held(slug, script).entry["envelopes"]}
    for told in held.entry["choice_groups"]:
        if told["name"] not in names:
            codes = [held.project(project["id"]).code for project in held.entry["projects"]
                     if project.get("group") == told["name"]]
            envelopes.group(held.round.id, told["envelope"],
                            Grouping(told["name"], told["min"], told["max"], tuple(codes)), version=held.round.version,
                            by=by)
    for told in held.entry["rules"]["exclusions"]:
        envelopes.exclude(held.round.id, told["why"], [held.project(project).code for project in told["projects"]],
                          version=held.round.version, by=by)


def enter_committee(slug: str, note: str, *, script: "Script", by: User) -> None:
    held = _held(slug, script)
    votes = {held.project(project_id).code: count for project_id, count in held.entry["committee_votes"].items()}
    committee.enter(held.round.id, held.entry["rules"]["committee_members"], votes, note, by=by)


def decide(slug: str, *, script: "Script", by: User) -> None:
    """Enter what the council left of what was chosen."""
    held = _held(slug, script)
    told = held.entry["council_decision"]
    changed = {held.project(change["project"]).code: change for change in told["changes"]}
    chosen = db.session.query(Project).filter_by(round_id=held.round.id, state=ProjectState.CHOSEN)
    decided = [_decided(code, changed.get(code)) for code in sorted(project.code for project in chosen)]
    council.decide(held.round.id, decided, on=datetime.fromisoformat(told["decided_at"]).date(), by=by)


def _decided(code: str, change: dict | None) -> Decided:
    if change is None:
        return Decided(code, CouncilDecision.CONFIRMED)
    decision = CouncilDecision.CUT if change["change"] == "cut" else CouncilDecision.DROPPED
    amount = change["to"] * THOUSAND if decision is CouncilDecision.CUT else None
    return Decided(code, decision, amount, change["reason"])


# Rounds without a vote, and the trial


def enter(slug: str, *, by: User) -> None:
    """A round that was decided at the assemblies (주민총회) and carried out in one year."""
    entry = entries()[slug]
    begun = _month(entry["executed"]["from"])
    ended = _month(entry["executed"]["to"]) + timedelta(days=30)
    history.enter(PastRound(
        slug, Wording(entry["title"], entry["year"], entry["description"], programme=entry["programme"]),
        entry["decided_in"],
        Calendar((PhaseParts(Phase.CARRIED_OUT, begun, ended),)),
        [(told["id"], EnvelopeParts(told["name"], told["amount"] * THOUSAND, neighbourhood_id=id_of(
            Neighbourhood, told["name"]))) for told in entry["envelopes"]],
        [_past_project(told, ended) for told in entry["projects"]], entry["invented"]), by=by)


def _month(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-01T10:00:00").replace(tzinfo=SEOUL)


def _past_project(told: dict, at: datetime) -> PastProject:
    return PastProject(
        told["id"], told["envelope"],
        ProjectText(told["title"], told["text"], told["cost"] * THOUSAND, place=told["neighbourhood"]),
        ProjectState(told["status"]), at, told.get("status_note", ""), id_of(Neighbourhood, told["neighbourhood"]),
        category_keys()[told["category"]], id_of(Department, told["department"]))


def publish_trial(*, by: User) -> None:
    entry = read("budgets")["trial"]
    made = trials.create(pabulib(entry), slug=entry["slug"], title=entry["title"], about=entry["about"], step=STEP,
                         at_once=True, by=by)
    trials.publish(made.id, by=by)


def pabulib(entry: dict) -> bytes:
    """The trial as a file; amounts there are in won, the profiles are laid out in their order."""
    ballots = [profile for profile in entry["profiles"] for _copy in range(profile["ballots"])]
    meta = {
        "description": entry["title"], "country": "Korea", "unit": "Geumcheon-gu", "instance": entry["slug"],
        "num_projects": len(entry["projects"]), "num_votes": len(ballots), "budget": entry["budget"] * THOUSAND,
        "currency": "KRW", "vote_type": "approval", "rule": "greedy", "date_begin": "2025", "date_end": "2025",
        "committee_ballots": entry["committee"]["members"]}
    made = StringIO()
    table = writer(made, delimiter=";", lineterminator="\n")
    made.write("META\n")
    table.writerows([("key", "value"), *meta.items()])
    made.write("PROJECTS\n")
    table.writerow(("project_id", "cost", "name", "neighborhood", "committee_votes"))
    table.writerows((project["id"], project["cost"] * THOUSAND, project["title"], project["neighbourhood"] or "",
                     entry["committee"]["votes"][project["id"]]) for project in entry["projects"])
    made.write("VOTES\n")
    table.writerow(("voter_id", "neighborhood", "vote"))
    table.writerows((number, ballot["neighbourhood"], ",".join(ballot["choices"]))
                    for number, ballot in enumerate(ballots, 1))
    return made.getvalue().encode()


def id_of(model: type, name: str | None) -> int | None:
    return db.session.scalars(sa.select(model.id).filter_by(name_ko=name)).one() if name else None
