"""Sample rounds with a vote: common parts, the one of 2026 that is in the budget, the one in which one can vote now."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property

from civic_forum.accounts.identity import Identity
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction, RollSource
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import services as roll_services
from civic_forum.budgets import parts as budget_parts
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided
from civic_forum.budgets.rounds import opening
from civic_forum.budgets.rounds import services as groups
from civic_forum.budgets import rules as parts
from civic_forum.budgets.rules import CouncilDecision, ProjectState
from civic_forum.budgets.counting.settings import COMMITTEE, Completion, CountingRules, RESIDENTS, Rule, Share
from civic_forum.budgets.reviews.rules import Opinion
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL

from . import budget_ballots, people
from .ballots import Electorate
from .budget_round import AT_ONCE, EDITOR, SECOND, SampleRound, THOUSAND, id_of, spread_evenly
from .casting import OBSERVER, TypedPapers, Voting, observers_sign
from .timeline import TimelineEvent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class RoundWithVote(SampleRound, ABC):
    """A round whose roll is a list of invented people, brought as a file, and whose vote was opened."""

    def __init__(self, entry: dict, *given):
        super().__init__(entry, *given)
        self.voters = list(budget_ballots.voters(entry))
        self.electorates: dict[str, Electorate] = {}
        self.roll_day = date.fromisoformat(entry["eligibility"]["roll_fixed_on"])

    @abstractmethod
    def counting(self) -> CountingRules:
        """By which rules it is counted, without the least votes of its envelopes."""

    def accounts(self) -> list[Identity]:
        """Of holders of sample accounts who cast the first ballots of the generator."""
        return []

    def others(self) -> dict[Identity, str]:
        """Other people in the roll, and where each stands."""
        return {}

    @property
    def all(self) -> list[dict]:
        return [*self.entry["projects"], *self.entry["not_eligible"]]

    def make(self) -> None:
        """With who votes, how it is counted and how far it binds, as they were fixed from the beginning."""
        super().make()
        who = self.entry["eligibility"]
        self.edit(budget_parts.Electorate(True, "생활권자" in who["who"], who["label"], RollSource.IMPORTED,
                                          who["min_age"], self.roll_day))
        self.edit(parts.Counting(self.counting(), counting_note=self.entry["rules"]["explanation"]))
        self.edit(budget_parts.Terms(self.entry["binding"], self.entry["publishes"]))

    def set_limits(self) -> None:
        """Set how many of which projects may be chosen, and of which only one can win."""
        for told in self.entry["choice_groups"]:
            if told["name"] != next(one["name"] for one in self.entry["envelopes"] if one["id"] == told["envelope"]):
                codes = tuple(self.codes[one["id"]] for one in self.entry["projects"]
                              if one.get("group") == told["name"])
                groups.group(self.round.id, told["envelope"],
                             parts.Grouping(told["name"], told["min"], told["max"], codes),
                             version=self.round.version, by=self.user(EDITOR))
        for told in self.entry["rules"]["exclusions"]:
            groups.exclude(self.round.id, told["why"], [self.codes[one] for one in told["projects"]],
                           version=self.round.version, by=self.user(EDITOR))

    def opened(self) -> Iterator[TimelineEvent]:
        """From the day of the roll to the opening."""
        opens = self.span("voting")[0]
        yield self.at(datetime.combine(self.roll_day, time(12), SEOUL), self._bring_roll)
        yield self.at(opens - 30 * HOUR, lambda: opening.prepare(self.round.id, by=self.user(EDITOR)))
        yield self.at(opens - 28 * HOUR, self._open)

    def _bring_roll(self) -> None:
        people = Electorate([one.voter({}) for one in self.voters], self.roll_day, self.accounts()).roll(self.others())
        for roll_id in sorted({one.roll_id for one in self.round.envelopes}):
            roll_services.import_list(people, roll_id=roll_id, by=self.user(EDITOR))

    def _open(self) -> None:
        """Open the boxes: one official proposes, another one confirms."""
        for _slug, box_id in self.boxes():
            proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=self.user(EDITOR))
            confirmations.confirm(proposed.id, by=self.user(SECOND))

    def boxes(self) -> list[tuple[str, bytes]]:
        """Address of the envelope and id of its box."""
        return [(one.slug, one.box_id) for one in self.round.envelopes]

    def electorate(self, slug: str) -> Electorate:
        """Voters of the box of one envelope and their choices, by the numbers on its ballot."""
        if slug not in self.electorates:
            numbers = {told["id"]: self.project(told).number for told in self.entry["projects"]
                       if told["envelope"] == slug}
            self.electorates[slug] = Electorate([one.voter(numbers) for one in self.voters], self.roll_day,
                                                self.accounts())
        return self.electorates[slug]

    def hold(self, day: int, shares: tuple[int, ...]) -> None:
        """Everybody whose turn is on this day votes in every envelope."""
        for slug, box_id in self.boxes():
            Voting(db.session.get_one(BallotBox, box_id), self.electorate(slug), self.people).hold(day, shares)


SHARES_BY_DAY = (11, 9, 8, 7, 7, 5, 4, 9, 8, 8, 10, 14)
"""How much of the vote falls on each of its days."""
BATCH, LEAST = 25, 10
"""Sheets in a pile."""
TYPED_BY, SETTLED_BY = ["clerk1", "clerk2"], "moderator2"
MEETING = "2025년 8월 29일 참여예산위원회에서 위원 40명이 종이로 골랐어요."
COPIES = "봉투에 넣어 금고에 둔 복사본 하나를 참관인 앞에서 함께 없앴어요."
MERGED_NOTE = "제안한 분과 뜻을 모아 남문시장길의 다른 사업과 합쳤어요."
"""Said where one of the projects goes on as part of another."""


class Voted(RoundWithVote):
    """From handing in to what the council left."""

    def happenings(self) -> Iterator[TimelineEvent]:
        start, end = self.span("collecting")
        yield self.at(start - 14 * DAY, self.make)
        names = self.proposers(start)
        for number, (told, moment) in enumerate(zip(self.all, spread_evenly(start, end, len(self.all)), strict=True)):
            name = names[number % len(names)]
            yield self.at(moment, lambda told=told, name=name: self.hand_in(told, name))
        yield from self._reviews()
        yield self.at(self.span("adjusting")[1] - DAY, self.set_limits)
        yield self.at(self.span("committee")[1] - 2 * HOUR, self._enter_committee)
        yield from self._vote()
        yield self.at(self.span("council")[1] + HOUR, self._decide)

    def _reviews(self) -> Iterator[TimelineEvent]:
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

    def counting(self) -> CountingRules:
        rules = self.entry["rules"]
        weights = {RESIDENTS: Fraction(rules["weights"]["residents_percent"], 100),
                   COMMITTEE: Fraction(rules["weights"]["committee_percent"], 100)}
        return CountingRules(Rule.WEIGHTED, weights=weights, share=Share.BALLOTS, skips=rules["skip_what_does_not_fit"])

    def purse(self, told: dict) -> budget_parts.EnvelopeParts:
        return replace(super().purse(told), min_votes=self.entry["rules"]["minimum_votes"][told["id"]])

    def _enter_committee(self) -> None:
        votes = {self.codes[one]: count for one, count in self.entry["committee_votes"].items()}
        committee.enter(self.round.id, self.entry["rules"]["committee_members"], votes, MEETING, by=self.user(EDITOR))

    # The vote

    def _vote(self) -> Iterator[TimelineEvent]:
        opens, closes = self.span("voting")
        yield from self.opened()
        for day in range(len(SHARES_BY_DAY)):
            yield self.at(opens + day * DAY + 4 * HOUR, lambda day=day: self.hold(day, SHARES_BY_DAY))
        yield self.at(closes + AT_ONCE, self._close)
        yield self.at(closes + 40 * HOUR, self._type_in)
        published = self.span("chosen")[0]
        yield self.at(published - 17 * HOUR, self._count)
        yield self.at(published, self._publish)

    def _close(self) -> None:
        for _slug, box_id in self.boxes():
            closing.close(box_id)

    def _type_in(self) -> None:
        for slug, box_id in self.boxes():
            electorate = self.electorate(slug)
            sheets = sum(voter.channel == "paper" for voter in electorate.voters)
            TypedPapers({"batches": piles(sheets), "differences": [], "unreturned": [], "typed_by": [TYPED_BY],
                         "settled_by": SETTLED_BY}, electorate, self.people).type_in(box_id)

    def _count(self) -> None:
        """Count, write and check the record; observers sign, then two officers have all destroyed."""
        for _slug, box_id in self.boxes():
            publication.carry_on(box_id, by=self.user(EDITOR))
            observers_sign(box_id, by=self.user(OBSERVER))
            publication.advance(box_id, copies=COPIES, by=self.user(EDITOR))
            publication.advance(box_id, by=self.user(SECOND))

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


def piles(sheets: int) -> list[int]:
    """So many sheets in piles for typing, none below the least unless it is the only one."""
    found = [BATCH] * (sheets // BATCH) + [sheets % BATCH] * bool(sheets % BATCH)
    if len(found) > 1 and found[-1] < LEAST:
        found[-2:] = [BATCH + found[-1] - LEAST, LEAST]
    return found


def _decided(code: str, change: dict | None) -> Decided:
    if change is None:
        return Decided(code, CouncilDecision.CONFIRMED)
    decision = CouncilDecision.CUT if change["change"] == "cut" else CouncilDecision.DROPPED
    amount = change["to"] * THOUSAND if decision is CouncilDecision.CUT else None
    return Decided(code, decision, amount, change["reason"])


SHARES_SO_FAR = (4, 3, 2, 2)
"""How much of what was voted so far falls on each day; all of them are over by the day of loading."""
MADE_BEFORE = 9 * DAY


class OpenRound(RoundWithVote):
    """Of what people chose nothing is known to anybody before it closes."""

    def happenings(self) -> Iterator[TimelineEvent]:
        start, end = self.span("collecting")
        yield self.at(start - MADE_BEFORE, self.make)
        names = self.proposers(start)
        for told, moment, name in zip(self.all, spread_evenly(start, end, len(self.all)), names, strict=False):
            yield self.at(moment, lambda told=told, name=name: self.hand_in(told, name))
        begun, ends = self.span("review")
        yield self.at(begun + HOUR, lambda: self.assign(self.all))
        for told, moment in zip(self.all, spread_evenly(begun + 3 * DAY, ends - 3 * DAY, len(self.all)), strict=True):
            yield self.at(moment, lambda told=told: self.review(told, self._opinion(told)))
        yield self.at(self.span("adjusting")[1] - DAY, self.set_limits)
        yield from self.opened()
        for day in range(len(SHARES_SO_FAR)):
            yield self.at(self.span("voting")[0] + day * DAY + 2 * HOUR, lambda day=day: self.hold(day, SHARES_SO_FAR))

    def _opinion(self, told: dict) -> Opinion:
        match told["verdict"]:
            case "eligible":
                return self.fine(told["review"], told["cost_parts"])
            case "eligible_if":
                return self.fine_if(told["review"], told["cost_parts"], told["condition"])
        return self.not_fine(told["review"], told["reason"], told["why_not"])

    def counting(self) -> CountingRules:
        rules = self.entry["rules"]
        return CountingRules(Rule(rules["rule"]), completion=Completion(rules["completion"]),
                             fill_greedy=rules["fill"] == "greedy", step=Fraction(rules["step"]))

    def purse(self, told: dict) -> budget_parts.EnvelopeParts:
        return replace(super().purse(told), max_choices=told["max_choices"],
                       within_money=told.get("within_money", False), theme=told.get("theme"),
                       neighbourhood_id=id_of(Neighbourhood, told.get("neighbourhood")))

    # Who votes

    @cached_property
    def _verified(self) -> dict[str, tuple[Identity, str]]:
        """Sign-in name → who they are and where they belong, of everybody who can sign in and is verified."""
        return {one.entry["name"]: (one.identity(), belongs["neighbourhood"])
                for one in people.newcomers(self.loaded) if one.entry["name"].startswith(people.SIGN_IN)
                for belongs in one.entry["affiliations"][:1] if belongs["verified"]}

    def accounts(self) -> list[Identity]:
        return [self._verified[name][0] for name in self.entry["generator"]["accounts_voted"]]

    def others(self) -> dict[Identity, str]:
        voted = self.entry["generator"]["accounts_voted"]
        return {identity: place for name, (identity, place) in self._verified.items() if name not in voted}
