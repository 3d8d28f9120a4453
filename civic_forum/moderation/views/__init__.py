"""Pages of moderation, all on the blueprints of `pages`."""

from ..pages import bp
from . import cases, public, takedowns, waves

__all__ = ["bp", "cases", "public", "takedowns", "waves"]
