"""Blueprints of surveys."""

from flask import Blueprint

bp = Blueprint("surveys", __name__, url_prefix="/surveys")
desk = Blueprint("survey_desk", __name__, url_prefix="/desk/surveys")
bp.record_once(lambda state: state.app.register_blueprint(desk))
