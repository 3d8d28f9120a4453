"""Pages of polls, all on the blueprint of `pages`."""

from ..pages import bp
from . import ballot, desk, public

__all__ = ["ballot", "bp", "desk", "public"]
