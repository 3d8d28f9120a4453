"""What moderation does inside a transaction that somebody has begun: acts on texts and accounts, and their ends."""

from .acting import act, act_on_all, end, end_all, end_over
from .closing import close_reports

__all__ = ["act", "act_on_all", "close_reports", "end", "end_all", "end_over"]
