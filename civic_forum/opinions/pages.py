"""Blueprints of consultations, and what all of their pages begin with."""

from flask import Blueprint

from civic_forum.platform.web import visitor

from . import queries
from .models import Consultation
from .policy import may_read

bp = Blueprint("opinions", __name__, url_prefix="/consultations")
desk = Blueprint("opinion_desk", __name__, url_prefix="/desk/consultations")
bp.record_once(lambda state: state.app.register_blueprint(desk))


def found(slug: str) -> Consultation:
    """The consultation at this address, if the visitor may know of it. Raises NotFound."""
    consultation = queries.by_slug(slug)
    if may_read(visitor(), consultation):
        raise queries.missing()
    return consultation
