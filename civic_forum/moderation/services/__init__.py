"""Every change of moderation, by what people do."""

from .deciding import decide, end_over, take_back
from .reporting import report
from .waves import act_on_wave, undo

__all__ = ["act_on_wave", "decide", "end_over", "report", "take_back", "undo"]
