"""Two officials, and what a vote of the tests belongs to."""

import json
from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.services import profile as second_factor
from civic_forum.ballots import operations as opening
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import backups as backup_list
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.observing import sample as sample_observers
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.strikes import services as strikes
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.voted import Votable
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Kind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from tests.accounts.people import PASSWORD
from tests.factories import Town

FIRST, SECOND = "솜사탕 마흔둘 우산 개울", "계단 참외 이백 노을 모래"
"""The phrases of two officials."""
DAY = timedelta(days=1)
COPIES = "복사본은 없어요."
EARLY = "큰비로 문을 열지 못해요."
WORDS = {ConfirmedAction.CLOSE_EARLY: EARLY, ConfirmedAction.DESTROY_KEY: COPIES}
KIND = "test"
OPEN, CLOSE_EARLY = ConfirmedAction.OPEN, ConfirmedAction.CLOSE_EARLY
EXPORT_KEY, DESTROY_KEY, PUBLISH = ConfirmedAction.EXPORT_KEY, ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH

def voted_kind(name=KIND, **voted):
    """A kind of thing that is nothing but its box, with these functions of `Votable`."""
    return Kind(
        name, BallotBox, label="시험", title=lambda box: opening.parts_of(box)["subject_title"],
        url=lambda box: f"/tests/{box.id.hex()}", why_not_read=lambda _actor, _box: None, missing=NotFound,
        named=lambda subject: db.session.scalar(sa.select(BallotBox).filter_by(subject=f"{name}:{subject}").order_by(
            BallotBox.created_at, BallotBox.id).limit(1)),
        capabilities=(Votable(**{"record": lambda box: box, "box": lambda box: box, "definition": opening.parts_of}
                            | voted),))


def vote_so(monkeypatch, name=KIND, **voted):
    """Let boxes of this kind of thing be voted on so."""
    monkeypatch.setitem(kinds._kinds, name, voted_kind(name, **voted))


kinds.register(voted_kind())


def both(town):
    return town.moderator(), town.official()


SEEDS = {signing.public_key(seed): seed
         for seed in (*sample_observers.SEEDS, *(bytes([one]) * 32 for one in range(10)))}
"""Of the observers of a marked sample, and of those of the tests, by their public keys."""


def observers_sign(box_id):
    """Everybody who was named agrees with the record that is written."""
    box = boxes.by_id(box_id)
    about = box.fingerprint, observed.result_sha256(box), box.observers_sha256
    signed = [sample_observers.statement(SEEDS[one.key], *about).to_json() for one in observed.observers(box)]
    observing.take(box_id, json.dumps(signed).encode(), by=None)


def with_codes(user):
    """The same user, whose password is PASSWORD, with a second factor."""
    second_factor.begin(PASSWORD, by=user)
    user.totp_confirmed_at = clock.now()
    db.session.commit()
    return user


def two_confirm(action, box_id, first, second, *, note=None, typed=None):
    """One proposes, with the words that the action asks for; the other confirms. `typed`: by the other one too.
    Observers sign before the key goes."""
    if action is ConfirmedAction.DESTROY_KEY:
        observers_sign(box_id)
    proposed = confirmations.propose(action, box_id, note=note or WORDS.get(action), by=first)
    return confirmations.confirm(proposed.id, note=typed, by=second)


def two_destroy(box_id, first=None, second=None):
    """The record is written; two officials, anybody if none are given, have the box emptied and its key destroyed."""
    if first is None:
        first, second = both(Town())
    publication.carry_on(box_id, by=None)
    if left := backup_list.left(box_id):
        publication.say_backups_gone(box_id, left, by=first)
    two_confirm(DESTROY_KEY, box_id, first, second)
    publication.carry_on(box_id, by=None)


def copy_key(box_id, first, second):
    """The sealed copy that two officials made."""
    key_copies.propose(box_id, FIRST, by=first)
    return key_copies.confirm(box_id, SECOND, by=second)


def strike(box_id, person, first, second, reason="다른 구로 이사했어요", **whom):
    """Two officials strike somebody from the roll of an opened vote."""
    return strikes.confirm(strikes.propose(box_id, person, reason, by=first, **whom).id, by=second)


def type_draw(box_id, first, second):
    """The text that both type where the count waits for twenty dice."""
    faces = "123456" * 3 + "12"
    return two_confirm(ConfirmedAction.DRAW, box_id, first, second, note=faces, typed=faces)


def after(seconds):
    clock.shift(clock.offset_seconds() + int(seconds))
    db.session.rollback()


def bring_to_publication(box_id, first, second):
    """The way that two officials go by hand."""
    publication.carry_on(box_id, by=first)
    observers_sign(box_id)
    publication.advance(box_id, copies=COPIES, by=first)
    publication.advance(box_id, by=second)
    publication.advance(box_id, by=first)
