"""The pages of outcomes. Each subject has its module; all hang on the blueprints of one."""

from . import public, reports, writing
from .blueprint import bp, desk

__all__ = ["bp", "desk", "public", "reports", "writing"]
