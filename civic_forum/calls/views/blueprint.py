"""The blueprints on which the pages of calls hang."""

from flask import Blueprint

bp = Blueprint("calls", __name__, url_prefix="/calls")
desk = Blueprint("call_desk", __name__, url_prefix="/desk/calls")
moved = Blueprint("awards", __name__)
for blueprint in (desk, moved):
    bp.record_once(lambda state, blueprint=blueprint: state.app.register_blueprint(blueprint))
