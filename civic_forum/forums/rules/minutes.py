"""Stages of minutes: a draft, a week in which those who took part correct it, the signature."""

from datetime import datetime, timedelta

CORRECTED_WITHIN = timedelta(days=7)
PLACE_MOST, WORDS_MOST, REPLY_MOST, NOTE_MOST = 200, 1000, 500, 300


def corrections_until(drafted_at: datetime) -> datetime:
    """Until when corrections are taken; from then on it may be signed."""
    return drafted_at + CORRECTED_WITHIN
