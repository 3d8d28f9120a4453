"""Who may do what with a vote; importing this package registers every permission of it."""

from . import officials, rolls

__all__ = ["officials", "rolls"]
