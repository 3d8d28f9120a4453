"""A clerk takes down what somebody at the window says, a second clerk confirms it; nothing of it is the clerk's."""

import pytest

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.rules import SERVICE_KEY
from civic_forum.answers.queries.records import duty_about
from civic_forum.blocks import submissions
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.submissions import Submission
from civic_forum.intake import queries
from civic_forum.intake import services as items
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.sorting.services import Sorting, sort
from civic_forum.intake.rules import (
    FORGOTTEN_AFTER, ITEM, Became, ItemForm, ItemRecord, TakenState, WindowAct, fingerprint)
from civic_forum.intake.window import services
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Channel, State, Text
from tests.accounts.people import second_clerk
from tests.ballots.people import verified
from tests.factories import count

WORDS = Text("정류장에 의자를 놓아 주세요", "어르신들이 서서 기다리다가 힘들어해요.", "정류장마다 의자를 하나씩 놓아 주세요.")
CONTACT = "김금천 010-2345-6789"


def said(text=WORDS, **facts):
    return {"title": text.title, "problem": text.problem, "wish": text.wish, "category": "safety",
            "neighbourhood": ""} | facts


def taken(town, by, key="a", words=WORDS, **facts):
    record = ItemRecord(form=ItemForm.SHEET, text="", key=key, neighbourhood_id=town.neighbourhood().id,
                        act=WindowAct.PROPOSAL)
    return services.take(record, said(words), by=by, **facts)


def item_of(answer):
    db.session.rollback()
    return queries.by_number(answer.number)


def confirm(item, by):
    return services.confirm(item.id, fingerprint(item.facts or {}), by=by)


@pytest.mark.both
def test_a_proposal_of_somebody_without_an_account_is_the_place_s(town, browse):
    clerk, second = town.clerk(), town.clerk(neighbourhood=town.neighbourhood("시흥5동"))
    answer = taken(town, clerk, contact=CONTACT)
    assert (answer.state, bool(answer.code)) == (TakenState.NEW, True)
    assert taken(town, clerk).state is TakenState.SAME
    item = item_of(answer)
    assert (item.text, submissions.contact(item.submission), count(Proposal)) == (WORDS.title, CONTACT, 0)
    for refused, by in ((Denied, clerk), (Denied, town.official())):
        with pytest.raises(refused):
            services.confirm(item.id, fingerprint(item.facts), by=by)
    with pytest.raises(Conflict):
        items.check(item.id, item.text, by=second)
    services.send_back(item.id, "둘째 줄이 달라요.", by=second)
    with pytest.raises(Denied):
        services.write_again(item.id, said(), by=second)
    services.write_again(item.id, said(wish="의자를 둘씩 놓아 주세요, 꼭요."), by=clerk)
    with pytest.raises(Conflict):
        services.confirm(item.id, fingerprint(said()), by=second)
    confirm(item_of(answer), second)
    with pytest.raises(NotFound):
        confirm(item, second)
    item, made = item_of(answer), db.session.query(Proposal).one()
    assert (item.became, item.is_public, made.state, made.channel, made.author.sign_in_name) == (
        Became.PROPOSAL, True, State.GATHERING, Channel.DESK, None)
    page = browse().get(f"/proposals/{made.number}").text
    assert "시흥1동에서 받은 제안" in page and "꼭요" in page
    for name in (clerk.nickname, second.nickname, CONTACT.split()[0]):
        assert name not in page
    assert not [entry for entry in db.session.query(AuditEntry) if "김금천" in str(entry.details)]


@pytest.mark.both
def test_in_somebody_s_name_it_takes_their_number_and_the_strict_rule(town):
    clerk, plain, second, author = town.clerk(), town.moderator(), second_clerk(town), verified(town, is_resident=True)
    with pytest.raises(Refusal):
        taken(town, clerk, desk_number=f"{author.id}-000000")
    with pytest.raises(Denied):
        taken(town, clerk, desk_number=desk_numbers.shown(town.resident().id, clock.now()).text)
    with pytest.raises(Denied):
        taken(town, clerk, desk_number=desk_numbers.shown(clerk.id, clock.now()).text)
    assert count(IntakeItem) == count(Proposal) == 0
    used = desk_numbers.shown(author.id, clock.now()).text
    answer = taken(town, clerk, desk_number=used)
    assert [notice.step for notice in db.session.query(Notice).filter_by(user_id=author.id)] == ["taken_at_window"]
    assert taken(town, clerk, desk_number=used).state is TakenState.SAME
    with pytest.raises(Refusal):
        taken(town, clerk, "b", desk_number=used)
    assert desk_numbers.shown(author.id, clock.now()).text != used
    item = item_of(answer)
    with pytest.raises(Denied):
        confirm(item, plain)
    confirm(item, second)
    assert db.session.query(Proposal).one().author_id == author.id


