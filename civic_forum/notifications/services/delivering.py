"""Urgent notices as outgoing mail and short messages, in one transaction: none is lost or doubled."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform import outbox
from civic_forum.platform.i18n import Language, speaking
from civic_forum.platform.outbox import Letter
from civic_forum.platform.work import use_case

from ..channels import WAYS
from ..models import Delivery
from ..queries import deliveries
from ..queries.deliveries import Due
from ..rules import Frequency

BATCH = 200
SLICE = 5_000
"""Ids in one statement."""


def write_at_once() -> int:
    """Write the letters of every notice that leaves at once; returns how many. The outbox sends them."""
    written = 0
    while deliveries.waits(Frequency.AT_ONCE):
        with use_case(None) as work:
            due = deliveries.at_once(BATCH)
            written += outbox.post_all(work.session, letters_of([one] for one in due if one.reader))
            mark(work.session, due, work.at)
        if len(due) < BATCH:
            break
    return written


def letters_of(together: Iterable[list[Due]]) -> Iterator[Letter]:
    """One for what one reader is told together by one channel, each in the language of its reader."""
    by_language: dict[Language, list[list[Due]]] = {}
    for told in together:
        by_language.setdefault(told[0].reader.language, []).append(told)
    for language, those in by_language.items():
        with speaking(language):
            for told in those:
                first, ids = told[0], tuple(one.delivery_id for one in told)
                letter = WAYS[first.channel].write(first.reader, [one.news for one in told], first.frequency)
                yield replace(letter, tells=ids)


def write_again(delivery_ids: Collection[int]) -> Letter | None:
    """A letter that waited, as things stand now: what was hidden is not named, nobody is told who is not to be any
    more. None where nothing is left of it."""
    told = [one for one in deliveries.again(delivery_ids) if one.reader]
    return next(letters_of([told])) if told else None


def mark(session, due: list[Due], at: datetime) -> None:
    """They are done with: written, or there is nobody who can be reached."""
    ids = [one.delivery_id for one in due]
    for start in range(0, len(ids), SLICE):
        session.execute(sa.update(Delivery).where(Delivery.id.in_(ids[start:start + SLICE])).values(sent_at=at)
                        .execution_options(synchronize_session=False))
