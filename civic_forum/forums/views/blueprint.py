"""The blueprints on which the pages of forums hang: for everybody, and for those who prepare them."""

from flask import Blueprint

from civic_forum.kernel.i18n import local

bp = Blueprint("forums", __name__, url_prefix="/forums")
desk = Blueprint("forum_desk", __name__, url_prefix="/desk/forums")
doors = Blueprint("forum_doors", __name__, url_prefix="/f")
"""Short codes."""
bp.record_once(lambda state: [state.app.register_blueprint(one) for one in (desk, doors)])
bp.add_app_template_filter(lambda at: f"{local(at):%H:%M}", "clock_time")
