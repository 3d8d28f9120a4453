"""Blueprints of polls, and polls as an address names them."""

from flask import Blueprint

from civic_forum.platform import web

from .policy import may_see_desk

bp = Blueprint("polls", __name__, url_prefix="/polls")
desk = Blueprint("poll_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))


def shown_to(predicate=may_see_desk):
    """For a view that only people with this permission reach."""
    return web.shown_to(predicate)
