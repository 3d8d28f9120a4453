"""The pages of polls. Each subject has its module; all hang on the blueprints of one."""

from . import ballot, casts, own_roll, public, results
from .blueprint import bp

__all__ = ["ballot", "bp", "casts", "own_roll", "public", "results"]
