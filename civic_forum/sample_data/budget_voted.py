"""The sample round of 2026: handed in, reviewed, judged by the committee, voted on, counted, and in the budget."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction, RollSource
from civic_forum.ballots.services import closing, confirmations, publication
from civic_forum.ballots.services import rolls as roll_services
from civic_forum.budgets.models import Project
from civic_forum.budgets.rules import parts
from civic_forum.budgets.rules.council import Decided
from civic_forum.budgets.rules.counting.settings import COMMITTEE, RESIDENTS, CountingRules, Rule
from civic_forum.budgets.rules.states import CouncilDecision, ProjectState
from civic_forum.budgets.services import committee, council, groups, opening, projects
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import SEOUL

from . import budget_ballots
from .budget_round import AT_ONCE, EDITOR, SECOND, THOUSAND, SampleRound, spread_evenly
from .casting import Voting
from .electorate import Electorate
from .paper_ballots import TypedPapers
from .timeline import Happening

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHARES = (11, 9, 8, 7, 7, 5, 4, 9, 8, 8, 10, 14)
"""How much of the vote falls on each of its days."""
BATCH = 25
TYPED_BY, SETTLED_BY = ["clerk1", "clerk2"], "moderator2"
MEETING = "2025년 8월 29일 참여예산위원회에서 위원 40명이 종이로 골랐어요."
COPIES = "봉투에 넣어 금고에 둔 복사본 하나를 참관인 앞에서 함께 없앴어요."
MERGED_NOTE = "제안한 분과 뜻을 모아 남문시장길의 다른 사업과 합쳤어요."
"""Said where one of the projects goes on as part of another."""


class Voted(SampleRound):
    """From handing in to what the council left."""

    def __init__(self, entry: dict, *given):
        super().__init__(entry, *given)
        self.voters = list(budget_ballots.voters(entry))
        self.electorates: dict[str, Electorate] = {}
        self.roll_day = date.fromisoformat(entry["eligibility"]["roll_fixed_on"])

    @property
    def all(self) -> list[dict]:
        return [*self.entry["projects"], *self.entry["not_eligible"]]

    def happenings(self) -> Iterator[Happening]:
        start, end = self.span("collecting")
        yield self.at(start - 14 * DAY, self.make)
        names = self.proposers(start)
        for number, (told, moment) in enumerate(zip(self.all, spread_evenly(start, end, len(self.all)), strict=True)):
            name = names[number % len(names)]
            yield self.at(moment, lambda told=told, name=name: self.hand_in(told, name))
        yield from self._reviews()
        yield self.at(self.span("adjusting")[1] - DAY, self._set_limits)
        yield self.at(self.span("committee")[1] - 2 * HOUR, self._enter_committee)
        yield from self._vote()
        yield self.at(self.span("council")[1] + HOUR, self._decide)

    def _reviews(self) -> Iterator[Happening]:
        begun, ends = self.span("review")
        merged = [told for told in self.all if "merged_into" in told]
        reviewed = [told for told in self.all if told not in merged]
        yield self.at(begun + HOUR, lambda: self.assign(reviewed))
        for told, moment in zip(reviewed, spread_evenly(begun + 3 * DAY, ends - 3 * DAY, len(reviewed)), strict=True):
            yield self.at(moment, lambda told=told: self.review(told, self._opinion(told)))
        for told in merged:
            yield self.at(begun + 2 * DAY, lambda told=told: self._merge(told))

    def _opinion(self, told: dict):
        if told["eligible"]:
            return self.fine(told["review"], [("사업비", told["cost"])])
        return self.not_fine(told["review"], told["reason"])

    def _merge(self, told: dict) -> None:
        projects.merge(self.project(told).id, self.codes[told["merged_into"]], note=MERGED_NOTE, by=self.user(EDITOR))

    def make(self) -> None:
        """With who votes, how it is counted and how far it binds, as they were fixed from the beginning."""
        super().make()
        who, rules = self.entry["eligibility"], self.entry["rules"]
        self.edit(parts.Electorate(who["label"], True, "생활권자" in who["who"], RollSource.IMPORTED, who["min_age"],
                                   self.roll_day))
        weights = {RESIDENTS: Fraction(rules["weights"]["residents_percent"], 100),
                   COMMITTEE: Fraction(rules["weights"]["committee_percent"], 100)}
        self.edit(parts.Counting(CountingRules(Rule.WEIGHTED, weights=weights, skips=rules["skip_what_does_not_fit"]),
                                 counting_note=rules["explanation"]))
        self.edit(parts.Terms(self.entry["binding"], self.entry["publishes"]))

    def purse(self, told: dict) -> parts.Purse:
        return replace(super().purse(told), min_votes=self.entry["rules"]["minimum_votes"][told["id"]])

    def _set_limits(self) -> None:
        """How many of which projects may be chosen, and of which only one can win."""
        for told in self.entry["choice_groups"]:
            if told["name"] != next(one["name"] for one in self.entry["envelopes"] if one["id"] == told["envelope"]):
                codes = tuple(self.codes[one["id"]] for one in self.entry["projects"] if one["group"] == told["name"])
                groups.group(self.round.id, told["envelope"],
                             parts.Grouping(told["name"], told["min"], told["max"], codes),
                             version=self.round.version, by=self.user(EDITOR))
        for told in self.entry["rules"]["exclusions"]:
            groups.exclude(self.round.id, told["why"], [self.codes[one] for one in told["projects"]],
                           version=self.round.version, by=self.user(EDITOR))

    def _enter_committee(self) -> None:
        votes = {self.codes[one]: count for one, count in self.entry["committee_votes"].items()}
        committee.enter(self.round.id, self.entry["rules"]["committee_members"], votes, MEETING, by=self.user(EDITOR))

    # The vote

    def _vote(self) -> Iterator[Happening]:
        opens, closes = self.span("voting")
        yield self.at(datetime.combine(self.roll_day, time(12), SEOUL), self._bring_roll)
        yield self.at(opens - 30 * HOUR, lambda: opening.prepare(self.round.id, by=self.user(EDITOR)))
        yield self.at(opens - 28 * HOUR, self._open)
        for day in range(len(SHARES)):
            yield self.at(opens + day * DAY + 4 * HOUR, lambda day=day: self._hold(day))
        yield self.at(closes + AT_ONCE, self._close)
        yield self.at(closes + 40 * HOUR, self._type_in)
        published = self.span("chosen")[0]
        yield self.at(published - 17 * HOUR, self._count)
        yield self.at(published, self._publish)

    def electorate(self, slug: str) -> Electorate:
        """Who votes what at the box of one envelope, by the numbers on its ballot."""
        if slug not in self.electorates:
            numbers = {told["id"]: self.project(told).number for told in self.entry["projects"]
                       if told["envelope"] == slug}
            self.electorates[slug] = Electorate([one.voter(numbers) for one in self.voters], self.roll_day)
        return self.electorates[slug]

    def boxes(self) -> list[tuple[str, bytes]]:
        """Address of the envelope and id of its box."""
        return [(one.slug, one.box_id) for one in self.round.envelopes]

    def _bring_roll(self) -> None:
        people = Electorate([one.voter({}) for one in self.voters], self.roll_day).roll()
        for roll_id in sorted({one.roll_id for one in self.round.envelopes}):
            roll_services.import_list(people, roll_id=roll_id, by=self.user(EDITOR))

    def _open(self) -> None:
        for _slug, box_id in self.boxes():
            self._confirmed(ConfirmedAction.OPEN, box_id)

    def _confirmed(self, action: ConfirmedAction, box_id: bytes) -> None:
        """What one official proposes another one confirms."""
        proposed = confirmations.propose(action, box_id, by=self.user(EDITOR))
        confirmations.confirm(proposed.id, by=self.user(SECOND))

    def _hold(self, day: int) -> None:
        for slug, box_id in self.boxes():
            Voting(db.session.get_one(BallotBox, box_id), self.electorate(slug), self.people).hold(day, SHARES)

    def _close(self) -> None:
        for _slug, box_id in self.boxes():
            closing.close(box_id)

    def _type_in(self) -> None:
        for slug, box_id in self.boxes():
            electorate = self.electorate(slug)
            sheets = sum(voter.channel == "paper" for voter in electorate.voters)
            batches = [BATCH] * (sheets // BATCH) + [sheets % BATCH] * bool(sheets % BATCH)
            TypedPapers({"batches": batches, "differences": [], "unreturned": [], "typed_by": [TYPED_BY],
                         "settled_by": SETTLED_BY}, electorate, self.people).type_in(box_id)

    def _count(self) -> None:
        """Count, write and check the record, empty the box; then two officials destroy the key."""
        for _slug, box_id in self.boxes():
            publication.advance(box_id, by=self.user(EDITOR))
            publication.advance(box_id, copies=COPIES, by=self.user(SECOND))

    def _publish(self) -> None:
        for _slug, box_id in self.boxes():
            publication.advance(box_id, by=self.user(EDITOR))

    # After it

    def _decide(self) -> None:
        told = self.entry["council_decision"]
        changed = {self.codes[one["project"]]: one for one in told["changes"]}
        chosen = db.session.query(Project).filter_by(round_id=self.round.id, state=ProjectState.CHOSEN)
        decided = [_decided(code, changed.get(code)) for code in sorted(one.code for one in chosen)]
        council.decide(self.round.id, decided, on=datetime.fromisoformat(told["decided_at"]).date(),
                       by=self.user(EDITOR))


def _decided(code: str, change: dict | None) -> Decided:
    if change is None:
        return Decided(code, CouncilDecision.CONFIRMED)
    decision = CouncilDecision.CUT if change["change"] == "cut" else CouncilDecision.DROPPED
    amount = change["to"] * THOUSAND if decision is CouncilDecision.CUT else None
    return Decided(code, decision, amount, change["reason"])
