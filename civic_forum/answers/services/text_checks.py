"""Checks of typed texts; and the proposal that they are about, locked."""

from civic_forum.platform.text_checks import words_given
from civic_forum.proposals import queries as proposals

from .. import queries

__all__ = ["locked_case", "words_given"]


def locked_case(proposal_id: int) -> queries.AnswerCase:
    """Raises NotFound."""
    return queries.case(proposals.locked(proposal_id))
