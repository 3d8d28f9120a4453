"""The rules of a count, as a round fixes them before its vote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

RESIDENTS = "residents"
COMMITTEE = "committee"
BODIES = (RESIDENTS, COMMITTEE)
"""Who votes where the rule is weighted."""


class Rule(StrEnum):
    """Rule by which winners are found."""

    GREEDY = "greedy"
    WEIGHTED = "weighted"
    EQUAL_SHARES = "equal-shares"


class Utility(StrEnum):
    """Worth of a funded project to a supporter, in equal shares."""

    COST = "cost"
    CARDINALITY = "cardinality"


class Completion(StrEnum):
    """Completion of equal shares: spending what the plain rule leaves."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_UNTIL_INFEASIBLE = "add1-until-infeasible"


class Order(StrEnum):
    """In which order greedy goes down the list."""

    VOTES = "votes"
    VOTES_PER_COST = "votes-per-cost"


class Share(StrEnum):
    """Divisor of a body's votes in the weighted rule."""

    MARKS = "marks"
    """All votes that the body gave: whoever may tick more does not weigh more."""
    BALLOTS = "ballots"


@dataclass(frozen=True)
class CountingRules:
    """Rules by which an envelope is counted. ValueError where the parts do not go together."""

    rule: Rule = Rule.GREEDY
    utility: Utility = Utility.COST
    completion: Completion = Completion.NONE
    fill_greedy: bool = False
    """What equal shares leave is then spent by greedy."""
    step: Fraction = Fraction(1)
    """By how much each share grows in add1, in the unit of the budget."""
    skips: bool = True
    """Greedy goes on below a project that did not fit."""
    threshold: int = 0
    """A project with fewer votes is not funded, whatever the rule."""
    order: Order = Order.VOTES
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    """Body → weight, for the weighted rule; the weights are compared, so they need not add up to 1."""
    share: Share = Share.MARKS
    """Of the weighted rule."""

    def __post_init__(self) -> None:
        if self.step <= 0:
            raise ValueError("the step is not more than nothing")
        if self.threshold < 0:
            raise ValueError("the threshold is below nothing")
        if not set(self.weights) <= set(BODIES):
            raise ValueError("a weight for a body that does not vote")
        if self.rule is Rule.WEIGHTED:
            if any(weight < 0 for weight in self.weights.values()) or not sum(self.weights.values()):
                raise ValueError("the weighted rule needs weights")
        elif self.weights:
            raise ValueError("weights are for the weighted rule only")
        if self.rule is not Rule.WEIGHTED and self.share is not Share.MARKS:
            raise ValueError("shares of bodies are for the weighted rule only")
        if self.rule is not Rule.EQUAL_SHARES and (
                self.completion is not Completion.NONE or self.fill_greedy or self.utility is not Utility.COST):
            raise ValueError("utility, completion and fill are for equal shares only")
        if self.rule is Rule.WEIGHTED and self.order is not Order.VOTES:
            raise ValueError("the weighted rule goes by its score")

    @property
    def weighing(self) -> tuple[dict[str, Fraction], Share] | None:
        """Body → its part of a whole of 1, and by what votes are divided; None where residents alone are counted."""
        if self.rule is not Rule.WEIGHTED:
            return None
        whole = sum(self.weights.values())
        return {body: weight / whole for body, weight in self.weights.items()}, self.share

    def with_(self, **changes: Any) -> "CountingRules":
        """The same rules but for these fields; ValueError as when they are made."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, object]:
        """Texts and whole numbers only, every field named: a ballot box freezes it. `share` where it is weighted."""
        share = {"share": self.share.value} if self.rule is Rule.WEIGHTED else {}
        return share | {
            "rule": self.rule.value, "utility": self.utility.value, "completion": self.completion.value,
            "fill": "greedy" if self.fill_greedy else "none", "step": str(self.step),
            "skips": int(self.skips), "threshold": self.threshold, "order": self.order.value,
            "weights": {body: str(self.weights[body]) for body in BODIES if body in self.weights},
        }

    @classmethod
    def from_json(cls, settings: Any) -> "CountingRules":
        """The settings that `to_json` wrote; ValueError for anything else. Weighted rules from before there was a
        choice of shares name none: they divide by ballots."""
        if not isinstance(settings, dict):
            raise ValueError("counting rules are an object")
        if settings.get("rule") == Rule.WEIGHTED:
            settings = {"share": Share.BALLOTS.value} | settings
        try:
            rules = cls(
                rule=Rule(settings["rule"]), utility=Utility(settings["utility"]),
                completion=Completion(settings["completion"]), fill_greedy=settings["fill"] == "greedy",
                step=Fraction(settings["step"]), skips=settings["skips"] == 1, threshold=settings["threshold"],
                order=Order(settings["order"]),
                weights={body: Fraction(weight) for body, weight in settings["weights"].items()},
                share=Share(settings["share"]) if settings["rule"] == Rule.WEIGHTED else Share.MARKS)
            same = json.dumps(rules.to_json(), sort_keys=True) == json.dumps(settings, sort_keys=True)
        except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
            raise ValueError("not counting rules") from error
        if not same:
            raise ValueError("not counting rules as they are written")
        return rules
