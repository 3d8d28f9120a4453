"""The blueprints on which the pages of awards hang, and who gets to see those of the desk."""

from flask import Blueprint

from civic_forum.platform.web import shown_to

from ..policy import may_see_desk

bp = Blueprint("awards", __name__)
desk = Blueprint("award_desk", __name__, url_prefix="/desk/awards")
bp.record_once(lambda state: state.app.register_blueprint(desk))
for_people_with_roles = shown_to(may_see_desk)
