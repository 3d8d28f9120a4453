"""What has to leave at once becomes outgoing mail and short messages, in one transaction: none is lost or doubled."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from civic_forum.kernel import outbox
from civic_forum.kernel.i18n import Language, speaking
from civic_forum.kernel.outbox import Letter
from civic_forum.kernel.work import use_case

from ..channels import WAYS
from ..letters import News, Reader
from ..models import Delivery
from ..queries import deliveries
from ..queries.deliveries import Due
from ..rules import Channel, Frequency

BATCH = 200
SLICE = 5_000
"""Ids in one statement."""


def write_at_once() -> int:
    """Write the letters of every notice that leaves at once; returns how many. The outbox sends them."""
    written = 0
    while deliveries.waits(Frequency.AT_ONCE):
        with use_case(None) as work:
            due = deliveries.at_once(BATCH)
            written += outbox.post_all(work.session, letters_of(
                ((one.channel, one.reader, [one.news]) for one in due if one.reader), Frequency.AT_ONCE))
            mark(work.session, due, work.at)
        if len(due) < BATCH:
            break
    return written


def letters_of(told: Iterable[tuple[Channel, Reader, list[News]]], frequency: Frequency) -> Iterator[Letter]:
    """Each in the language of its reader."""
    by_language: dict[Language, list[tuple[Channel, Reader, list[News]]]] = {}
    for one in told:
        by_language.setdefault(one[1].language, []).append(one)
    for language, those in by_language.items():
        with speaking(language):
            for channel, reader, news in those:
                yield WAYS[channel].write(reader, news, frequency)


def mark(session, due: list[Due], at: datetime) -> None:
    """They are done with: written, or there is nobody who can be reached."""
    ids = [one.delivery_id for one in due]
    for start in range(0, len(ids), SLICE):
        session.execute(sa.update(Delivery).where(Delivery.id.in_(ids[start:start + SLICE])).values(sent_at=at)
                        .execution_options(synchronize_session=False))
