"""Pages of moderation."""

from ..pages import bp
from . import appeals, cases, ledger, reports, signals, takedowns, waves

__all__ = ["appeals", "bp", "cases", "ledger", "reports", "signals", "takedowns", "waves"]
