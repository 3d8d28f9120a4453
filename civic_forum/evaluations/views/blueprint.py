"""Blueprints of evaluations."""

from flask import Blueprint

bp = Blueprint("evaluations", __name__)
desk = Blueprint("evaluation_desk", __name__, url_prefix="/desk/evaluations")
bp.record_once(lambda state: state.app.register_blueprint(desk))
