"""Every SELECT of moderation, by what asks."""

from . import actions, appeals, ledger, signals, takedowns, things
from .reports import Reported, report_of, reported, reported_as, reports_by

__all__ = ["Reported", "actions", "appeals", "ledger", "report_of", "reported", "reported_as", "reports_by",
           "signals", "takedowns", "things"]
