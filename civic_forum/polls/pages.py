"""Blueprints of polls, and polls as an address names them."""

from flask import Blueprint

from civic_forum.platform.web import visitor

from .models import Poll
from .policy import may_read
from .queries import records

bp = Blueprint("polls", __name__, url_prefix="/polls")
desk = Blueprint("poll_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))


def readable(slug: str) -> Poll:
    """The poll at this address, if the visitor may know of it. Raises NotFound."""
    poll = records.by_slug(slug)
    if may_read(visitor(), poll):
        raise records.missing()
    return poll
