"""Every change to proposals, by what people do."""

from .drafting import (
    approve, attach, describe, detach, edit, give_back, new_key, publish, save_draft, throw_away_draft, withdraw,
)
from .supporting import end_follow, end_support, follow, lapse_due, support, throw_away_old_drafts

__all__ = ["approve", "attach", "describe", "detach", "edit", "end_follow", "end_support", "follow", "give_back",
           "lapse_due", "new_key", "publish", "save_draft", "support", "throw_away_draft", "throw_away_old_drafts",
           "withdraw"]
