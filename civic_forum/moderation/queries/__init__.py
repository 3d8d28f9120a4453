"""Every SELECT of moderation, by what asks."""

from . import actions, appeals, takedowns, things, waves
from .queue import Reported, report_of, reported, reported_as, reports_by

__all__ = ["Reported", "actions", "appeals", "report_of", "reported", "reported_as", "reports_by", "takedowns",
           "things", "waves"]
