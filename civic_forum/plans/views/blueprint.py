"""The blueprints on which the pages of plans hang."""

from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/plans")
desk = Blueprint("plan_desk", __name__, url_prefix="/desk/plans")
bp.record_once(lambda state: state.app.register_blueprint(desk))
