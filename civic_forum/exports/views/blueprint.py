"""The blueprints on which the pages of tables hang."""

from flask import Blueprint

bp = Blueprint("exports", __name__, url_prefix="/data")
desk = Blueprint("export_desk", __name__, url_prefix="/desk/exports")
bp.record_once(lambda state: state.app.register_blueprint(desk))
