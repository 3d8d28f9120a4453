"""Blueprints of consultations."""

from flask import Blueprint

bp = Blueprint("opinions", __name__, url_prefix="/consultations")
desk = Blueprint("opinion_desk", __name__, url_prefix="/desk/consultations")
bp.record_once(lambda state: state.app.register_blueprint(desk))
