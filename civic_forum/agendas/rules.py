"""Questions made of proposals, and proposals that say the same. Pure decisions."""

from datetime import datetime, timedelta
from enum import StrEnum

OBJECTION_DAYS = 7
"""How long an author may object to being grouped."""
WITHDRAWAL_DAYS = 14
"""How long supporters may take their name back after a merge."""
REASON_LEAST, REASON_MOST = 5, 500
OBJECTION_LEAST, OBJECTION_MOST = 5, 1_000
WHY_LEAST, WHY_MOST = 5, 300
QUESTION_LEAST, QUESTION_MOST = 5, 200
SUMMARY_MOST = 10_000
MOST_AT_ONCE = 100
"""Proposals that are grouped in one go; more are refused, not cut."""
MOST_GROUPED = 500
"""Proposals of one agenda."""


class AgendaState(StrEnum):
    PREPARING = "preparing"
    IN_DELIBERATION = "in_deliberation"
    AT_VOTE = "at_vote"
    DECIDED = "decided"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


UNDECIDED = (AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE)
"""Of which people wait to be told what was decided."""


class Relation(StrEnum):
    """Relation of a proposal to an agenda. It is core in one agenda at most."""

    CORE = "core"
    RELATED = "related"
    ALTERNATIVE = "alternative"


class NextKind(StrEnum):
    """Next step after an agenda."""

    POLL = "poll"
    FORUM = "forum"
    BUDGET = "budget"
    OTHER = "other"


class Descent(StrEnum):
    """Way in which one agenda came from another."""

    SPLIT = "split"
    MERGED = "merged"


class Reply(StrEnum):
    """Reply of an author to a merge."""

    AGREED = "agreed"
    OBJECTED = "objected"


OBJECTION_PERIOD = timedelta(days=OBJECTION_DAYS)
WITHDRAWAL_PERIOD = timedelta(days=WITHDRAWAL_DAYS)


def may_object(since: datetime, now: datetime) -> bool:
    """True if the days to object, which begin when an author was told, are not over."""
    return now < since + OBJECTION_PERIOD


def may_take_back(merged: datetime, now: datetime) -> bool:
    """True if a supporter may still take their name back from a merge."""
    return now < merged + WITHDRAWAL_PERIOD


WAY = (AgendaState.PREPARING, AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE, AgendaState.DECIDED,
       AgendaState.IN_PROGRESS)


def progress(state: AgendaState, *, was_voted_on: bool = True) -> list[tuple[AgendaState, str]]:
    """Every stage of the way with `done`, `now` or `todo`; no vote lies behind what nobody voted on."""
    here = WAY.index(state) if state in WAY else len(WAY)
    return [(stage, "done" if place < here else "now" if place == here else "todo")
            for place, stage in enumerate(WAY)
            if was_voted_on or stage is not AgendaState.AT_VOTE or place >= here]
