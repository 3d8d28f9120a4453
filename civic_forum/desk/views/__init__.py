"""Pages of the staff, all on one blueprint."""

from ..pages import bp
from . import logs, people, residents, work

__all__ = ["bp", "logs", "people", "residents", "work"]
