"""Who may do what with accounts; importing this package registers every permission of it."""

from . import own, staff

__all__ = ["own", "staff"]
