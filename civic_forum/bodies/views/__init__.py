"""Bodies for everybody, and at the desk."""

from . import desk
from .public import bp

bp.record_once(lambda state: state.app.register_blueprint(desk.desk))
__all__ = ["bp", "desk"]
