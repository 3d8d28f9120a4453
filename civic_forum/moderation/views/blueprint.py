"""The blueprints on which the pages of moderation hang: for everybody, and for those who keep order."""

from flask import Blueprint

bp = Blueprint("moderation", __name__)
desk = Blueprint("moderation_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))
