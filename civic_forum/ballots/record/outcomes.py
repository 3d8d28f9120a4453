"""Outcome of a poll as it stands in the result: winners, quorum, the tie at the edge of winning; and what is left of
an outcome where few voted."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from ..rules.choices import Totals
from ..rules.quorums import is_void, needed


class WinnersKind(StrEnum):
    """Rule by which the totals of a poll say what is carried out; named in its definition."""

    MOST = "most"
    """As many options as there are seats, by votes or points; none without any."""
    YES = "yes"
    """Every question with more yes than no."""
    NONE = "none"
    """The poll asks for an opinion; nothing is chosen by it."""


def quorum_reached(quorum: Mapping[str, object], voted: int, roll: int) -> bool:
    """True if so many of the roll are enough."""
    return voted >= needed(quorum, roll)


def won(winners: Mapping[str, object], totals: Sequence[Mapping[str, int]],
        drawn: Callable[[Sequence[int]], Sequence[int]] = sorted) -> dict[str, list[int]]:
    """`selected`: options that won by the totals of a result, best first. `tied`, where not all win that have as many
    votes as the last winner: these in the order decided. `drawn` orders equals: by the draw, without one by number."""
    kind = WinnersKind(winners["kind"])
    if kind is WinnersKind.NONE:
        return {"selected": []}
    if kind is WinnersKind.YES:
        return {"selected": [line["option"] for line in totals if line["yes"] > line["no"]]}
    votes = {line["option"]: line.get("votes", line.get("points")) for line in totals}
    return _most(votes, winners["seats"], drawn)


def _most(votes: Mapping[int, int], seats: int, drawn: Callable[[Sequence[int]], Sequence[int]]) -> dict:
    ranked = sorted((option for option in votes if votes[option]), key=lambda option: (-votes[option], option))
    if len(ranked) <= seats:
        return {"selected": ranked}
    last = votes[ranked[seats - 1]]
    sure = [option for option in ranked if votes[option] > last]
    equal = [option for option in ranked if votes[option] == last]
    if len(sure) + len(equal) == seats:
        return {"selected": sure + equal}
    decided = list(drawn(equal))
    return {"selected": sure + decided[:seats - len(sure)], "tied": decided}


def of_poll(definition: Mapping[str, Any], totals: Totals, turnout: Mapping[str, int],
            drawn: Callable[[Sequence[int]], Sequence[int]] = sorted) -> dict[str, Any]:
    """Winners and quorum; `tied` names those among whom the draw, or without one the number, decided."""
    return with_quorum(definition, turnout, {"kind": "poll"} | won(definition["winners"], totals.options, drawn))


def with_quorum(definition: Mapping[str, Any], turnout: Mapping[str, int], outcome: Mapping[str, Any]) -> dict:
    """The outcome with its quorum, 1 reached and 0 not; where it was missed and the result is not to be told all the
    same, nothing is chosen and nothing counted."""
    quorum = definition.get("quorum")
    if quorum is None:
        return dict(outcome)
    reached = quorum_reached(quorum, turnout["total"], turnout["roll"])
    told = {"kind": outcome["kind"], "selected": []} if is_void(quorum, reached) else outcome
    return {**told, "quorum": int(reached)}


def met_a_tie(outcome: Mapping[str, Any]) -> bool:
    """True if a tie was met that a draw decides, in a poll or, after cost and votes, in a budget."""
    ties = outcome.get("count", {}).get("ties", ())
    return "tied" in outcome or any({"id", "lot"} & set(tie["decided_by"]) for tie in ties)


def of_few(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The winners alone, in an order that tells nothing."""
    winners = {"kind": outcome["kind"],
               "selected": sorted(outcome.get("selected") or outcome.get("count", {}).get("selected", []))}
    return winners | ({"quorum": outcome["quorum"]} if "quorum" in outcome else {})
