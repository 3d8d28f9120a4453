"""Many at once: a poll is made once, edited by one, and what was opened is what the poll says."""

import pytest
import sqlalchemy as sa

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.operations import defined
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.polls import process
from civic_forum.polls.definition import definition
from civic_forum.polls.models import Option, Poll
from civic_forum.polls.parts import OptionText, Terms
from civic_forum.polls import services as making
from tests.common import user
from tests.racing import all_at_once

from .making import entry, poll, prepared, unannounced, voter

pytestmark = pytest.mark.both


def refused(answers):
    return [answer for answer in answers if isinstance(answer, Refusal)]


def test_an_address_is_taken_by_one(town, app):
    moderator = town.moderator().id
    given = entry(slug="lot")
    db.session.rollback()
    answers = all_at_once(app, *[lambda: making.create(given, by=user(moderator)).id] * 8)
    assert len(refused(answers)) == 7 and {one.status for one in refused(answers)} == {409}
    assert db.session.scalar(sa.select(sa.func.count(Option.id))) == 3


def test_of_several_editors_with_the_same_page_one_is_heard(town, app):
    made, moderator = unannounced(town).id, town.moderator().id
    db.session.rollback()
    answers = all_at_once(app, *[
        lambda text=f"{n}번 글": process.add_option(made, OptionText(text), version=1, by=user(moderator)).id
        for n in range(8)])
    assert len(refused(answers)) == 7
    found = db.session.get(Poll, made, populate_existing=True)
    assert [one.number for one in found.options] == [1, 2, 3, 4] and found.version == 2


def test_a_box_is_made_once(town, app):
    for _one in range(10):
        voter(town)
    made, moderator = poll(town).id, town.moderator().id
    db.session.rollback()
    answers = all_at_once(app, *[lambda: process.prepare(made, by=user(moderator)).box_id] * 6)
    assert not refused(answers) and len(set(answers)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotBox)) == 1


@pytest.mark.parametrize("turn", range(4))
def test_an_edit_in_the_moment_of_the_opening_never_changes_what_was_opened(town, app, turn):
    made = prepared(town)
    proposed = confirmations.propose(ConfirmedAction.OPEN, made.box_id, by=town.official()).id
    poll_id, box_id, version, kind = made.id, made.box_id, made.version, made.kind
    moderators = [town.moderator().id, town.moderator().id]
    db.session.rollback()
    edited, confirmed = all_at_once(
        app, lambda: process.PROCESS.write(poll_id, Terms(kind, binding="다른 약속"), version=version,
                                           by=user(moderators[0])).id,
        lambda: confirmations.confirm(proposed, by=user(moderators[1])).id)
    assert len(refused([edited, confirmed])) == 1
    db.session.rollback()
    box, found = db.session.get(BallotBox, box_id, populate_existing=True), db.session.get(Poll, poll_id)
    assert defined(box, definition(found)).decode() == box.definition
    assert (box.opened_at is not None) == (found.binding != "다른 약속")
