"""Blueprints of series."""

from flask import Blueprint

bp = Blueprint("series", __name__)
desk = Blueprint("series_desk", __name__, url_prefix="/desk/series")
bp.record_once(lambda state: state.app.register_blueprint(desk))
