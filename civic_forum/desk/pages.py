"""Blueprint of the desk, and who comes in."""

from flask import Blueprint

from civic_forum.district.labels import ACT
from civic_forum.platform import web

from .policy import may_enter

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.add_app_template_filter(ACT.__getitem__, "district_act_word")


def shown_to(predicate):
    """For a view that only staff with this permission reach."""
    return web.shown_to(may_enter, predicate)
