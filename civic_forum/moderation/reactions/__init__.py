"""What moderation does when others tell something, what it puts on pages of theirs, and one's own data."""

from . import acts, appeals, noticing, reports, takedowns

__all__ = ["acts", "appeals", "noticing", "reports", "takedowns"]
