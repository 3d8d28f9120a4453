"""공감 for comments, and what many people at once do to the counts."""

from threading import Thread

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import User
from civic_forum.comments import services
from civic_forum.comments.models import Comment, CommentSupport
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from tests.comments.test_writing import hide
from tests.running.turns import share


def supports(comment_id):
    """The number of rows, and the number that the comment says."""
    db.session.rollback()
    kept = sa.select(sa.func.count()).select_from(CommentSupport).filter_by(comment_id=comment_id)
    return db.session.scalar(kept), db.session.scalar(sa.select(Comment.support_count).filter_by(id=comment_id))


def at_once(app, *acts):
    """Let each (user id, act) happen in its own thread, by its own copy of the user; what they raise comes back."""
    raised = []

    def run(user_id, act):
        with app.app_context():
            try:
                act(db.session.get_one(User, user_id))
            except Exception as error:
                raised.append(error)

    threads = [Thread(target=run, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.both
def test_it_is_given_once_and_taken_back_once(square, people):
    comment = square.say(people.anna)
    services.support(comment.id, by=people.boram)
    services.support(comment.id, by=people.boram)
    services.support(comment.id, by=people.chan)
    assert supports(comment.id) == (2, 2)
    services.end_support(comment.id, by=people.boram)
    services.end_support(comment.id, by=people.boram)
    assert supports(comment.id) == (1, 1)
    trail = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert trail[1:] == ["comments.supported", "comments.supported", "comments.support_ended"]


def test_a_reply_is_supported_too(square, people):
    reply = square.answer(square.say(people.anna), people.boram)
    assert services.support(reply.id, by=people.anna).support_count == 1


def test_people_without_the_right(square, people, town):
    comment = square.say(people.anna)
    for actor, why in ((people.anna, "자기 댓글"), (AnonymousUserMixin(), "로그인"),
                       (town.user(blocked_at=clock.now()), "제한된")):
        with pytest.raises(Denied, match=why):
            services.support(comment.id, by=actor)
    square.why_not_write = "거둔 제안이에요."
    for act in (services.support, services.end_support):
        with pytest.raises(Denied, match="거둔"):
            act(comment.id, by=people.boram)
    square.why_not_write = None
    services.remove(comment.id, by=people.anna)
    with pytest.raises(Denied, match="지우거나"):
        services.support(comment.id, by=people.boram)
    assert supports(comment.id) == (0, 0)


def test_fifty_clicks_of_one_user_count_once(app, square, people):
    comment, user_id = square.say(people.anna).id, people.boram.id
    assert at_once(app, *[(user_id, lambda user: services.support(comment, by=user))] * 50) == []
    assert supports(comment) == (1, 1)


def test_supports_of_many_and_their_ends_leave_the_count_right(app, square, people, town):
    comment, users = square.say(people.anna).id, [town.user() for _ in range(12)]
    for user in users[:6]:
        services.support(comment, by=user)
    ids = [user.id for user in users]
    raised = at_once(app, *[(user_id, lambda user: services.end_support(comment, by=user)) for user_id in ids[:6]],
                     *[(user_id, lambda user: services.support(comment, by=user)) for user_id in ids[6:]])
    assert raised == [] and supports(comment) == (6, 6)


@pytest.mark.in_turns(of=5)
def test_thirty_comments_at_once_leave_the_counts_right(app, square, people, town):
    top, ids = square.say(people.anna, stance=Stance.AGAINST).id, [town.user().id for _ in range(10)]
    raised = at_once(
        app, *[(user_id, lambda user: square.say(user, stance=Stance.FOR)) for user_id in ids],
        *[(user_id, lambda user: square.say(user, stance=Stance.NOTE)) for user_id in ids],
        *[(user_id, lambda user: services.reply(top, text="저도 그래요.", by=user)) for user_id in ids])
    thread = square.thread
    assert raised == []
    assert (thread.comment_count, thread.for_count, thread.against_count, thread.note_count) == (31, 10, 1, 10)


def test_one_form_sent_many_times_at_once_writes_one_comment(app, square, people):
    raised = at_once(app, *[(people.anna.id, lambda user: square.say(user, form_key="a" * 32))] * 10)
    assert all(isinstance(error, Conflict) for error in raised)
    assert square.thread.comment_count == 1


def test_deleting_many_times_at_once_counts_out_once(app, square, people):
    square.say(people.boram)
    comment = square.say(people.anna).id
    raised = at_once(app, *[(people.anna.id, lambda user: services.remove(comment, by=user))] * 8)
    assert len(raised) == 7 and all(isinstance(error, Denied) for error in raised)
    assert square.thread.comment_count == 1


ACTS = st.lists(st.tuples(st.sampled_from(["say", "answer", "edit", "remove", "hide", "support", "end"]),
                          st.integers(0, 5), st.integers(0, 2), st.sampled_from(list(Stance))), max_size=25)


@pytest.mark.both
@settings(max_examples=share(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_counts_say_what_is_there_whatever_people_do(square, people, acts):
    users, said = [people.anna, people.boram, people.chan], []
    for act, which, who, stance in acts:
        comment, user = said[which % len(said)] if said else None, users[who]
        try:
            if act == "say":
                said.append(square.say(user, stance=stance))
            elif comment and act == "answer":
                said.append(square.answer(comment, user))
            elif comment:
                {"edit": lambda: services.edit(comment.id, text="새 글", stance=stance, by=user),
                 "remove": lambda: services.remove(comment.id, by=user), "hide": lambda: hide(comment),
                 "support": lambda: services.support(comment.id, by=user),
                 "end": lambda: services.end_support(comment.id, by=user)}[act]()
        except Denied:
            continue
    db.session.rollback()
    rows = db.session.scalars(sa.select(Comment).filter_by(thread_id=square.thread_id)
                              .execution_options(populate_existing=True)).all()
    there = [row for row in rows if row.is_shown]
    tops = [row.stance for row in there if row.parent_id is None]
    thread = square.thread
    assert (thread.comment_count, thread.for_count, thread.against_count, thread.note_count) == (
        len(there), *map(tops.count, (Stance.FOR, Stance.AGAINST, Stance.NOTE)))
    for row in rows:
        assert supports(row.id) == (row.support_count,) * 2
    db.session.execute(sa.delete(CommentSupport))
    db.session.execute(sa.delete(Comment).where(Comment.parent_id.is_not(None)))
    db.session.execute(sa.delete(Comment))
    thread.comment_count = thread.for_count = thread.against_count = thread.note_count = 0
    db.session.commit()
