"""공감 for comments, and what many people at once do to the counts."""

from threading import Thread

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.comments import services
from civic_forum.comments.models import Comment, CommentSupport
from civic_forum.comments.rules import Stance
from civic_forum.kernel import clock
from civic_forum.kernel.audit import AuditEntry
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, Denied


def supports(comment):
    db.session.rollback()
    kept = db.session.scalar(sa.select(sa.func.count()).select_from(CommentSupport).filter_by(comment_id=comment.id))
    return kept, db.session.get(Comment, comment.id).support_count


def at_once(app, *acts):
    """Do all of it in threads of their own; what they raise is given back."""
    raised = []

    def run(act):
        with app.app_context():
            try:
                act()
            except Exception as error:
                raised.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_it_is_given_once_and_taken_back_once(square, people):
    comment = square.say(people.anna)
    services.support(comment.id, by=people.boram)
    services.support(comment.id, by=people.boram)
    services.support(comment.id, by=people.chan)
    assert supports(comment) == (2, 2)
    services.end_support(comment.id, by=people.boram)
    services.end_support(comment.id, by=people.boram)
    assert supports(comment) == (1, 1)
    trail = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert trail[1:] == ["comments.supported", "comments.supported", "comments.support_ended"]


def test_a_reply_is_supported_too(square, people):
    reply = square.answer(square.say(people.anna), people.boram)
    assert services.support(reply.id, by=people.anna).support_count == 1


def test_who_may_not(square, people, town):
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
    assert supports(comment) == (0, 0)


def test_fifty_clicks_of_one_user_count_once(app, square, people):
    comment = square.say(people.anna)
    assert at_once(app, *[lambda: services.support(comment.id, by=people.boram)] * 50) == []
    assert supports(comment) == (1, 1)


def test_supports_of_many_and_their_ends_leave_the_count_right(app, square, people, town):
    comment = square.say(people.anna)
    users = [town.user() for _ in range(12)]
    for user in users[:6]:
        services.support(comment.id, by=user)
    raised = at_once(app, *[lambda user=user: services.end_support(comment.id, by=user) for user in users[:6]],
                     *[lambda user=user: services.support(comment.id, by=user) for user in users[6:]])
    assert raised == [] and supports(comment) == (6, 6)


def test_thirty_comments_at_once_leave_the_counts_right(app, square, people, town):
    top = square.say(people.anna, stance=Stance.AGAINST)
    users = [town.user() for _ in range(10)]
    raised = at_once(
        app, *[lambda user=user: square.say(user, stance=Stance.FOR) for user in users],
        *[lambda user=user: square.say(user, stance=Stance.NOTE) for user in users],
        *[lambda user=user: square.answer(top, user) for user in users])
    thread = square.thread
    assert raised == []
    assert (thread.comment_count, thread.for_count, thread.against_count, thread.note_count) == (31, 10, 1, 10)


def test_one_form_sent_many_times_at_once_writes_one_comment(app, square, people):
    raised = at_once(app, *[lambda: square.say(people.anna, form_key="a" * 32)] * 10)
    assert all(isinstance(error, Conflict) for error in raised)
    assert square.thread.comment_count == 1


def test_deleting_many_times_at_once_counts_out_once(app, square, people):
    square.say(people.boram)
    comment = square.say(people.anna)
    raised = at_once(app, *[lambda: services.remove(comment.id, by=people.anna)] * 8)
    assert len(raised) == 7 and all(isinstance(error, Denied) for error in raised)
    assert square.thread.comment_count == 1
