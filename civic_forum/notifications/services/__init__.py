"""Use-cases of notices and preferences."""

from .delivering import tell_of_deadlines, tell_who_is_silent
from .own import choose, forget, open_notice, read_all, read_subject

__all__ = ["choose", "forget", "open_notice", "read_all", "read_subject", "tell_of_deadlines", "tell_who_is_silent"]
