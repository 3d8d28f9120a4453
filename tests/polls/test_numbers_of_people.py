"""Numbers that tell who somebody is are refused wherever a vote says something to everybody."""

from dataclasses import replace

import pytest

from civic_forum.ballots.rolls import services as rolls
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.personal_numbers import PersonalNumber
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from civic_forum.polls.parts import OptionText, Wording
from civic_forum.polls import services as polls

from .making import entry, options, poll, prepared, unannounced

RESIDENT, CARD = "900101-1234568", "4111-1111-1111-1111"
WORDING = Wording(title="빈터의 쓰임새", question="무엇으로 쓸까요?")


@pytest.mark.parametrize(("field", "part"), [
    ("question", replace(WORDING, question=f"{RESIDENT} 님께 여쭤볼까요?")),
    ("description", replace(WORDING, description=f"카드 {CARD}로 냈어요.")),
    ("question_en", replace(WORDING, texts={"en": {"question": f"Ask {RESIDENT}?"}})),
])
def test_in_the_texts_of_a_poll(town, field, part):
    moderator = town.moderator()
    made = unannounced(town, by=moderator)
    with pytest.raises(PersonalNumber) as refused:
        process.PROCESS.write(made.id, part, version=made.version, by=moderator)
    assert refused.value.field == field
    db.session.rollback()
    assert db.session.get(Poll, made.id).version == made.version


def test_in_an_option_and_in_what_its_picture_shows(town):
    moderator = town.moderator()
    made = unannounced(town, by=moderator)
    with pytest.raises(PersonalNumber) as refused:
        process.add_option(made.id, OptionText("텃밭", text=f"신청: {RESIDENT}"), version=made.version, by=moderator)
    assert refused.value.field == "text"
    with pytest.raises(PersonalNumber) as refused:
        process.add_option(made.id, OptionText("텃밭"), version=made.version, description=CARD, by=moderator)
    assert refused.value.field == "picture_description"


def test_in_notices_and_in_what_came_of_it(town):
    moderator = town.moderator()
    made = poll(town, by=moderator)
    with pytest.raises(PersonalNumber) as refused:
        polls.notify(made.id, "알려요", f"담당자 {RESIDENT}", by=moderator)
    assert refused.value.field == "text"


@pytest.mark.both
def test_in_a_file(town):
    for facts in ({"description": RESIDENT}, {"options": [*options(2), {"number": 3, "title": "3번", "text": CARD}]}):
        with pytest.raises(Refusal):
            polls.create(entry(**facts), by=town.moderator())
    assert db.session.query(Poll).count() == 0


def test_in_objections_to_the_roll_and_their_answers(town):
    vote = prepared(town)
    with pytest.raises(PersonalNumber):
        rolls.object_to(vote.roll_id, f"제 번호는 {RESIDENT}예요.", by=town.resident())


def test_the_page_says_it_at_the_field_and_keeps_what_was_typed(town, browse):
    moderator = town.moderator()
    made = unannounced(town, by=moderator)
    answer = browse(moderator).post(f"/desk/polls/{made.slug}/wording", data={
        "title": "빈터", "question": f"{RESIDENT}?", "version": made.version})
    assert answer.status_code == 422 and RESIDENT in answer.text and "주민등록번호로 보이는 숫자가 있어요" in answer.text
    assert "숫자를 가리고 보내기" in answer.text
    masked = browse(moderator).post(f"/desk/polls/{made.slug}/wording", data={
        "title": "빈터", "question": f"{RESIDENT}?", "version": made.version, "personal": "mask"})
    assert masked.status_code == 303, masked.text
    db.session.refresh(made)
    assert made.question == "900101-＊＊＊＊＊＊＊?"


@pytest.mark.both
def test_a_telephone_of_the_office_may_stand_there(town):
    moderator = town.moderator()
    made = unannounced(town, by=moderator)
    process.PROCESS.write(made.id, replace(WORDING, description="문의: 02-2000-1234"), version=made.version, by=moderator)
    db.session.refresh(made)
    assert made.description == "문의: 02-2000-1234"
