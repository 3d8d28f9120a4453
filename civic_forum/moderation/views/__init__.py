"""The pages of moderation. Each subject has its module; all hang on the blueprints of one."""

from . import appeals, cases, ledger, own, queue, reports, signals, takedowns, waves
from .blueprint import bp, desk

__all__ = ["appeals", "bp", "cases", "desk", "ledger", "own", "queue", "reports", "signals", "takedowns", "waves"]
