"""The count of an envelope, made when its box is counted and signed with the result of the box."""

import json
from collections.abc import Iterable, Mapping

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries.boxes import rule_of
from civic_forum.ballots.rules.choices import Totals
from civic_forum.kernel import apart

from ..rules import outcomes

SECRET = "totals"
"""`publishes` of a box whose whole ballots only observers get."""


def outcome(box: BallotBox, totals: Totals, choices: Iterable[bytes]) -> Mapping:
    """What the ballots of an envelope come to by the rules that its box froze: whole numbers and texts alone.

    It may take a minute, so it is worked out apart, outside of any transaction. Raises ValueError when ballots and
    totals are of different votes; then nothing is counted.
    """
    budget = json.loads(box.definition)["budget"]
    votes = {option.option: option.figures["votes"] for option in totals.options}
    chosen = [*map(rule_of(box).chosen, apart.with_pauses(choices))]
    return apart.call(outcomes.outcome, budget, votes, totals.ballots, chosen, secret=box.publishes == SECRET)
