"""What agendas mean to the rest of the site, and what they do when others change."""

import sqlalchemy as sa

from civic_forum.kernel import hooks
from civic_forum.proposals.events import ProposalSupported, SupportTakenBack
from civic_forum.proposals.models import Proposal

from . import steps
from .models import ProposalMerge


@hooks.on(ProposalSupported)
@hooks.on(SupportTakenBack)
def count_people_once(fact, session) -> None:
    """Who supports a proposal now may have supported one that was merged into it. Its lock is held already."""
    if session.scalar(sa.select(ProposalMerge.id).filter_by(into_id=fact.proposal_id, undone_at=None).limit(1)):
        steps.count_again(session, session.get_one(Proposal, fact.proposal_id))
