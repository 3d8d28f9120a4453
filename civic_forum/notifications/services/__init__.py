"""Use-cases of notices and preferences. Each subject has its module."""

from .deadlines import tell_of_deadlines, tell_who_is_silent
from .preferences import choose
from .reading import forget, open_notice, read_all, read_subject

__all__ = ["choose", "forget", "open_notice", "read_all", "read_subject", "tell_of_deadlines", "tell_who_is_silent"]
