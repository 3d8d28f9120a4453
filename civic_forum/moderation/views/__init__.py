"""The pages of moderation. Each subject has its module; all hang on the blueprints of one."""

from . import reports
from .blueprint import bp, desk

__all__ = ["bp", "desk", "reports"]
