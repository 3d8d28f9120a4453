"""Every SELECT of moderation, by what asks."""

from . import actions
from .reports import Reported, report_of, reported, reported_as, reports_by

__all__ = ["Reported", "actions", "report_of", "reported", "reported_as", "reports_by"]
