"""The blueprints on which the pages of calls hang."""

from flask import Blueprint

bp = Blueprint("calls", __name__, url_prefix="/calls")
desk = Blueprint("call_desk", __name__, url_prefix="/desk/calls")
bp.record_once(lambda state: state.app.register_blueprint(desk))
