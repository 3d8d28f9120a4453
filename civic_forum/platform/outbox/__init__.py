"""Mail and short messages leave through a row written in the same transaction as its reason."""

from .forgetting import forget, forget_files, forgive, throw_away
from .letters import HELD, REWRITTEN, Carrier, Letter, OutgoingMail, post, post_all
from .sending import LEASE, TRIES, deliver_due

__all__ = ["HELD", "LEASE", "REWRITTEN", "TRIES", "Carrier", "Letter", "OutgoingMail", "deliver_due", "forget",
           "forget_files", "forgive",
           "post", "post_all", "throw_away"]
