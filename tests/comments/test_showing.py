"""The section below a page: orders, filters, pages, and what is shown of whom."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.comments import services
from civic_forum.comments.queries import sections
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import ON_A_PAGE, REPLIES_SHOWN, Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid
from tests.comments.test_writing import hide
from tests.factories import MAY


def texts(section):
    return [[row.html.removeprefix("<p>").removesuffix("</p>") for row in one.rows] for one in section.comments]


def many(square, author, count, **facts):
    """Rows without the services: comments one minute apart since May."""
    db.session.execute(sa.insert(Comment), [
        {"thread_id": square.thread_id, "author_id": author.id, "stance": Stance.NOTE, "source": str(n),
         "html": f"<p>{n}</p>", "at": MAY + timedelta(minutes=n), "support_count": n % 7} | facts
        for n in range(count)])
    db.session.execute(sa.update(Thread).values(comment_count=Thread.comment_count + count))
    db.session.commit()


def walk(square, **query):
    """All pages of a thread, from `after` to `after`."""
    after, pages = None, []
    while True:
        section = square.section(after=after, **query)
        pages.append(section)
        after = section.after
        if after is None:
            return pages


class TestOrder:
    @pytest.fixture
    def three(self, square, people, at):
        made = []
        for n, text in enumerate(("첫째", "둘째", "셋째")):
            at(MAY + timedelta(minutes=n))
            made.append(square.say(people.anna, text, list(Stance)[n]))
        square.answer(made[0], people.boram, "답글")
        services.support(made[1].id, by=people.boram)
        return made

    def test_the_oldest_stand_first_unless_asked_otherwise(self, square, three):
        assert texts(square.section()) == [["첫째", "답글"], ["둘째"], ["셋째"]]
        assert texts(square.section(order="newest")) == [["셋째"], ["둘째"], ["첫째", "답글"]]
        assert texts(square.section(order="supported")) == [["둘째"], ["첫째", "답글"], ["셋째"]]

    def test_a_stance_is_picked_with_its_replies(self, square, three, people):
        assert texts(square.section(stance="for")) == [["첫째", "답글"]]
        assert texts(square.section(stance="note")) == [["셋째"]]
        services.remove(three[1].id, by=people.anna)
        assert texts(square.section(stance="against")) == []

    @pytest.mark.parametrize("query", [{"order": "best"}, {"stance": "maybe"}, {"after": "abc"}, {"after": "\x00"},
                                       {"order": "supported", "after": "WyJhIiwxXQ"}, {"after": "WyJhIiwxXQ"},
                                       {"after": "WyIyMDMwLTA1LTAxVDAwOjAwIiwxXQ"}])
    def test_an_unknown_value_is_refused(self, square, query):
        with pytest.raises(Invalid):
            square.section(**query)


class TestPages:
    @pytest.mark.both
    @pytest.mark.parametrize("order", ["oldest", "newest", "supported"])
    def test_every_comment_stands_on_exactly_one_page(self, square, people, order):
        many(square, people.anna, 2 * ON_A_PAGE + 30)
        pages = walk(square, order=order)
        seen = [one.rows[0].id for page in pages for one in page.comments]
        assert len(pages) == 3 and len(seen) == len(set(seen)) == 2 * ON_A_PAGE + 30
        assert [len(page.comments) for page in pages] == [ON_A_PAGE, ON_A_PAGE, 30]
        assert [page.is_first_page for page in pages] == [True, False, False]

    def test_replies_fill_pages_as_well_and_stay_with_their_comment(self, square, people):
        many(square, people.anna, 40)
        tops = db.session.scalars(sa.select(Comment.id).order_by(Comment.id)).all()
        for top in tops:
            many(square, people.boram, 9, parent_id=top)
        pages = walk(square)
        assert [len(page.comments) for page in pages] == [20, 20]
        assert all(len(one.rows) == 10 and not one.has_more for page in pages for one in page.comments)

    @pytest.mark.both
    def test_of_a_crowd_of_replies_the_first_are_shown_and_the_rest_on_a_page_of_their_own(self, square, people):
        comment = square.say(people.anna)
        many(square, people.boram, ON_A_PAGE + 60, parent_id=comment.id)
        shown, = square.section().comments
        assert len(shown.rows) == 1 + REPLIES_SHOWN and shown.has_more
        first = sections.replies(comment, people.anna)
        second = sections.replies(comment, people.anna, first.after)
        assert [len(page.comments[0].rows) for page in (first, second)] == [1 + ON_A_PAGE, 1 + 60]
        assert second.after is None and second.comments[0].rows[0].id == comment.id

    @pytest.mark.both
    def test_the_way_to_a_comment_leads_to_its_page(self, square, people, browse):
        many(square, people.anna, ON_A_PAGE + 50)
        last = db.session.scalars(sa.select(Comment).order_by(Comment.at.desc())).first()
        location = browse().get(f"/comments/{last.id}").location
        after = location.split("after=")[1].split("#")[0]
        assert location.startswith("/squares/7?after=") and location.endswith(f"#comment-{last.id}")
        assert square.section(after=after).comments[0].rows[0].id == last.id

    def test_on_a_short_thread_it_leads_to_the_page_itself(self, square, people, browse):
        reply = square.answer(square.say(people.anna), people.boram)
        assert browse().get(f"/comments/{reply.id}").location == f"/squares/7?order=oldest#comment-{reply.id}"

    @pytest.mark.parametrize("signed_in", [False, True])
    def test_a_section_costs_few_queries_and_fewer_when_it_is_kept(self, square, people, queries, at, signed_in):
        """The thread and the versions of the tables; the comments, and what this reader supports, once."""
        at(clock.now())
        many(square, people.anna, 50)
        viewer = people.boram if signed_in else None
        db.session.rollback()
        if viewer:
            db.session.refresh(viewer)  # as somebody who is signed in has been read already
        with queries() as seen:
            square.section(viewer)
        with queries() as seen_again:
            square.section(viewer)
        assert len(seen) == 3 + signed_in and len(seen_again) == 1

    def test_of_a_thread_no_page_but_the_first_is_kept(self, app, square, people):
        """An address can name any place of it, and what is kept would grow with what strangers ask for."""
        many(square, people.anna, ON_A_PAGE + 1)
        kept = app.extensions["sections"].kept
        kept.clear()
        assert len(walk(square)) == 2 and len(kept) == 2, "that, and the one by which the strongest are found"


class TestLook:
    def test_an_empty_thread_says_so_and_invites(self, square, shown):
        page = shown()
        assert "아직 댓글이 없어요." in page and page.count('name="stance"') == 3
        assert 'name="csrf_token" value=""' in page and 'name="form_key" value=""' in page

    def test_nothing_is_ticked_beforehand(self, square, people, shown):
        page = shown(people.anna)
        assert page.count('name="stance"') == 3 and "checked" not in page and 'name="form_key"' in page

    def test_a_closed_thread_says_why_and_takes_nothing(self, square, people, shown):
        square.say(people.anna)
        square.why_not_write = "거둔 제안이에요."
        for page in (shown(people.boram), shown()):
            assert "거둔 제안이에요." in page and "<textarea" not in page
            assert "/supports" not in page and "/replies/new" not in page and "/sign-in" not in page

    @pytest.mark.both
    def test_a_text_is_shown_with_stance_name_and_count(self, square, people, shown):
        comment = square.say(people.anna, "<script>window.__pwned(1)</script> **굵게**", Stance.AGAINST)
        services.support(comment.id, by=people.boram)
        page = shown()
        assert f'id="comment-{comment.id}"' in page and "반대" in page and "은행나무길" in page
        assert "<script>" not in page and "<strong>굵게</strong>" in page and "공감 <b>1</b>" in page

    def test_a_nickname_is_escaped(self, square, town, shown):
        square.say(town.user(nickname="<img src=x onerror=alert(1)>"))
        page = shown()
        assert "&lt;img src=x" in page and "<img" not in page

    def test_everybody_gets_the_buttons_that_are_theirs(self, square, people, shown):
        comment = square.say(people.anna)
        own, other, stranger = shown(people.anna), shown(people.boram), shown()
        support, edit, removal = (f"/comments/{comment.id}/{what}" for what in ("supports", "edit", "removal"))
        assert edit in own and removal in own and support not in own and "/reports/new" not in own
        assert support in other and edit not in other and removal not in other and "/reports/new" in other
        assert support not in stranger and edit not in stranger and "/replies/new" in stranger
        services.support(comment.id, by=people.boram)
        assert 'aria-pressed="true"' in shown(people.boram) and "공감했어요" in shown(people.boram)

    def test_after_ten_minutes_there_is_no_edit_button(self, square, people, shown, at):
        at(MAY)
        square.say(people.anna)
        assert "/edit" in shown(people.anna)
        at(MAY + timedelta(minutes=10))
        assert "/edit" not in shown(people.anna)

    def test_deleting_leaves_a_trace(self, square, people, shown):
        comment = square.say(people.anna, "지울 이야기")
        square.answer(comment, people.boram, "남을 답글")
        services.remove(comment.id, by=people.anna)
        page = shown()
        assert "글쓴이가 지운 댓글이에요" in page and "남을 답글" in page
        assert "지울 이야기" not in page and "은행나무길" not in page

    def test_a_hidden_comment_shows_the_rule_and_neither_text_nor_name(self, square, people, shown):
        comment = square.say(people.anna, "나쁜 말")
        hide(comment)
        page = shown()
        assert "운영 원칙에 따라 가린 댓글" in page and "욕설·비방" in page
        assert "나쁜 말" not in page and "은행나무길" not in page

    def test_officials_speak_for_their_department(self, square, town, shown):
        square.say(town.official(nickname="김주무관"))
        page = shown()
        assert "교통행정과" in page and "담당 부서" in page and "김주무관" not in page

    def test_somebody_who_has_left_is_called_so(self, square, people, shown):
        square.say(people.anna, "남는 글")
        people.anna.nickname = None
        db.session.commit()
        assert "탈퇴한 회원" in shown() and "남는 글" in shown()

    @pytest.mark.both
    def test_orders_and_filters_keep_one_another(self, square, people, shown):
        square.say(people.anna)
        page = shown(order="newest", stance="for")
        assert "?stance=against&amp;order=newest#comments" in page
        assert "?order=supported&amp;stance=for#comments" in page
        assert "조건에 맞는 댓글이 없어요." in shown(stance="against")
