"""Least number of people whose votes a result needs, and what follows where fewer take part. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Quorum(StrEnum):
    """Figure by which a quorum is said."""

    MIN_VOTERS = "min_voters"
    MIN_TURNOUT = "min_turnout"
    """In percent of the electoral roll."""
    PER_MILLE = "per_mille"
    """Of a number of residents, which is said with its source and its day."""


class Missed(StrEnum):
    """Consequence of a missed quorum."""

    VOID = "void"
    """Nothing is chosen; a definition that says nothing means this."""
    ADVISORY = "advisory"
    """The result is told as it was counted, and binds nobody."""


MOST_PEOPLE = 10_000_000
MOST = {Quorum.MIN_VOTERS: MOST_PEOPLE, Quorum.MIN_TURNOUT: 100, Quorum.PER_MILLE: 1_000}


def fits(quorum: Quorum, value: int | None) -> bool:
    """True for a figure that goes with it."""
    return value is not None and 1 <= value <= MOST[quorum]


def written(vote: Any, residents: int | None) -> dict[str, Any] | None:
    """The quorum of a poll or a round as a box freezes it, of so many residents; None where there is none, or nobody
    said yet of how many residents it is."""
    if vote.quorum is None or vote.quorum is Quorum.PER_MILLE and not residents:
        return None
    parts: dict[str, Any] = {"kind": str(vote.quorum), "value": vote.quorum_value}
    if vote.quorum is Quorum.PER_MILLE:
        parts["of"] = {"number": residents, "source": vote.quorum_source,
                       "on": vote.quorum_on.isoformat()}
    return parts | ({"missed": str(Missed.ADVISORY)} if vote.quorum_missed is Missed.ADVISORY else {})


def needed(quorum: Mapping[str, Any], roll: int) -> int:
    """So many people, rounded up; `roll`: entries of the electoral roll, later ones too."""
    if quorum["kind"] == Quorum.MIN_VOTERS:
        return int(quorum["value"])
    part, whole = (100, roll) if quorum["kind"] == Quorum.MIN_TURNOUT else (1_000, quorum["of"]["number"])
    return -int(-quorum["value"] * whole // part)


def is_void(quorum: Mapping[str, Any] | None, reached: object) -> bool:
    """True where nothing is decided: it was missed, and the result is not told all the same."""
    return quorum is not None and not reached and not is_advisory(quorum)


def is_advisory(quorum: Mapping[str, Any]) -> bool:
    """True where the result is told all the same."""
    return quorum.get("missed") == Missed.ADVISORY
