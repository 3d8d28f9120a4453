"""Who may do what with a vote; importing this package registers every permission of it."""

from . import desk, observers, officials, rolls

__all__ = ["desk", "observers", "officials", "rolls"]
