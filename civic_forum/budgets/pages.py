"""Blueprints of rounds, and rounds and envelopes as an address names them."""

from collections.abc import Sequence

from flask import Blueprint

from civic_forum.blocks.charts import Part, Share
from civic_forum.platform.i18n import _, won
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


def money_share(spent: Sequence[tuple[str, int]], total: int) -> Share:
    """Amounts by turns in two tones, then what is left."""
    parts = [Part(name, amount, won(amount), "soft" if place % 2 else "") for place, (name, amount) in enumerate(spent)]
    left = max(total - sum(amount for _name, amount in spent), 0)
    return Share([*parts, Part(_("남은 돈"), left, won(left), "left")])
