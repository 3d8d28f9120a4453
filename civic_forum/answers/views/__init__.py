"""The pages of answers. Each subject has its module; all hang on the blueprints of one."""

from . import author, case, desk_acts, public, queue
from .blueprint import bp, desk

__all__ = ["author", "bp", "case", "desk", "desk_acts", "public", "queue"]
