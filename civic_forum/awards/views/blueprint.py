"""The blueprints on which the pages of awards hang, and who gets to see those of the desk."""

from functools import wraps

from flask import Blueprint
from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..policy import may_see_desk

bp = Blueprint("awards", __name__)
desk = Blueprint("award_desk", __name__, url_prefix="/desk/awards")
bp.record_once(lambda state: state.app.register_blueprint(desk))


def for_people_with_roles(view):
    """Decorate a page of the desk; services check again what they change."""

    @wraps(view)
    def page(*args, **kwargs):
        require(visitor(), may_see_desk)
        return view(*args, **kwargs)

    return never_cached(login_required(page))
