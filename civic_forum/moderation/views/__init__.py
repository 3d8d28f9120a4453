"""The pages of moderation. Each subject has its module; all hang on the blueprints of one."""

from . import cases, own, queue, reports, waves
from .blueprint import bp, desk

__all__ = ["bp", "cases", "desk", "own", "queue", "reports", "waves"]
