"""Operations of moderation inside a transaction that somebody has begun: acts on texts and accounts, and their ends."""

from .acting import act, act_on_all, end, end_all, end_over
from .closing import close_reports
from .holding import Held, hold
from .tallying import tally_again

__all__ = ["Held", "act", "act_on_all", "close_reports", "end", "end_all", "end_over", "hold", "tally_again"]
