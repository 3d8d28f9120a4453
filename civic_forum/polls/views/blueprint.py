"""The blueprints on which the pages of polls hang: for everybody, and for those who make them."""

from flask import Blueprint

bp = Blueprint("polls", __name__, url_prefix="/polls")
desk = Blueprint("poll_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))