def test_a_proposal_taken_back_before_it_is_confirmed_leaves_no_words(town):
    clerk, second = town.clerk(), town.moderator()
    answer, stays = taken(town, clerk), taken(town, clerk, "b")
    items.withdraw(answer.number, answer.code)
    assert (item_of(answer).facts, item_of(answer).text) == (None, "")
    confirm(item_of(stays), second)
    assert (count(Proposal), db.session.query(User).filter_by(sign_in_key=SERVICE_KEY).count()) == (1, 1)


@pytest.mark.both
def test_a_reason_for_calling_back_is_written_down(town, browse):
    clerk, elsewhere = town.clerk(), town.clerk(neighbourhood=town.neighbourhood("시흥5동"))
    record = ItemRecord(form=ItemForm.SPOKEN, text="보안등이 꺼져 있어요.", key="a", neighbourhood_id=town.neighbourhood().id)
    with pytest.raises(Denied):
        services.take_request(record, contact=CONTACT, by=elsewhere)
    item = item_of(services.take_request(record, contact=CONTACT, by=clerk))
    assert item.submission.forget_on == queries.today() + FORGOTTEN_AFTER
    for by in (elsewhere, town.official()):
        with pytest.raises(Denied):
            services.see_contact(item.id, "다시 연락해요.", by=by)
    with pytest.raises(Refusal):
        services.see_contact(item.id, "왜", by=clerk)
    assert services.see_contact(item.id, "다시 연락해요.", by=clerk) == CONTACT
    assert (count(AccessRecord), db.session.query(AuditEntry).filter_by(action="intake.contact_seen").count()) == (1, 1)
    official, other = town.official(), town.official(department=town.department("교통과"))
    items.check(item.id, item.text, by=town.moderator())
    sort([item.id], Sorting(became=Became.DUTY, department_id=min(official.department_ids()), days=7),
         by=town.moderator())
    page = browse(official)
    here = f"/desk/window/requests/{item.id}/contact"
    shown, hidden = (site.get(f"/intake/{item.number}").text for site in (page, browse(other)))
    assert here in shown and here not in hidden
    assert CONTACT in page.post(here, data={"reason": "맡은 일에 답하려고 봐요."}).text
    duty_about(Ref(ITEM, item.id)).ended_at = clock.now()
    db.session.commit()
    for by in (official, other):
        with pytest.raises(Denied):
            services.see_contact(item.id, "다시 연락해요.", by=by)
    db.session.get_one(Submission, item.submission_id).forget_on = queries.today()
    db.session.commit()
    items.forget()
    with pytest.raises(NotFound):
        services.see_contact(item.id, "다시 연락해요.", by=clerk)


@pytest.mark.both
def test_the_window_in_pages(town, browse):
    clerk, second = town.clerk(), town.moderator()
    at, there = browse(clerk), browse(second)
    sent = {"key": "a", "place": str(town.neighbourhood().id), "title": WORDS.title, "problem": WORDS.problem,
            "wish": WORDS.wish, "category": "safety"}
    assert "분야를 골라 주세요" in at.post("/desk/window/acts/proposal", data=sent | {"category": ""}).text
    slip = at.post("/desk/window/acts/proposal", data=sent | {"contact": CONTACT})
    db.session.rollback()
    item = db.session.query(IntakeItem).one()
    assert item.number in slip.text and "김금천" not in slip.text
    assert "김금천" in at.post(f"/desk/window/requests/{item.id}/contact", data={"reason": "다시 연락해요."}).text
    assert WORDS.title in there.get("/desk/window").text
    page = there.get(f"/desk/window/acts/{item.id}")
    assert WORDS.wish in page.text
    assert there.post(f"/desk/window/acts/{item.id}", data={"text": fingerprint(item.facts)}).status_code == 303
    assert WORDS.title in browse().get("/proposals").text
    assert WORDS.title in browse().get(f"/intake/{item.number}").text
