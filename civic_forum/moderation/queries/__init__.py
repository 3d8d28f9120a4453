"""Every SELECT of moderation, by what asks."""

from .reports import Reported, report_of, reported, reported_as, reports_by

__all__ = ["Reported", "report_of", "reported", "reported_as", "reports_by"]
