"""Rules of requests for a visit. Pure."""

ANSWERED_WITHIN = 14
"""Days in which the office says yes or no."""
MOST_NAMES = 100_000
WHY_MOST = 500
MOST_SHOWN = 100
