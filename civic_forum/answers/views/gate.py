"""Access to pages of the desk: where it is refused, the reason is the page instead."""

from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals import queries as proposals

from .. import queries
from ..policy.reading import may_see_case, may_see_desk

for_staff = shown_to(may_see_desk)


def seen_case(number: str) -> queries.AnswerCase:
    """The case with this number, if this person may look into it. Raises NotFound, also for what waits for moderators
    and nobody else may read yet, and Denied."""
    proposal = proposals.by_number(number)
    if proposal_policy.may_read(visitor(), proposal):
        raise proposals.missing()
    found = queries.case(proposal)
    require(visitor(), may_see_case, found)
    return found
