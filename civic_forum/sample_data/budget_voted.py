"""The sample round of 2026: handed in, reviewed, judged by the committee, voted on, counted, and in the budget."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from civic_forum.ballots.services import closing, publication
from civic_forum.budgets.models import Project
from civic_forum.budgets.parts import EnvelopeParts
from civic_forum.budgets.rules.council import Decided
from civic_forum.budgets.rules.counting.settings import COMMITTEE, RESIDENTS, CountingRules, Rule, Share
from civic_forum.budgets.rules.states import CouncilDecision, ProjectState
from civic_forum.budgets.services import committee, council, projects
from civic_forum.kernel.base import db

from . import observing
from .budget_round import AT_ONCE, EDITOR, SECOND, THOUSAND, spread_evenly
from .budget_vote import DAY, HOUR, RoundWithVote
from .paper_ballots import TypedPapers
from .timeline import TimelineEvent

SHARES = (11, 9, 8, 7, 7, 5, 4, 9, 8, 8, 10, 14)
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

    def purse(self, told: dict) -> EnvelopeParts:
        return replace(super().purse(told), min_votes=self.entry["rules"]["minimum_votes"][told["id"]])

    def _enter_committee(self) -> None:
        votes = {self.codes[one]: count for one, count in self.entry["committee_votes"].items()}
        committee.enter(self.round.id, self.entry["rules"]["committee_members"], votes, MEETING, by=self.user(EDITOR))

    # The vote

    def _vote(self) -> Iterator[TimelineEvent]:
        opens, closes = self.span("voting")
        yield from self.opened()
        for day in range(len(SHARES)):
            yield self.at(opens + day * DAY + 4 * HOUR, lambda day=day: self.hold(day, SHARES))
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
            observing.sign(box_id, by=self.user(observing.OBSERVER))
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
