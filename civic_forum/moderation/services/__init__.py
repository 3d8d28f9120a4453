"""Every change of moderation, by what people do."""

from .deciding import appeal, decide, decide_appeal, end_over, report, take_back
from .takedowns import ask_takedown, block_takedown, decide_takedown, forget_contacts, see_takedown_contact
from .waves import act_on_wave, add_word, look_around, remove_word, see_signal, undo

__all__ = ["act_on_wave", "add_word", "appeal", "ask_takedown", "block_takedown", "decide", "decide_appeal",
           "decide_takedown", "end_over", "forget_contacts", "look_around", "remove_word", "report", "see_signal",
           "see_takedown_contact", "take_back", "undo"]
