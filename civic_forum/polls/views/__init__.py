"""The pages of polls. Each subject has its module; all hang on the blueprints of one."""

from . import ballot, desk, desk_notes, desk_options, desk_roll, own_roll, public, results
from .blueprint import bp

__all__ = ["ballot", "bp", "desk", "desk_notes", "desk_options", "desk_roll", "own_roll", "public", "results"]
