"""Reactions of moderation to facts of others, its sections on their pages, and one's own data."""

from . import acts, appeals, noticing, reports, takedowns

__all__ = ["acts", "appeals", "noticing", "reports", "takedowns"]
