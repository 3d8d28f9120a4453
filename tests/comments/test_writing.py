"""Writing, answering, editing and deleting: who may, and what it leaves behind."""

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.comments import operations, services
from civic_forum.comments.models import Comment
from civic_forum.comments.queries import records
from civic_forum.comments.rules import LONGEST, Stance
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from civic_forum.search.models import Entry
from tests.factories import MAY


def trail():
    return db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()


def found():
    return db.session.execute(sa.select(Entry.ref_id, Entry.body).filter_by(kind="comment")).all()


def counts(square):
    thread = square.thread
    return thread.comment_count, thread.for_count, thread.against_count, thread.note_count


class TestWriting:
    @pytest.mark.both
    def test_a_comment_is_kept_rendered_counted_indexed_and_audited(self, square, people):
        comment = square.say(people.anna, "**벤치**가 필요해요.", Stance.FOR)
        assert (comment.source, comment.html) == ("**벤치**가 필요해요.", "<p><strong>벤치</strong>가 필요해요.</p>")
        assert counts(square) == (1, 1, 0, 0)
        assert found() == [(comment.id, "벤치가 필요해요.")]
        assert trail() == ["comments.written"]

    def test_the_audit_holds_no_text(self, square, people):
        square.say(people.anna, "은밀한 이야기")
        entry = db.session.scalars(sa.select(AuditEntry)).one()
        assert "은밀" not in f"{entry.subject}{entry.details}"

    def test_the_second_click_gives_the_comment_of_the_first(self, square, people):
        first = square.say(people.anna, form_key="0" * 32)
        assert square.say(people.anna, "다른 글", form_key="0" * 32).id == first.id
        assert counts(square)[0] == 1

    def test_one_key_in_the_hands_of_two_people_makes_two_comments(self, square, people):
        square.say(people.anna, form_key="0" * 32)
        square.say(people.boram, form_key="0" * 32)
        assert counts(square)[0] == 2

    @pytest.mark.parametrize("text", ["", "   \n ", "\u202e\x00", "가" * (LONGEST + 1), "[](https://example.org)"])
    def test_a_text_that_is_empty_or_too_long_is_refused_at_its_field(self, square, people, text):
        with pytest.raises(Refusal) as refusal:
            square.say(people.anna, text)
        assert refusal.value.status == 422 and refusal.value.field == "text"
        assert counts(square) == (0, 0, 0, 0)

    def test_the_longest_text_is_taken(self, square, people):
        assert len(square.say(people.anna, "가" * LONGEST).source) == LONGEST

    def test_a_thing_that_may_not_be_read_is_not_there(self, square, people):
        comment = square.say(people.anna)
        square.why_not_read = "아직 공개하지 않았어요."
        for act in (lambda: square.say(people.anna), lambda: square.answer(comment, people.boram),
                    lambda: services.support(comment.id, by=people.boram),
                    lambda: services.edit(comment.id, text="글", by=people.anna)):
            with pytest.raises(NotFound):
                act()

    def test_an_official_speaks_for_the_department_and_a_moderator_as_one(self, square, town):
        official, moderator = town.official(), town.moderator()
        assert square.say(official).department_id == town.department().id
        written = square.say(moderator)
        assert written.as_moderator and written.department_id is None


class TestAnswering:
    def test_a_reply_counts_as_a_comment_but_takes_no_side(self, square, people):
        reply = square.answer(square.say(people.anna), people.boram)
        assert reply.stance is Stance.NOTE
        assert counts(square) == (2, 1, 0, 0)

    def test_a_reply_has_no_replies(self, square, people):
        reply = square.answer(square.say(people.anna), people.boram)
        with pytest.raises(Denied, match="답글에는"):
            square.answer(reply, people.chan)

    def test_an_unknown_comment_is_not_there(self, square, people):
        with pytest.raises(NotFound):
            services.reply(4711, text="글", by=people.anna)


class TestEditing:
    @pytest.mark.parametrize("minutes, may", [(0, True), (9.99, True), (10, False), (600, False)])
    def test_the_author_edits_for_ten_minutes(self, square, people, at, clock_at, minutes, may):
        at(MAY)
        comment = square.say(people.anna)
        clock_at(MAY, minutes=minutes)
        if not may:
            with pytest.raises(Denied, match="10분"):
                services.edit(comment.id, text="새 글", by=people.anna)
            return
        edited = services.edit(comment.id, text="새 글", by=people.anna)
        assert (edited.source, edited.html, edited.edited_at) == ("새 글", "<p>새 글</p>", clock.now())
        assert found() == [(comment.id, "새 글")]
        assert trail() == ["comments.written", "comments.edited"]

    def test_a_mistaken_stance_is_put_right_and_counted_anew(self, square, people):
        comment = square.say(people.anna, stance=Stance.FOR)
        services.edit(comment.id, text=comment.source, stance=Stance.AGAINST, by=people.anna)
        assert counts(square) == (1, 0, 1, 0)

    def test_a_reply_never_takes_a_side(self, square, people):
        reply = square.answer(square.say(people.anna), people.boram)
        services.edit(reply.id, text="새 글", stance=Stance.AGAINST, by=people.boram)
        assert counts(square) == (2, 1, 0, 0)

    def test_without_a_change_nothing_is_marked(self, square, people):
        comment = square.say(people.anna)
        assert services.edit(comment.id, text=comment.source, by=people.anna).edited_at is None
        assert trail() == ["comments.written"]

    def test_nobody_edits_what_somebody_else_wrote(self, square, people, town):
        comment = square.say(people.anna)
        for other in (people.boram, town.moderator(), town.administrator()):
            with pytest.raises(Denied, match="글쓴이만"):
                services.edit(comment.id, text="새 글", by=other)


class TestDeleting:
    def test_the_text_is_gone_from_row_and_index_and_the_replies_stay(self, square, people):
        comment = square.say(people.anna, "지울 이야기")
        reply = square.answer(comment, people.boram)
        services.remove(comment.id, by=people.anna)
        db.session.rollback()
        row = db.session.get(Comment, comment.id)
        assert (row.source, row.html) == ("", "") and row.deleted_at
        assert found() == [(reply.id, "저도 그래요.")]
        assert counts(square) == (1, 0, 0, 0)

    def test_it_is_done_once_and_by_the_author_alone(self, square, people, town):
        comment = square.say(people.anna)
        for other in (people.boram, town.moderator(), AnonymousUserMixin()):
            with pytest.raises(Denied):
                services.remove(comment.id, by=other)
        services.remove(comment.id, by=people.anna)
        with pytest.raises(Denied, match="이미"):
            services.remove(comment.id, by=people.anna)
        assert counts(square)[0] == 0

    def test_also_after_the_thread_was_closed(self, square, people):
        comment = square.say(people.anna)
        square.why_not_write = "거둔 제안이에요."
        services.remove(comment.id, by=people.anna)
        assert counts(square)[0] == 0

    def test_deleting_a_hidden_comment_does_not_count_it_out_twice(self, square, people):
        square.say(people.boram)
        comment = square.say(people.anna)
        hide(comment)
        services.remove(comment.id, by=people.anna)
        assert counts(square) == (1, 1, 0, 0)


def hide(comment):
    """As moderation will: out of the counts, the text stays."""
    with use_case(None) as work:
        thread = records.locked_thread(comment.thread_id, AnonymousUserMixin())
        row = records.locked(comment.id)
        if row.is_shown:
            operations.count(thread, row, -1)
        row.hidden_at, row.hidden_rule = work.at, "abuse"
