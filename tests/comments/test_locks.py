"""Changes of a comment or its thread: each waits for whoever holds it, and decides by what was left."""

import pytest

from civic_forum.comments import services
from civic_forum.comments.models import Thread
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Refusal
from tests.racing import held, on_postgresql

pytestmark = on_postgresql


@pytest.fixture
def author(town):
    return town.resident()


@pytest.fixture
def remark(town, author):
    return services.write(town.proposal().thread_id, stance=Stance.NOTE, text="밤에 어두워요.", by=author)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("act, count", [
    (lambda remark, by: services.write(remark.thread_id, stance=Stance.NOTE, text="저도 그래요.", by=by), 8),
    (lambda remark, by: services.reply(remark.id, text="저도 그래요.", by=by), 8),
    (lambda remark, by: services.remove(remark.id, by=by), 6)], ids=["write", "reply", "remove"])
def test_comments_are_counted_from_what_the_thread_has_by_then(remark, author, act, count):
    thread = db.session.get(Thread, remark.thread_id)
    with held(thread, comment_count=7):
        act(remark, author)
    assert db.session.get(Thread, remark.thread_id, populate_existing=True).comment_count == count


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("act", [
    lambda remark, author, other: services.reply(remark.id, text="저도 그래요.", by=other),
    lambda remark, author, other: services.edit(remark.id, text="낮에도 어두워요.", by=author),
    lambda remark, author, other: services.support(remark.id, by=other)], ids=["reply", "edit", "support"])
def test_a_comment_hidden_meanwhile_is_left_alone(town, remark, author, act):
    other = town.resident()
    with held(remark, hidden_at=now(), hidden_rule="abuse"), pytest.raises(Refusal):
        act(remark, author, other)
