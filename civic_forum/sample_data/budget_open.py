"""The sample round in which one can vote right now: handed in, reviewed, and its vote open for some days more."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from civic_forum.accounts.identity import Identity
from civic_forum.budgets.parts import EnvelopeParts
from civic_forum.budgets.rules.counting.settings import Completion, CountingRules, Rule
from civic_forum.budgets.rules.reviews import Opinion
from civic_forum.district.models import Neighbourhood

from . import people
from .budget_round import id_of, spread_evenly
from .budget_vote import DAY, HOUR, RoundWithVote
from .timeline import TimelineEvent

SHARES = (4, 3, 2, 2)
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
        for day in range(len(SHARES)):
            yield self.at(self.span("voting")[0] + day * DAY + 2 * HOUR, lambda day=day: self.hold(day, SHARES))

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

    def purse(self, told: dict) -> EnvelopeParts:
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
