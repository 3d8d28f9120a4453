"""Refusals of observers and what two officials answered in public; a vote that goes on with too few signatures."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ..models import BallotBox, Confirmation
from ..rules.boxes import ConfirmedAction
from ..rules.observing import Statement, verdicts
from . import confirmations, observed


class Answer(NamedTuple):
    """The words of two officials."""

    text: str
    at: datetime
    refusals: list[Statement]
    """All that there were by then; a later one needs an answer of its own."""


class Watched(NamedTuple):
    """One observer of a vote with everything that they said, each with the answer to it."""

    name: str
    key: bytes
    agrees: bool | None
    """None: they signed nothing."""
    said: list[tuple[Statement, Answer | None]]


class Told(NamedTuple):
    """Everything that observers of a vote said and were told."""

    observers: list[Watched]
    """In the order of the definition."""
    needed: int
    agreed: int
    reason: Confirmation | None
    """Of two officials, for going on with too few signatures."""


def told(box: BallotBox) -> Told:
    """For everybody once the vote is published, for observers and officials before."""
    said, found = observed.statements(box), observed.observers(box)
    verdict, given = verdicts(said), answers(box)
    answer = {one.signature: given_one for given_one in reversed(given) for one in given_one.refusals}
    watched = [Watched(one.name, one.key, verdict.get(one.key),
                       [(it, answer.get(it.signature)) for it in said if it.public_key == one.key.hex()])
               for one in found]
    agreed, needed = [*verdict.values()].count(True), observed.needed(box)
    return Told(watched, needed, agreed, reason(box) if agreed < needed else None)


def answers(box: BallotBox) -> list[Answer]:
    """Answers that were confirmed, the oldest first."""
    refused = observed.refusals(box)
    if not refused:
        return []
    return [Answer(one.note or "", one.confirmed_at, refused[:count])
            for one in confirmations.all_confirmed(box.id, ConfirmedAction.ANSWER_REFUSAL)
            for count in range(1, len(refused) + 1)
            if one.fingerprint == confirmations.answering(box, refused[:count], one.note)]


def unanswered(box: BallotBox) -> list[Statement]:
    """Refusals that no answer of two officials names."""
    return observed.refusals(box)[max((len(one.refusals) for one in answers(box)), default=0):]


def reason(box: BallotBox) -> Confirmation | None:
    """The public reason of two officials for going on with too few signatures, where they gave one for this result."""
    found = confirmations.confirmed(box.id, ConfirmedAction.WITHOUT_SIGNATURES)
    return found if found is not None and found.fingerprint == confirmations.now_of(found, box) else None


def named(box: BallotBox, said: Iterable[Statement]) -> list[tuple[str, Statement]]:
    """Statements with the public names of those who made them."""
    known = {one.key.hex(): one.name for one in observed.observers(box)}
    return [(known[one.public_key], one) for one in said]
