"""Numbers that tell who somebody is, in what people send: noticed, masked on request, some never published."""

import pytest

from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.personal_numbers import PersonalNumber
from civic_forum.proposals.rules import Basics, Body, State, Text
from civic_forum.proposals.services import drafts, publication

PHONE, MASKED, RESIDENT = "전화는 010-0000-1234예요.", "전화는 010-＊＊＊＊-1234예요.", "900101-1234568"


def written():
    db.session.rollback()
    return [comment.source for comment in db.session.query(Comment).order_by(Comment.id)]


@pytest.fixture
def send(town, browse):
    thread, browser = town.proposal().thread_id, browse(town.user())
    return lambda text, **more: browser.post(f"/threads/{thread}/comments",
                                             data={"stance": "note", "text": text, **more})


@pytest.mark.both
def test_a_phone_number_is_asked_about_and_nothing_is_written_yet(send):
    page = send(PHONE)
    assert page.status_code == 422 and PHONE in page.text and written() == []
    assert 'name="personal" value="mask"' in page.text and 'name="personal" value="keep"' in page.text


def test_the_writer_masks_it(send):
    assert send(PHONE, personal="mask").status_code == 303
    assert written() == [MASKED]


def test_the_writer_keeps_a_number_that_everybody_may_know(send):
    assert send("구청은 02-2627-2000이에요.", personal="keep").status_code == 303
    assert written() == ["구청은 02-2627-2000이에요."]


@pytest.mark.parametrize("secret", [RESIDENT, "4111 1111 1111 1111", "９００１０１－１２３４５６８", "&#57;00101-1234568"])
def test_a_number_that_nobody_may_publish_cannot_be_kept(send, secret):
    page = send(secret, personal="keep")
    assert page.status_code == 422 and written() == []
    assert 'value="keep"' not in page.text


def test_it_is_masked_on_request_all_the_same(send):
    send(f"주민등록번호 {RESIDENT}", personal="mask")
    assert written() == ["주민등록번호 900101-＊＊＊＊＊＊＊"]


def test_no_service_publishes_it(town):
    thread = town.proposal().thread_id
    with pytest.raises(PersonalNumber):
        comments.write(thread, stance=Stance.NOTE, text=RESIDENT, by=town.user())


def test_a_draft_may_hold_it_and_is_not_handed_in(town):
    author, key = town.resident(), "a" * 32
    drafts.save_draft(key, Basics("가로등이 필요해요", "safety"), by=author)
    draft = drafts.save_draft(key, Body(f"{RESIDENT} 골목이 어두워요.", "가로등을 놓아 주세요."), by=author)
    with pytest.raises(Exception, match="주민등록번호") as refusal:
        publication.publish(key, by=author)
    assert refusal.value.field == "problem" and draft.state is State.DRAFT


def test_a_published_proposal_does_not_get_it_by_an_edit(town):
    author = town.resident()
    proposal = town.proposal(author=author)
    with pytest.raises(Exception, match="주민등록번호"):
        publication.edit(proposal.id, Text(proposal.title, RESIDENT + " 골목이 어두워요.", "가로등을 놓아 주세요."),
                         version=proposal.version, by=author)


def test_the_steps_of_a_draft_ask_before_the_next_one(town, browse):
    author, key = town.resident(), "b" * 32
    drafts.save_draft(key, Basics("가로등이 필요해요", "safety"), by=author)
    sent = {"problem": PHONE + " 골목이 어두워요.", "wish": "가로등을 놓아 주세요.", "version": "1"}
    browser = browse(author)
    page = browser.post(f"/proposals/drafts/{key}/2", data=sent)
    assert page.status_code == 422 and 'value="mask"' in page.text
    assert browser.post(f"/proposals/drafts/{key}/2",
                        data=sent | {"version": "2", "personal": "mask"}).status_code == 302
    db.session.rollback()
    assert drafts.save_draft(key, Basics("가로등이 필요해요", "safety"), by=author).problem.startswith(MASKED)


def test_nothing_of_it_is_in_the_trail(send, caplog):
    send(PHONE), send(RESIDENT), send(RESIDENT, personal="mask")
    db.session.rollback()
    trail = " ".join(f"{entry.subject} {entry.details}" for entry in db.session.query(AuditEntry)) + caplog.text
    assert "0000" not in trail and "900101" not in trail
