"""The blueprints on which the pages of courses hang."""

from flask import Blueprint

bp = Blueprint("courses", __name__)
desk = Blueprint("course_desk", __name__, url_prefix="/desk/calls/<slug>")
bp.record_once(lambda state: state.app.register_blueprint(desk))
