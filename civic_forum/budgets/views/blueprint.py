"""The blueprints on which the pages of rounds hang: for everybody, and for those who make and review them."""

from flask import Blueprint

bp = Blueprint("budgets", __name__, url_prefix="/budgets")
desk = Blueprint("budget_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))
