"""The pages of agendas and merges. Each subject has its module; all hang on the blueprints of one."""

from . import desk, desk_links, merges, public
from .blueprint import bp

__all__ = ["bp", "desk", "desk_links", "merges", "public"]
