"""Every change of moderation, by what people do."""

from .appeals import appeal, decide_appeal
from .deciding import decide, end_over, take_back
from .reporting import report
from .signals import add_word, look_around, remove_word, see_signal
from .takedowns import ask_takedown, block_takedown, decide_takedown, forget_contacts, see_takedown_contact
from .waves import act_on_wave, undo

__all__ = ["act_on_wave", "add_word", "appeal", "ask_takedown", "block_takedown", "decide", "decide_appeal",
           "decide_takedown", "end_over", "forget_contacts", "look_around", "remove_word", "report", "see_signal",
           "see_takedown_contact", "take_back", "undo"]
