"""Notices on their way: at once, in the morning, and before a deadline."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.answers.rules import REMINDED_AFTER_DAYS
from civic_forum.platform import clock, outbox
from civic_forum.platform.base import is_sqlite, upsert
from civic_forum.platform.i18n import Language, local, speaking
from civic_forum.platform.outbox import Letter
from civic_forum.platform.work import use_case

from .. import operations
from ..channels import WAYS
from ..models import Delivery, DigestRun
from ..queries import deliveries, recipients
from ..queries.deliveries import Deadline, Due
from ..rules import Channel, Frequency, NoticeKind, digest_window

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


DIGEST_BATCH = 150
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
            people = deliveries.readers(frequency, before, last, DIGEST_BATCH)
            due = deliveries.of_readers(frequency, people, before) if people else []
            written += outbox.post_all(work.session, letters_of(_together(due)))
            mark(work.session, due, work.at)
            _note(work.session, people, frequency, before)
        if len(people) < DIGEST_BATCH:
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


SOON_DAYS = 5
"""How many days before the last one its department hears of it."""
LATE_DAYS = 7
"""How far the job looks back, for it may not have run; what is later still stands at the desk."""
AT_ONCE = 50


def tell_of_deadlines() -> int:
    """Tell departments of what is nearly due and late, and authors of what is late. Returns how many were looked at."""
    today = local(clock.now()).date()
    window = today - timedelta(days=LATE_DAYS), today + timedelta(days=SOON_DAYS)
    looked_at, after = 0, 0
    while found := deliveries.between(*window, after=after, limit=AT_ONCE):
        with use_case(None) as work:
            for deadline in found:
                _tell(work, deadline, is_late=deadline.due_on < today)
        looked_at, after = looked_at + len(found), found[-1].duty_id
    return looked_at


def _tell(work, deadline: Deadline, *, is_late: bool) -> None:
    """Nobody is told whose turn has passed meanwhile: the duty is looked at again under the lock."""
    if not deliveries.still_stands(deadline):
        return
    said = {"about": f"proposal:{deadline.proposal_id}", "title": deadline.title, "at": work.at,
            "details": {"due": deadline.due_on.isoformat()},
            "once": f"{'late' if is_late else 'soon'}:{deadline.duty_id}:{deadline.due_on}"}
    staff = (recipients.moderators() if deadline.department_id is None
             else recipients.staff(Role.OFFICIAL, department_id=deadline.department_id))
    operations.tell(work.session, staff, kind=NoticeKind.DUTY, step="duty_late" if is_late else "duty_soon",
                    url=f"/desk/answers/{deadline.number}", **said)
    if is_late:
        operations.tell(work.session, recipients.one(deadline.author_id), kind=NoticeKind.MY_PROPOSAL,
                        step="answer_late", url=f"/proposals/{deadline.number}", **said)


def tell_who_is_silent() -> int:
    """Ask authors once more for what was asked of them, after a week. Returns how many were looked at."""
    today = local(clock.now()).date()
    window = today - timedelta(days=REMINDED_AFTER_DAYS + LATE_DAYS), today - timedelta(days=REMINDED_AFTER_DAYS)
    looked_at, after = 0, 0
    while found := deliveries.silent(*window, after=after, limit=AT_ONCE):
        with use_case(None) as work:
            for silence in found:
                if deliveries.still_waits(silence):
                    operations.tell(work.session, recipients.one(silence.author_id), kind=NoticeKind.MY_PROPOSAL,
                                    about=f"proposal:{silence.proposal_id}", title=silence.title, at=work.at,
                                    step="completion_waits", url=f"/proposals/{silence.number}/completion",
                                    once=f"completion-waits:{silence.pause_id}")
        looked_at, after = looked_at + len(found), found[-1].pause_id
    return looked_at
