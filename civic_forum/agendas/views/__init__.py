"""Pages of agendas."""

from ..pages import bp
from . import desk, groupings, merges, public

__all__ = ["bp", "desk", "groupings", "merges", "public"]
