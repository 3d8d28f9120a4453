"""Numbers of proposals, without counting them."""

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import ProposalTally
from ..rules import State


def totals() -> dict[State, int]:
    """Numbers of proposals in each state, zero included."""
    kept = dict(db.session.execute(sa.select(ProposalTally.state, ProposalTally.total)).all())
    return {state: max(kept.get(state, 0), 0) for state in State}
