"""Digests, daily and weekly: what waits for a person becomes one letter. A hundred or so people at a time."""

from itertools import groupby

import sqlalchemy as sa

from civic_forum.platform import clock, outbox
from civic_forum.platform.base import is_sqlite, upsert
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case

from ..models import DigestRun
from ..queries import deliveries
from ..queries.deliveries import Due
from ..rules import Channel, Frequency, digest_window
from .delivering import letters_of, mark

BATCH = 150
"""People in one turn to write: others wait for it."""
DIGESTS = 0x64696765
"""The advisory lock under which digests are written, by one worker at a time; it says `dige`."""


def write_due() -> int:
    """Write the digests that are due now into the outbox; returns how many. Nothing is due twice.

    A batch of people is one transaction: its letters, what they told and up to when stand together or not at all.
    """
    return sum(_write(frequency) for frequency in (Frequency.DAILY, Frequency.WEEKLY))


def _write(frequency: Frequency) -> int:
    before = digest_window(frequency, local(clock.now()))
    if before is None or not deliveries.readers(frequency, before, 0, 1):
        return 0
    written = last = 0
    while True:
        with use_case(None) as work:
            if not is_sqlite():
                work.session.execute(sa.select(sa.func.pg_advisory_xact_lock(DIGESTS)))
            people = deliveries.readers(frequency, before, last, BATCH)
            due = deliveries.of_readers(frequency, people, before) if people else []
            written += outbox.post_all(work.session, letters_of(_together(due)))
            mark(work.session, due, work.at)
            _note(work.session, people, frequency, before)
        if len(people) < BATCH:
            return written
        last = people[-1]


def _together(due: list[Due]):
    """Notices to one person by one channel."""
    reached = sorted((one for one in due if one.reader), key=_whom)
    for _each, those in groupby(reached, key=_whom):
        yield list(those)


def _whom(one: Due) -> tuple[int, Channel]:
    return one.reader.user_id, one.channel


def _note(session, people: list[int], frequency: Frequency, before) -> None:
    if people:
        insert = upsert(DigestRun.__table__)
        session.execute(insert.on_conflict_do_update(index_elements=["user_id", "frequency"],
                                                     set_={"at": insert.excluded.at}),
                        [{"user_id": user_id, "frequency": frequency, "at": before} for user_id in people])
