"""The count of an envelope, made when its box is counted and signed with the result of the box."""

import json
from collections.abc import Iterable, Mapping, Sequence

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries.boxes import rule_of
from civic_forum.ballots.rules.choices import Totals
from civic_forum.platform import subprocess_call

from ..counting.box import of_box


def outcome(box: BallotBox, totals: Totals, choices: Iterable[bytes], order: Sequence[int] | None) -> Mapping:
    """Outcome of the ballots of an envelope by the rules that its box froze: whole numbers and texts alone. `order`:
    its options as drawn.

    It may take a minute, so it is worked out apart, outside of any transaction. Raises ValueError when ballots and
    totals are of different votes; then nothing is counted.
    """
    votes = {line["option"]: line["votes"] for line in totals.options}
    chosen = [*map(rule_of(box).chosen, subprocess_call.with_pauses(choices))]
    return subprocess_call.call(of_box, json.loads(box.definition), votes, totals.ballots, chosen, order)
