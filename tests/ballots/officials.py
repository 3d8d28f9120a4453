"""Two officials, and what a vote of the tests belongs to."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.ballots import subjects
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.services import confirmations, publication
from civic_forum.ballots.steps import opening
from civic_forum.kernel import clock
from civic_forum.kernel.base import db

DAY = timedelta(days=1)
COPIES = "복사본은 없어요."
EARLY = "큰비로 문을 열지 못해요."
KIND = "test"

subjects.register(subjects.Subject(
    kind=KIND, title=lambda box: opening.parts_of(box)["subject_title"], url=lambda box: f"/tests/{box.id.hex()}",
    definition=opening.parts_of, find=lambda name: db.session.scalar(
        sa.select(BallotBox).filter_by(subject=f"test:{name}").order_by(BallotBox.created_at, BallotBox.id).limit(1))))


def both(town):
    return town.moderator(), town.official()


def two_confirm(action, box_id, first, second, *, proposed=None, **facts):
    """One proposes, the other confirms; `proposed`: what is said to the proposal."""
    proposed = confirmations.propose(action, box_id, by=first, **proposed or {})
    if action is ConfirmedAction.CLOSE_EARLY:
        facts.setdefault("note", EARLY)
    return confirmations.confirm(proposed.id, by=second, **facts)


def type_draw(box_id, first, second):
    """The text that both type where the count waits for twenty dice."""
    faces = "123456" * 3 + "12"
    return two_confirm(ConfirmedAction.DRAW, box_id, first, second, note=faces, proposed={"note": faces})


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
