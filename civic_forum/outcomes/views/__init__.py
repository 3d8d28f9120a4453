"""The pages of outcomes. Each subject has its module; all hang on the blueprints of one."""

from . import corrections, public, reports, writing
from .blueprint import bp, desk

__all__ = ["bp", "corrections", "desk", "public", "reports", "writing"]
