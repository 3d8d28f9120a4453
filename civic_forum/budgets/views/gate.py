"""Rounds and envelopes as an address names them, for those who may know of them."""

from civic_forum.platform.web import visitor

from ..models import BudgetRound, Envelope
from ..policy.acting import may_read
from ..queries import records


def found(slug: str) -> BudgetRound:
    """The round at this address, if the visitor may know of it. Raises NotFound."""
    budget_round = records.by_slug(slug)
    if may_read(visitor(), budget_round):
        raise records.missing()
    return budget_round


def found_envelope(slug: str, envelope: str) -> Envelope:
    """The same for one of its envelopes. Raises NotFound."""
    return records.envelope(found(slug), envelope)
