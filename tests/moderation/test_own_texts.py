"""A moderator whose own text is complained of: others decide, and who complained stays unknown to them."""

import pytest

from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.moderation.services import reports, takedowns
from civic_forum.moderation.models import TakedownRequest
from civic_forum.moderation.rules import Ground, Rule
from tests.notifications.told import steps

WHY, CONTACT, REASON = "통장 김 아무개가 저예요. 사는 곳이 적혀 있어요.", "concerned@example.org", "사는 곳이 드러나요."
SENTENCE = "301호 사람만 아는 이야기예요."


@pytest.fixture
def author(town):
    return town.moderator()


@pytest.fixture
def remark(town, author):
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="그 사람은 시장에 살아요.", by=author)


@pytest.fixture
def request_(remark):
    return takedowns.ask_takedown("a" * 32, "comment", remark.id, ground=Ground.PRIVACY, text=WHY, contact=CONTACT)


def test_the_author_does_not_turn_the_request_down(author, request_):
    with pytest.raises(Denied, match="다른 운영자"):
        takedowns.decide_takedown(request_.id, granted=False, decision="누구인지 알 수 없는 글이에요.", by=author)
    db.session.rollback()
    assert db.session.get(TakedownRequest, request_.id).decided_at is None


def test_the_author_does_not_learn_who_asked(author, request_, browse):
    with pytest.raises(Denied, match="다른 운영자"):
        takedowns.see_takedown_contact(request_.id, reason="누구인지 궁금해서요", by=author)
    client = browse(author)
    assert client.get(f"/desk/takedowns/{request_.id}").status_code == 403
    assert client.post(f"/desk/takedowns/{request_.id}/contact", data={"why-reason": "궁금해요."}).status_code == 403
    for page in ("/desk/takedowns", "/desk"):
        answer = client.get(page)
        assert answer.status_code == 200 and WHY[:10] not in answer.text
    assert "duty_takedown" not in steps(author)


def test_another_moderator_does_all_of_it(town, remark, browse):
    other = town.moderator()
    request_ = takedowns.ask_takedown("a" * 32, "comment", remark.id, ground=Ground.PRIVACY, text=WHY, contact=CONTACT)
    assert "duty_takedown" in steps(other)
    assert WHY in browse(other).get(f"/desk/takedowns/{request_.id}").text
    assert WHY[:10] in browse(other).get("/desk").text
    assert takedowns.see_takedown_contact(request_.id, reason="물어볼 것이 있어요", by=other) == CONTACT
    takedowns.block_takedown(request_.id, reason=REASON, by=other)
    takedowns.decide_takedown(request_.id, granted=True, decision="누구인지 알 수 있어 계속 가려요.", by=town.moderator())


def test_the_author_reads_that_there_are_reports_and_not_what_they_say(town, author, remark, browse):
    reports.report("comment", remark.id, rule=Rule.PRIVACY, sentence=SENTENCE, by=town.resident())
    here = f"/desk/reports/comment/{remark.id}"
    own, others = browse(author).get(here), browse(town.moderator()).get(here)
    assert own.status_code == 200 and "다른 운영자" in own.text and SENTENCE not in own.text
    assert SENTENCE in others.text


def test_neither_list_says_when_and_why_an_own_text_was_reported(town, author, remark, browse):
    reports.report("comment", remark.id, rule=Rule.PRIVACY, by=town.resident())
    here, other = f"/desk/reports/comment/{remark.id}", town.moderator()
    for page in ("/desk", "/desk/reports"):
        assert here not in browse(author).get(page).text
        assert here in browse(other).get(page).text
