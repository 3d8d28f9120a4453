"""Pages of the staff, all on one blueprint."""

from ..pages import bp
from . import absences, district, first_day, invitations, leaving, logs, people, residents, settings, state, work

__all__ = ["absences", "bp", "district", "first_day", "invitations", "leaving", "logs", "people", "residents",
           "settings", "state", "work"]
