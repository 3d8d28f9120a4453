"""Pages of answers, all on the blueprints of `pages`."""

from ..pages import bp
from . import desk, public

__all__ = ["bp", "desk", "public"]
