"""The blueprints on which the pages of answers hang: for everybody, and for those who write them."""

from flask import Blueprint

bp = Blueprint("answers", __name__)
desk = Blueprint("answer_desk", __name__, url_prefix="/desk/answers")
bp.record_once(lambda state: state.app.register_blueprint(desk))
