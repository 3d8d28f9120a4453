"""Questions put to the vote. Pure decisions."""

from enum import StrEnum


class PollKind(StrEnum):
    CHOOSE_ONE = "choose_one"
    UP_TO_K = "up_to_k"
    EXACTLY_K = "exactly_k"
    YES_NO_EACH = "yes_no_each"


class Quorum(StrEnum):
    """What a result needs in order to count."""

    MIN_VOTERS = "min_voters"
    MIN_TURNOUT = "min_turnout"
    """In percent of the electoral roll."""
