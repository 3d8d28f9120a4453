"""Blueprints of rounds, and rounds and envelopes as an address names them."""

from flask import Blueprint

from civic_forum.platform.web import visitor

from . import queries
from .models import BudgetRound, Envelope
from .policy import may_read

bp = Blueprint("budgets", __name__, url_prefix="/budgets")
desk = Blueprint("budget_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))


def found(slug: str) -> BudgetRound:
    """The round at this address, if the visitor may know of it. Raises NotFound."""
    budget_round = queries.by_slug(slug)
    if may_read(visitor(), budget_round):
        raise queries.missing()
    return budget_round


def found_envelope(slug: str, envelope: str) -> Envelope:
    """The same for one of its envelopes. Raises NotFound."""
    return queries.envelope(found(slug), envelope)
