"""The pages of answers. Each subject has its module; all hang on the blueprints of one."""

from . import author, case, corrections, desk_acts, public, queue
from .blueprint import bp, desk

__all__ = ["author", "bp", "case", "corrections", "desk", "desk_acts", "public", "queue"]
