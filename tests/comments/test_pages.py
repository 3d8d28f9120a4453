"""The pages and actions of comments, as a browser without JavaScript meets them."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks.kinds import Searched
from civic_forum.comments import services
from civic_forum.comments.kinds import COMMENT
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import LONGEST
from civic_forum.platform.base import db

KEY = "0123456789abcdef" * 2


def written():
    db.session.rollback()
    found = sa.select(Comment).order_by(Comment.id).execution_options(populate_existing=True)
    return db.session.scalars(found).all()


class TestWriting:
    @pytest.mark.both
    def test_a_comment_is_written_and_the_browser_returns_to_it(self, square, people, browse):
        answer = browse(people.anna).post(f"/threads/{square.thread_id}/comments", data={
            "stance": "for", "text": "벤치가 필요해요.", "form_key": KEY})
        comment, = written()
        assert (answer.status_code, answer.location) == (303, f"/squares/7?order=oldest#comment-{comment.id}")
        assert comment.form_key == KEY

    def test_two_clicks_land_on_the_same_comment(self, square, people, browse):
        browser, data = browse(people.anna), {"stance": "for", "text": "벤치가 필요해요.", "form_key": KEY}
        answers = [browser.post(f"/threads/{square.thread_id}/comments", data=data) for _ in range(2)]
        assert answers[0].location == answers[1].location and len(written()) == 1

    @pytest.mark.parametrize("wrong, sentence", [
        ({"stance": ""}, "하나를 골라 주세요"), ({"stance": "maybe"}, "하나를 골라 주세요"),
        ({"text": ""}, "내용을 적어 주세요"), ({"text": "가" * (LONGEST + 1)}, "2,000자까지"),
        ({"text": "\u202e\x00 "}, "내용을 적어 주세요")])
    def test_a_refused_comment_comes_back_with_what_was_typed(self, square, people, browse, wrong, sentence):
        data = {"stance": "against", "text": "남아야 할 글", "form_key": KEY} | wrong
        page = browse(people.anna).post(f"/threads/{square.thread_id}/comments", data=data)
        assert page.status_code == 422 and sentence in page.text and written() == []
        assert ("남아야 할 글" in page.text) is ("text" not in wrong)
        assert bool(re.search(r'<input checked [^>]*value="against"', page.text)) is ("stance" not in wrong)

    def test_a_closed_thread_gives_the_text_back(self, square, people, browse):
        square.why_not_write = "거둔 제안이에요."
        page = browse(people.anna).post(f"/threads/{square.thread_id}/comments", data={"stance": "for", "text": "아깝다"})
        assert page.status_code == 403 and "거둔 제안이에요." in page.text and "아깝다" in page.text

    def test_a_key_that_is_none_is_replaced(self, square, people, browse):
        page = browse(people.anna).post(f"/threads/{square.thread_id}/comments", data={
            "stance": "for", "text": "글", "form_key": "x" * 50})
        assert page.status_code == 422 and "x" * 50 not in page.text and written() == []

    def test_a_session_that_ended_meanwhile_keeps_the_text(self, square, browse):
        page = browse().post(f"/threads/{square.thread_id}/comments", data={
            "stance": "for", "text": "로그인이 끝난 사이에 쓴 긴 글이에요. 사라지면 안 돼요."})
        assert page.status_code == 401 and "사라지면 안 돼요." in page.text and written() == []

    def test_too_large_a_request_is_refused(self, square, people, browse):
        page = browse(people.anna).post(f"/threads/{square.thread_id}/comments", data={"text": "가" * 600_000})
        assert page.status_code == 413

    @pytest.mark.parametrize("address", ["/threads/4711/comments", "/comments/4711/replies", "/comments/4711/edit",
                                         "/comments/4711/removal", "/comments/4711/supports",
                                         "/comments/4711/supports/end", "/comments/999999999999999999/supports"])
    def test_a_trial_that_is_not_there_is_not_found(self, square, people, browse, address):
        assert browse(people.anna).post(address, data={"stance": "for", "text": "글"}).status_code == 404

    def test_a_user_posts_so_many_a_minute_and_no_more(self, app, square, people, browse, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_POSTS_USER", 3)
        browser, other = browse(people.anna), browse(people.boram)
        data = {"stance": "for", "text": "글"}
        statuses = [browser.post(f"/threads/{square.thread_id}/comments", data=data).status_code for _ in range(4)]
        assert statuses == [303, 303, 303, 429]
        assert other.post(f"/threads/{square.thread_id}/comments", data=data).status_code == 303


class TestAnswering:
    def test_the_form_shows_what_is_answered(self, square, people, browse):
        comment = square.say(people.anna, "무엇을 고칠까요?")
        page = browse(people.boram).get(f"/comments/{comment.id}/replies/new")
        assert page.status_code == 200 and "무엇을 고칠까요?" in page.text and "은행나무길" in page.text
        assert 'name="stance"' not in page.text

    def test_a_reply_is_written(self, square, people, browse):
        comment = square.say(people.anna)
        answer = browse(people.boram).post(f"/comments/{comment.id}/replies", data={"text": "답글", "form_key": KEY})
        assert answer.location == f"/squares/7?order=oldest#comment-{written()[1].id}"
        assert written()[1].parent_id == comment.id

    def test_a_reply_to_a_reply_is_refused_and_the_text_kept(self, square, people, browse):
        reply = square.answer(square.say(people.anna), people.boram)
        browser = browse(people.chan)
        assert browser.get(f"/comments/{reply.id}/replies/new").status_code == 403
        page = browser.post(f"/comments/{reply.id}/replies", data={"text": "남아야 할 글"})
        assert page.status_code == 403 and "남아야 할 글" in page.text and "맨 위의 댓글" in page.text

    def test_all_replies_are_a_page(self, square, people, browse):
        comment = square.say(people.anna)
        reply = square.answer(comment, people.boram, "여기 있어요.")
        assert "여기 있어요." in browse().get(f"/comments/{comment.id}/replies").text
        assert browse().get(f"/comments/{reply.id}/replies").status_code == 404
        assert browse().get(f"/comments/{comment.id}/replies?after=x").status_code == 400

    def test_a_stranger_is_led_to_the_sign_in_and_back(self, square, people, browse):
        address = f"/comments/{square.say(people.anna).id}/replies/new"
        assert browse().get(address).location == f"/sign-in?next={address}"


class TestEditing:
    def test_the_form_is_filled_and_saves(self, square, people, browse):
        comment, browser = square.say(people.anna, "전 글"), browse(people.anna)
        page = browser.get(f"/comments/{comment.id}/edit")
        assert "전 글" in page.text and page.text.count("checked") == 1
        browser.post(f"/comments/{comment.id}/edit", data={"stance": "against", "text": "새 글"})
        assert [(c.source, c.stance) for c in written()] == [("새 글", "against")]

    def test_a_reply_has_no_stance_to_edit(self, square, people, browse):
        reply = square.answer(square.say(people.anna), people.boram)
        browser = browse(people.boram)
        assert 'name="stance"' not in browser.get(f"/comments/{reply.id}/edit").text
        assert browser.post(f"/comments/{reply.id}/edit", data={"text": "새 글"}).status_code == 303


class TestDeleting:
    def test_it_is_asked_first_and_done_then(self, square, people, browse):
        comment, browser = square.say(people.anna, "지울 글"), browse(people.anna)
        assert "삭제하기" in browser.get(f"/comments/{comment.id}/removal").text
        assert written()[0].source == "지울 글"
        answer = browser.post(f"/comments/{comment.id}/removal")
        assert answer.location == f"/squares/7?order=oldest#comment-{comment.id}" and written()[0].source == ""


class TestSupporting:
    def test_a_form_gives_and_takes_back(self, square, people, browse):
        comment, browser = square.say(people.anna), browse(people.boram)
        answer = browser.post(f"/comments/{comment.id}/supports")
        assert (answer.status_code, answer.location) == (303, f"/squares/7?order=oldest#comment-{comment.id}")
        assert written()[0].support_count == 1
        browser.post(f"/comments/{comment.id}/supports/end")
        assert written()[0].support_count == 0

    @pytest.mark.both
    def test_a_script_gets_what_it_has_to_show(self, square, people, browse):
        comment, browser = square.say(people.anna), browse(people.boram)
        ask = {"Accept": "application/json"}
        given = browser.post(f"/comments/{comment.id}/supports", headers=ask).json
        assert given == {"supported": True, "count": 1, "word": "공감했어요",
                         "action": f"/comments/{comment.id}/supports/end"}
        assert browser.post(given["action"], headers=ask).json["action"] == f"/comments/{comment.id}/supports"

    def test_a_refusal_is_a_sentence_for_both(self, square, people, browse):
        comment, browser = square.say(people.anna), browse(people.anna)
        page = browser.post(f"/comments/{comment.id}/supports")
        problem = browser.post(f"/comments/{comment.id}/supports", headers={"Accept": "application/json"})
        assert page.status_code == problem.status_code == 403
        assert "자기 댓글에는 공감할 수 없어요." in page.text and problem.json["detail"] in page.text


class TestOwnData:
    def test_own_comments_and_supports_are_in_the_download(self, square, people):
        comment = square.say(people.anna, "내 글")
        gone = square.say(people.anna, "지운 글")
        services.remove(gone.id, by=people.anna)
        other = square.say(people.boram)
        services.support(other.id, by=people.anna)
        collected = PERSONAL_DATA["comments"].collect(people.anna)
        assert [entry["text"] for entry in collected["written"]] == ["내 글"]
        assert collected["written"][0]["address"] == f"/comments/{comment.id}"
        assert [entry["address"] for entry in collected["supported"]] == [f"/comments/{other.id}"]


class TestBelowOtherPages:
    @pytest.mark.both
    def test_search_shows_what_a_comment_is_about_and_where(self, square, people, town):
        comment, gone = square.say(people.anna), square.say(people.anna)
        department = square.say(town.official())
        services.remove(gone.id, by=people.anna)
        shown = COMMENT.get(Searched).results([comment.id, gone.id, department.id, 4711])
        assert {key: (one.url, one.title, one.about[1]) for key, one in shown.items()} == {
            comment.id: (f"/comments/{comment.id}", "마을 광장", "은행나무길"),
            department.id: (f"/comments/{department.id}", "마을 광장", "교통행정과")}

    def test_below_a_proposal_somebody_comments_answers_and_supports(self, town, browse):
        proposal, anna, boram = town.proposal(), town.user(nickname="은행나무길"), town.user()
        page = browse(anna).get(f"/proposals/{proposal.number}")
        assert f"/threads/{proposal.thread_id}/comments" in page.text
        browse(anna).post(f"/threads/{proposal.thread_id}/comments", data={"stance": "for", "text": "찬성해요!"})
        comment, = written()
        browse(boram).post(f"/comments/{comment.id}/replies", data={"text": "저도요."})
        browse(boram).post(f"/comments/{comment.id}/supports")
        page = browse().get(f"/proposals/{proposal.number}?order=newest").text
        assert "찬성해요!" in page and "저도요." in page and "공감 <b>1</b>" in page
        assert browse().get(f"/proposals/{proposal.number}?order=best").status_code == 400
        place = f"/proposals/{proposal.number}?order=oldest#comment-{comment.id}"
        assert browse().get(f"/comments/{comment.id}").location == place
