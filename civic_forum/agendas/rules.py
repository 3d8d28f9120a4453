"""Questions made of proposals, and proposals that say the same. Pure decisions."""

from datetime import timedelta
from enum import StrEnum

OBJECTION_DAYS = 7
"""How long an author may object to being grouped."""
WITHDRAWAL_DAYS = 14
"""How long supporters may take their name back after a merge."""


class AgendaState(StrEnum):
    PREPARING = "preparing"
    IN_DELIBERATION = "in_deliberation"
    AT_VOTE = "at_vote"
    DECIDED = "decided"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class Relation(StrEnum):
    """What a proposal is to an agenda. It is core in one agenda at most."""

    CORE = "core"
    RELATED = "related"
    ALTERNATIVE = "alternative"


class Descent(StrEnum):
    """How one agenda came from another."""

    SPLIT = "split"
    MERGED = "merged"


class Reply(StrEnum):
    """What an author says to a merge."""

    AGREED = "agreed"
    OBJECTED = "objected"


OBJECTION_PERIOD = timedelta(days=OBJECTION_DAYS)
WITHDRAWAL_PERIOD = timedelta(days=WITHDRAWAL_DAYS)
