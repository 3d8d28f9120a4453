"""Rights about comments, asked of the permissions themselves: no role opens what is closed."""

from datetime import timedelta

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.platform import clock, policy
from civic_forum.platform.base import db

OF_COMMENT = ("reply", "edit", "remove", "support")
OWN, OF_OTHERS = {"reply", "edit", "remove"}, {"reply", "support"}


@pytest.fixture
def cast(town):
    now = clock.now()
    return {"visitor": AnonymousUserMixin(), "user": town.user(), "author": town.user(),
            "muted": town.user(muted_until=now + timedelta(days=1)), "blocked": town.user(blocked_at=now),
            "moderator": town.moderator(), "official": town.official(), "administrator": town.administrator()}


def may(cast, comment):
    """For each of the cast what they may, of a thread and of a comment in it."""
    return {who: {name for name in ("read", "write") if policy.can(actor, f"comments.{name}", comment.thread)}
            | {name for name in OF_COMMENT if policy.can(actor, f"comments.{name}", comment)}
            for who, actor in cast.items()}


def everybody(cast, *, others, **somebody):
    return {who: others | {"read"} for who in cast} | {who: what | {"read"} for who, what in somebody.items()}


def test_an_open_thread(square, cast):
    comment = square.say(cast["author"])
    assert may(cast, comment) == everybody(
        cast, others=OF_OTHERS | {"write"}, author=OWN | {"write"}, muted={"support"}, visitor=set(), blocked=set())


def test_a_closed_thread_is_read_by_all_and_written_in_by_nobody(square, cast):
    comment = square.say(cast["author"])
    square.why_not_write = "closed"
    assert may(cast, comment) == everybody(cast, others=set(), author={"remove"})


def test_nobody_writes_in_a_thread_that_nobody_may_read(square, cast):
    comment = square.say(cast["author"])
    square.why_not_read = "secret"
    assert may(cast, comment) == {who: {"remove"} if who == "author" else set() for who in cast}


def test_a_hidden_comment_is_neither_answered_nor_supported_nor_changed(square, cast):
    comment = square.say(cast["author"])
    comment.hidden_at = clock.now()
    db.session.flush()
    assert may(cast, comment) == everybody(
        cast, others={"write"}, author={"write", "remove"}, muted=set(), visitor=set(), blocked=set())
