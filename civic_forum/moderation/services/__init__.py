"""Every change of moderation, by what it is about."""

from . import appeals, cases, reports, signals, takedowns, waves

__all__ = ["appeals", "cases", "reports", "signals", "takedowns", "waves"]
