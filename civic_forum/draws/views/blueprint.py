"""The blueprints on which the pages of draws hang."""

from flask import Blueprint

bp = Blueprint("draws", __name__, url_prefix="/draws")
desk = Blueprint("draw_desk", __name__, url_prefix="/desk/draws")
bp.record_once(lambda state: state.app.register_blueprint(desk))
