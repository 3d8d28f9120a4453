"""Outcome of a poll as it stands in the result: winners, quorum, the tie at the edge of winning; and what is left of
an outcome where few voted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..rules.choices import Totals


class WinnersKind(StrEnum):
    """Rule by which the totals of a poll say what is carried out; named in its definition."""

    MOST = "most"
    """As many options as there are seats, by votes or points; none without any."""
    YES = "yes"
    """Every question with more yes than no."""
    NONE = "none"
    """The poll asks for an opinion; nothing is chosen by it."""


@dataclass(frozen=True)
class Won:
    """Options that won, best first, and those among whom a draw had to decide."""

    selected: tuple[int, ...]
    tied: tuple[int, ...] = ()
    """Options with as many votes as the last winner, where not all of them win; in the order decided."""

    def to_json(self) -> dict:
        return {"selected": list(self.selected)} | ({"tied": list(self.tied)} if self.tied else {})


def quorum_reached(quorum: Mapping[str, object], voted: int, roll: int) -> bool:
    """Whether so many of the roll are enough; a turnout is compared without rounding."""
    if quorum["kind"] == "min_voters":
        return voted >= quorum["value"]
    return voted * 100 >= quorum["value"] * roll


def won(winners: Mapping[str, object], totals: Sequence[Mapping[str, int]],
        drawn: Callable[[Sequence[int]], Sequence[int]] = sorted) -> Won:
    """Winners by the totals of a result. `drawn` orders equals: by the draw, without one by number."""
    kind = WinnersKind(winners["kind"])
    if kind is WinnersKind.NONE:
        return Won(())
    if kind is WinnersKind.YES:
        return Won(tuple(line["option"] for line in totals if line["yes"] > line["no"]))
    votes = {line["option"]: line.get("votes", line.get("points")) for line in totals}
    return _most(votes, winners["seats"], drawn)


def _most(votes: Mapping[int, int], seats: int, drawn: Callable[[Sequence[int]], Sequence[int]]) -> Won:
    ranked = sorted((option for option in votes if votes[option]), key=lambda option: (-votes[option], option))
    if len(ranked) <= seats:
        return Won(tuple(ranked))
    last = votes[ranked[seats - 1]]
    sure = [option for option in ranked if votes[option] > last]
    equal = [option for option in ranked if votes[option] == last]
    if len(sure) + len(equal) == seats:
        return Won((*sure, *equal))
    decided = tuple(drawn(equal))
    return Won((*sure, *decided[:seats - len(sure)]), decided)


def of_poll(definition: Mapping[str, Any], totals: Totals, turnout: Mapping[str, int],
            drawn: Callable[[Sequence[int]], Sequence[int]] = sorted) -> dict[str, Any]:
    """Winners and quorum; `tied` names those among whom the draw, or without one the number, decided."""
    quorum, found = definition.get("quorum"), {"kind": "poll"}
    if quorum is not None:
        found["quorum"] = int(quorum_reached(quorum, turnout["total"], turnout["roll"]))
    winners = won(definition["winners"], totals.options, drawn) if found.get("quorum", 1) else Won(())
    return found | winners.to_json()


def met_a_tie(outcome: Mapping[str, Any]) -> bool:
    """Whether a tie was met that a draw decides, in a poll or, after cost and votes, in a budget."""
    ties = outcome.get("count", {}).get("ties", ())
    return "tied" in outcome or any({"id", "lot"} & set(tie["decided_by"]) for tie in ties)


def of_few(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """What won alone, in an order that tells nothing."""
    found = {"kind": outcome["kind"], "selected": sorted(outcome.get("selected") or outcome.get("count", {}).get("selected", []))}
    return found | ({"quorum": outcome["quorum"]} if "quorum" in outcome else {})
