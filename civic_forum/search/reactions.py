"""Registrations of the search with the rest of the site."""

from civic_forum.platform import clock, jobs
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case

from . import vocabulary

FEW, HOUR = 2_000, 4
"""Texts that are counted every hour; the hour of the day at which more are."""


@jobs.every(60, "words that can be searched for", at_start=True)
def count_words() -> None:
    total = vocabulary.counts(()).get(vocabulary.TOTAL, 0)
    if total < FEW or local(clock.now()).hour == HOUR:
        with use_case(None) as work:
            vocabulary.count_all(work.session)
