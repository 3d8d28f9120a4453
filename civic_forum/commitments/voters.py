"""News for those who took part in the vote that chose what a commitment came from: noted by a job, because the marks of
participation join to no account without the keys, and no approval waits for that."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.ballots.rolls.queries import took_part
from civic_forum.platform.base import db, upsert
from civic_forum.platform.work import Work, use_case

from .queries import records as queries
from .models import CommitmentEntry, CommitmentNews


def note_news() -> int:
    """Note entries of which voters have still to hear; returns how many entries. Each in a transaction of its own:
    whoever stops begins it again, and doubles nobody."""
    waiting = sa.select(CommitmentEntry.id).where(CommitmentEntry.for_voters).order_by(CommitmentEntry.id)
    ids = db.session.scalars(waiting).all()
    for entry_id in ids:
        with use_case(None) as work:
            _note(work, work.session.get_one(CommitmentEntry, entry_id))
    return len(ids)


def _note(work: Work, entry: CommitmentEntry) -> None:
    boxes = sorted({box.id for origin in queries.origins(entry.commitment_id) if origin.decides and origin.record
                    for box in origin.decides.boxes_of(origin.record)})
    for users in took_part(boxes):
        if users:
            work.session.execute(upsert(CommitmentNews).on_conflict_do_nothing(), [
                {"user_id": user_id, "commitment_id": entry.commitment_id, "number": entry.number, "by_vote": True}
                for user_id in users])
    entry.for_voters = False


def forget(days: int) -> int:
    """Delete news that show that somebody took part in a vote and were told so many days ago; returns how many."""
    with use_case(None) as work:
        return work.session.execute(sa.delete(CommitmentNews).where(
            CommitmentNews.by_vote, CommitmentNews.told_at < work.at - timedelta(days=days))).rowcount
