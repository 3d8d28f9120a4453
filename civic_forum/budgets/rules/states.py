"""States of a project, and verdicts of a review, the committee or the council. Pure."""

from enum import StrEnum


class ProjectState(StrEnum):
    """State of a project; the phases of its round say when what may happen."""

    HANDED_IN = "handed_in"
    """접수: waits for a review to be assigned."""
    IN_REVIEW = "in_review"
    """적격성 검토 중"""
    ELIGIBLE = "eligible"
    ELIGIBLE_IF = "eligible_if"
    NOT_ELIGIBLE = "not_eligible"
    MERGED = "merged"
    """Goes on as part of another project (`merged_into`)."""
    WITHDRAWN = "withdrawn"
    ON_BALLOT = "on_ballot"
    """The vote on it has been opened: nothing of it changes any more."""
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    IN_BUDGET = "in_budget"
    """The council confirmed it, whole or with less money."""
    DROPPED = "dropped"
    """The council took it out."""
    IN_PROGRESS = "in_progress"
    DONE = "done"


MOVES: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.HANDED_IN: frozenset((ProjectState.IN_REVIEW, ProjectState.WITHDRAWN, ProjectState.MERGED)),
    ProjectState.IN_REVIEW: frozenset((ProjectState.ELIGIBLE, ProjectState.ELIGIBLE_IF, ProjectState.NOT_ELIGIBLE,
                                       ProjectState.WITHDRAWN, ProjectState.MERGED)),
    ProjectState.ELIGIBLE: frozenset((ProjectState.IN_REVIEW, ProjectState.ON_BALLOT, ProjectState.WITHDRAWN,
                                      ProjectState.MERGED)),
    ProjectState.ELIGIBLE_IF: frozenset((ProjectState.IN_REVIEW, ProjectState.ELIGIBLE, ProjectState.ON_BALLOT,
                                         ProjectState.WITHDRAWN, ProjectState.MERGED)),
    ProjectState.NOT_ELIGIBLE: frozenset((ProjectState.IN_REVIEW,)),
    ProjectState.MERGED: frozenset(),
    ProjectState.WITHDRAWN: frozenset(),
    ProjectState.ON_BALLOT: frozenset((ProjectState.CHOSEN, ProjectState.NOT_CHOSEN)),
    ProjectState.CHOSEN: frozenset((ProjectState.IN_BUDGET, ProjectState.DROPPED)),
    ProjectState.NOT_CHOSEN: frozenset(),
    ProjectState.IN_BUDGET: frozenset((ProjectState.IN_PROGRESS, ProjectState.DROPPED)),
    ProjectState.DROPPED: frozenset((ProjectState.IN_BUDGET,)),
    ProjectState.IN_PROGRESS: frozenset((ProjectState.DONE,)),
    ProjectState.DONE: frozenset(),
}
"""The one table of moves; everything else is refused."""

EDITABLE = frozenset((ProjectState.HANDED_IN, ProjectState.IN_REVIEW, ProjectState.ELIGIBLE, ProjectState.ELIGIBLE_IF))
"""Its text, cost and place may still change."""
FIT_FOR_BALLOT = frozenset((ProjectState.ELIGIBLE, ProjectState.ELIGIBLE_IF))
WON = frozenset((ProjectState.CHOSEN, ProjectState.IN_BUDGET, ProjectState.DROPPED, ProjectState.IN_PROGRESS,
                 ProjectState.DONE))
"""Chosen by the vote, whatever became of it afterwards."""


def may_move(before: ProjectState, after: ProjectState) -> bool:
    """True if MOVES leads from one to the other."""
    return after in MOVES[before]


class Verdict(StrEnum):
    """Verdict of a review."""

    ELIGIBLE = "eligible"
    ELIGIBLE_IF = "eligible_if"
    NOT_ELIGIBLE = "not_eligible"


class Finding(StrEnum):
    """Verdict of a review on one of its parts."""

    FINE = "fine"
    WITH_CONDITIONS = "with_conditions"
    NOT_POSSIBLE = "not_possible"


class CouncilDecision(StrEnum):
    """Decision of the district council (구의회) on a chosen project."""

    CONFIRMED = "confirmed"
    CUT = "cut"
    DROPPED = "dropped"
