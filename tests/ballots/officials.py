"""Two officials, and what a vote of the tests belongs to."""

from datetime import timedelta

from civic_forum.ballots import subjects
from civic_forum.ballots.queries import boxes
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.services import confirmations, publication
from civic_forum.ballots.steps import opening
from civic_forum.kernel import clock
from civic_forum.kernel.base import db

DAY = timedelta(days=1)
COPIES = "복사본은 없어요."
KIND = "test"

subjects.register(subjects.Subject(
    kind=KIND, title=lambda box: opening.parts_of(box)["subject_title"], url=lambda box: f"/tests/{box.id.hex()}",
    definition=opening.parts_of, find=lambda name: next(iter(boxes.by_subject(f"test:{name}")), None)))


def both(town):
    return town.moderator(), town.official()


def two_confirm(action, box_id, first, second, **facts):
    """One proposes, the other confirms."""
    proposed = confirmations.propose(action, box_id, by=first)
    return confirmations.confirm(proposed.id, by=second, **facts)


def after(seconds):
    clock.shift(clock.offset_seconds() + int(seconds))
    db.session.rollback()


def bring_to_publication(box_id, first, second):
    """The way that two officials go by hand."""
    publication.advance(box_id, by=first)
    publication.advance(box_id, copies=COPIES, by=second)
    publication.advance(box_id, by=first)


OPEN, CLOSE_EARLY = ConfirmedAction.OPEN, ConfirmedAction.CLOSE_EARLY
EXPORT_KEY, DESTROY_KEY, PUBLISH = ConfirmedAction.EXPORT_KEY, ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH
