"""Meetings for everybody, and at the desk."""

from . import desk, own
from .public import bp

bp.record_once(lambda state: state.app.register_blueprint(desk.desk))
bp.record_once(lambda state: state.app.register_blueprint(own.own))

__all__ = ["bp", "desk"]
