"""Every change to proposals, by what people do."""

from .checking import approve, give_back
from .drafting import attach, describe, detach, new_key, publish, save_draft, throw_away_draft
from .editing import edit, withdraw
from .lapsing import lapse_due, throw_away_old_drafts
from .supporting import end_follow, end_support, follow, support

__all__ = ["approve", "attach", "describe", "detach", "edit", "end_follow", "end_support", "follow", "give_back",
           "lapse_due", "new_key", "publish", "save_draft", "support", "throw_away_draft", "throw_away_old_drafts",
           "withdraw"]
