"""What moderation does when others tell something, what it puts on pages of theirs, and one's own data."""

from . import acts, reports

__all__ = ["acts", "reports"]
