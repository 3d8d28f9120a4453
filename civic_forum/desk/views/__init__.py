"""Pages of the staff, all on one blueprint."""

from ..pages import bp
from . import entry, logs, people, residents

__all__ = ["bp", "entry", "logs", "people", "residents"]
