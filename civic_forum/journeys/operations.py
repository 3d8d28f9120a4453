"""Operations on a journey for other features, inside their own transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civic_forum.platform import hooks, plain_text
from civic_forum.platform.base import store

from .events import StepTaken
from .models import Journey, JourneyEntry

MOST_EVIDENCE = JourneyEntry.evidence.type.length


def start(session) -> Journey:
    """A journey without a step yet; its id is set."""
    return store(session, Journey())


def add(session, journey_id: int, step: str, *, at: datetime, evidence: str | None = None, link: str | None = None,
        once: str | None = None, details: dict | None = None) -> JourneyEntry:
    """Write a public step. A second one with the same `once` is silently the first.

    `link` is root-relative; of the evidence the first `MOST_EVIDENCE` characters are kept. The caller holds the lock of
    the thing whose journey it is.
    """
    if once is not None:
        known = session.scalar(sa.select(JourneyEntry).filter_by(journey_id=journey_id, once=once))
        if known is not None:
            return known
    evidence = evidence and plain_text.beginning(evidence, MOST_EVIDENCE)
    entry = store(session, JourneyEntry(journey_id=journey_id, step=step, at=at, evidence=evidence, link=link,
                                        once=once, details=details or {}))
    hooks.run(StepTaken(journey_id, entry.id), session)
    return entry


def add_to_all(session, journey_ids: Sequence[int], step: str, *, at: datetime) -> None:
    """Write the same public step into several journeys at once."""
    entries = [JourneyEntry(journey_id=journey_id, step=step, at=at, details={}) for journey_id in journey_ids]
    session.add_all(entries)
    session.flush()
    for entry in entries:
        hooks.run(StepTaken(entry.journey_id, entry.id), session)


def put_hidden(work, hidden: Mapping[Any, tuple[datetime, str] | None], facts: tuple[type, type]) -> None:
    """Hide things since a moment under a rule, or show them again (None); their states stay as they are, also on a
    ballot. A step of the journey says so, and one of the two `facts`. This transaction has locked them."""
    gone = [record for record, ruling in hidden.items() if ruling and record.hidden_at is None]
    back = [record for record, ruling in hidden.items() if not ruling and record.hidden_at is not None]
    for record, ruling in hidden.items():
        record.hidden_at, record.hidden_rule = ruling or (None, None)
    for fact, step, changed in zip(facts, ("hidden", "shown_again"), (gone, back), strict=True):
        if changed:
            add_to_all(work.session, [record.journey_id for record in changed if record.journey_id], step, at=work.at)
            work.emit(fact(tuple(record.id for record in changed)))


def take_back(session, journey_id: int, once: str) -> None:
    """Forget a step about something that not everybody reads any more."""
    session.execute(sa.delete(JourneyEntry).filter_by(journey_id=journey_id, once=once))


def end(session, journey_id: int) -> None:
    """Forget a journey whose owner is thrown away."""
    session.execute(sa.delete(JourneyEntry).filter_by(journey_id=journey_id))
    session.execute(sa.delete(Journey).filter_by(id=journey_id))
