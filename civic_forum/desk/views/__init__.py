"""The pages of the staff. Each subject has its module; all hang on one blueprint."""

from .gate import bp
from . import entry, letters, logs, people, residents, roles, slips

__all__ = ["bp", "entry", "letters", "logs", "people", "residents", "roles", "slips"]
