"""The blueprints on which the pages of outcomes hang: for everybody, and for those who write them."""

from flask import Blueprint

bp = Blueprint("outcomes", __name__)
desk = Blueprint("outcome_desk", __name__, url_prefix="/desk/outcomes")
bp.record_once(lambda state: state.app.register_blueprint(desk))
