"""Items are brought to what becomes of them: one act for many, by somebody who may, said wherever it leads."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import SERVICE_NAME
from civic_forum.answers.models import Duty
from civic_forum.answers.rules import LaterText, SignedAs
from civic_forum.answers.services.later import APPROVAL
from civic_forum.figures import queries as figures
from civic_forum.figures.rules import Act, Means
from civic_forum.forums.rules import Form
from civic_forum.intake import services as intake
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.replies import services as replies
from civic_forum.intake.rules import Became, ItemForm, ItemState
from civic_forum.intake.sorting.services import Sorting, sort
from civic_forum.intake.undoing.services import undo
from civic_forum.journeys.models import JourneyEntry
from civic_forum.moderation.services import cases
from civic_forum.moderation.rules import Decision, Rule
from civic_forum.opinions.models import Statement
from civic_forum.opinions.operations import count_answers
from civic_forum.opinions.rules import StatementState
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import local
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Channel, State
from civic_forum.proposals.services import supports
from civic_forum.search import operations as search
from tests.factories import count
from tests.forums.scene import announced_forum
from tests.opinions.making import LINES, consultation
from tests.racing import held, on_postgresql

from .making import checked

TEXTS = tuple(f"시장 뒷길 {n}번 가로등이 꺼졌어요" for n in range(1, 19))
NEW = {"title": "시장 뒷길 가로등을 고쳐 주세요", "problem": "두 달째 꺼져 있어서 밤에 무서워요.",
       "wish": "한 달 안에 고쳐 주세요."}


def item(item_id):
    db.session.rollback()
    return db.session.get_one(IntakeItem, item_id)


def lead(official, is_head=True):
    official.grants[0].is_head = is_head
    db.session.commit()


def told_of(owner):
    """Kinds of what an account was told, the oldest first."""
    return list(db.session.scalars(sa.select(Notice.step).where(
        Notice.user_id == owner.id, Notice.step.like("item%")).order_by(Notice.id)))


@pytest.mark.both
def test_notes_become_a_proposal_statements_and_an_answer_in_three_acts(town):
    typist, sorter = town.moderator(), town.moderator()
    ids, _codes = checked(town, *TEXTS, form=ItemForm.NOTE, by=typist)
    asked = consultation()
    asked.room = 64
    db.session.commit()
    with pytest.raises(Denied):
        sort(ids[:5], Sorting(became=Became.PROPOSAL, **NEW), by=typist)
    with pytest.raises(Denied):
        sort(ids[:5], Sorting(became=Became.PROPOSAL, **NEW), by=town.official())
    sort(ids[:5], Sorting(became=Became.PROPOSAL, **NEW), by=sorter)
    made = db.session.query(Proposal).one()
    assert (made.state, made.channel, made.author.nickname) == (State.GATHERING, Channel.PAPER, SERVICE_NAME)
    tomorrow = local(clock.now()).date() + timedelta(days=1)
    on_paper = db.session.query(Proposal).filter_by(channel=Channel.PAPER).count()
    assert on_paper == figures.participation(tomorrow).total(act=Act.PROPOSAL, means=Means.PAPER) == 1
    assert [item(id_).became for id_ in ids[:5]] == [Became.PROPOSAL] + [Became.JOINED] * 4
    assert db.session.query(JourneyEntry).filter_by(step="heard").count() == 5
    sort(ids[5:17], Sorting(became=Became.STATEMENT, into=("consultation", asked.slug)), by=sorter)
    assert count(Statement) == len(LINES) + 12 and item(ids[5]).about.kind == "statement"
    sort(ids[17:], Sorting(became=Became.ANSWERED, reply="내일 고쳐요.", replied_by="동장"), by=sorter)
    with pytest.raises(Conflict):
        sort(ids[16:], Sorting(became=Became.KEPT), by=sorter)
    assert item(ids[17]).state is ItemState.REPLYING


@pytest.mark.both
def test_a_reply_on_the_spot_is_read_once_a_second_person_confirmed_just_that(town, browse):
    office, sorter, owner = town.department(), town.moderator(), town.moderator()
    ids, _codes = checked(town, *TEXTS[:3])
    item(ids[2]).submission.owner_id = owner.id
    db.session.commit()
    told = Sorting(became=Became.ANSWERED, reply="내일 고쳐요.", replied_by="도로과장", department_id=office.id)
    with pytest.raises(Refusal):
        sort(ids, Sorting(became=Became.KEPT, reply="고쳐요.", replied_by="동장"), by=sorter)
    sort(ids, told, by=sorter)
    marks = {id_: replies.shown(item(id_)) for id_ in ids}
    site, address = browse(), f"/intake/{item(ids[0]).number}"
    page = site.get(address).text + site.get("/intake").text + site.get("/data/intake.csv").text
    assert "답을 확인하는 중" in page and "내일 고쳐요" not in page and not told_of(owner)
    for wrong in (sorter, owner, town.official(department=town.department("공원녹지과"))):
        with pytest.raises(Denied):
            replies.confirm(marks, by=wrong)
    with pytest.raises(Conflict):
        replies.confirm(marks | {ids[0]: "0" * 16}, by=town.moderator())
    second = town.official(department=office)
    ticked = browse(second).get("/desk/intake/replies").text
    assert all(f"{id_}:{mark}" in ticked for id_, mark in marks.items())
    sent = browse(second).post("/desk/intake/replies", data={
        "chosen": [f"{id_}:{mark}" for id_, mark in marks.items()]})
    assert sent.status_code == 303 and [item(id_).became for id_ in ids] == [Became.ANSWERED] * 3
    assert "내일 고쳐요" in site.get(address).text and told_of(owner) == ["item_sorted"]
    with pytest.raises(Conflict):
        replies.confirm(marks, by=town.moderator())


@pytest.mark.both
def test_an_answer_that_a_department_owes_is_late_in_public_and_answered_there(town, browse, app, monkeypatch):
    office, sorter = town.department(), town.moderator()
    (first, second), _codes = checked(town, *TEXTS[:2])
    for wrong in (Sorting(became=Became.DUTY, department_id=office.id, days=8),
                  Sorting(became=Became.JOINED, number="2001-0009-6"), Sorting(became=Became.ANSWERED, reply="네네"),
                  Sorting(became=Became.AGENDA, into=("agenda", "none")),
                  Sorting(became=Became.STATEMENT, into=("proposal", "2026-0001"))):
        with pytest.raises(Refusal):
            sort([first, second], wrong, by=sorter)
    sort([first], Sorting(became=Became.DUTY, department_id=office.id, days=7), by=sorter)
    sort([second], Sorting(became=Became.JOINED, number=item(first).number), by=sorter)
    duty = db.session.query(Duty).one()
    number, site = item(first).number, browse()
    act, = cases.decide("intake_item", first, Decision(True, None, rule=Rule.ABUSE, reason="사람을 욕해요."), by=sorter)
    db.session.rollback()
    assert db.session.get_one(Duty, duty.id).ended_at and TEXTS[0] not in site.get(f"/intake/{number}").text
    cases.take_back(act.id, by=sorter)
    assert office.name in site.get(f"/intake/{number}").text and TEXTS[0] in site.get("/intake").text
    assert "D-7" in site.get("/intake").text and office.name in site.get("/intake").text
    duty = db.session.get_one(Duty, duty.id)
    duty.due_on -= timedelta(days=30)
    db.session.commit()
    assert TEXTS[0] in site.get("/answers/late").text
    head, other, signed = town.official(department=office), town.official(department=office), LaterText(
        "다음 달까지 전등을 바꿔 달아요.", SignedAs.MAYOR)
    lead(head)
    with pytest.raises(Denied):
        APPROVAL.submit(duty.id, signed, seen=0, by=head)
    visit = announced_forum(town, form=Form.VISIT)
    item(first).forum_id = visit.id
    db.session.commit()
    monkeypatch.setitem(app.config, "ANSWERS_NEED_APPROVAL", False)
    with pytest.raises(Denied):
        APPROVAL.submit(duty.id, signed, seen=0, by=other)
    written = APPROVAL.submit(duty.id, signed, seen=0, by=head)
    with pytest.raises(Denied):
        APPROVAL.approve(duty.id, seen=written.version, by=head)
    lead(head, False)
    with pytest.raises(Denied):
        APPROVAL.approve(duty.id, seen=written.version, by=other)
    lead(head)
    assert f"구청장 (대신 씀: {office.name})" in browse(other).get(f"/desk/answers/duties/{duty.id}").text
    APPROVAL.approve(duty.id, seen=written.version, by=other)
    page = site.get(f"/intake/{number}").text
    assert item(first).became is Became.ANSWERED and "전등을 바꿔" in page and f"구청장 (대신 씀: {office.name})" in page


@pytest.mark.both
def test_the_desk_shows_similar_proposals_before_it_makes_one_more(town, browse):
    ids, _codes = checked(town, *TEXTS[:3])
    known = town.proposal(title=NEW["title"])
    search.put(db.session, "proposal", known.id, title=known.title, body="", at=known.published_at)
    db.session.commit()
    desk = browse(town.moderator())
    sent = NEW | {"chosen": [str(id_) for id_ in ids[:2]], "end": "proposal"}
    page = desk.post("/desk/intake/sorting", data=sent)
    assert page.status_code == 200 and known.number in page.text and item(ids[0]).became is None
    assert desk.post("/desk/intake/sorting", data=sent | {"end": "", "offered": known.number}).status_code == 303
    assert item(ids[1]).became is Became.JOINED and item(ids[1]).about.id == known.id
    assert desk.post("/desk/intake/sorting", data={"end": "kept"}).status_code == 422
    third = {"chosen": str(ids[2]), "anyway": "1", "end": "proposal"} | NEW
    assert desk.post("/desk/intake/sorting", data=third).status_code == 303
    db.session.rollback()
    made = db.session.query(Proposal).filter(Proposal.id != known.id).one()
    assert SERVICE_NAME not in browse().get(f"/proposals/{known.number}").text
    assert "현장에서 받은 제안" in browse().get(f"/proposals/{made.number}").text
    site = browse()
    assert f'href="/proposals/{made.number}"' in site.get(f"/intake/{item(ids[2]).number}").text
    shown = site.get("/intake").text
    assert all(f'href="/proposals/{proposal.number}"' in shown for proposal in (known, made))


@pytest.mark.both
def test_nothing_that_is_hidden_or_taken_back_is_found(town, browse):
    (first, second), codes = checked(town, *TEXTS[:2])
    site = browse()
    assert item(first).number in site.get("/search", query_string={"q": "뒷길 가로등"}).text
    assert TEXTS[0] in browse(town.moderator()).get(f"/desk/reports/intake_item/{first}").text
    cases.decide("intake_item", first, Decision(True, None, rule=Rule.PRIVACY, reason="사람을 알아봐요."), by=town.moderator())
    intake.withdraw(item(second).number, codes[1])
    for address in ("/search?q=뒷길+가로등", "/intake", "/data/intake.csv", f"/intake/{item(first).number}",
                    f"/intake/{item(second).number}"):
        page = site.get(address).text
        assert not re.search("|".join(TEXTS[:2]), page)
        assert item(first).number in address or f"/intake/{item(first).number}" not in page


@pytest.mark.both
def test_a_sorting_is_undone_until_somebody_took_it_up(town, browse):
    sorter, asked, owner = town.moderator(), consultation(), town.resident()
    (first, second, third), _codes = checked(town, *TEXTS[:3])
    item(third).submission.owner_id = owner.id
    asked.room = 64
    db.session.commit()
    sort([first, second], Sorting(became=Became.PROPOSAL, **NEW), by=sorter)
    made = db.session.query(Proposal).one()
    sort([third], Sorting(became=Became.JOINED, into=("proposal", made.number)), by=sorter)
    with pytest.raises(Denied):
        undo(first, by=town.official())
    for joined in (third, second):
        with pytest.raises(Conflict):
            undo(first, by=sorter)
        undo(joined, by=town.moderator())
    assert item(third).about is None and told_of(owner) == ["item_sorted", "item_reopened"]
    assert browse(sorter).post(f"/desk/intake/items/{first}/undo").status_code == 303
    assert [item(id_).state for id_ in (first, second)] == [ItemState.CHECKED] * 2
    assert db.session.get_one(Proposal, made.id).state is State.WITHDRAWN
    ends = (Sorting(became=Became.STATEMENT, into=("consultation", asked.slug)), Sorting(became=Became.KEPT),
            Sorting(became=Became.DUTY, department_id=town.department().id, days=7),
            Sorting(became=Became.ANSWERED, reply="내일 고쳐요.", replied_by="동장"))
    for end in ends:
        sort([third], end, by=sorter)
        undo(third, by=sorter)
        assert item(third).state is ItemState.CHECKED
    assert db.session.query(Duty).one().ended_at
    assert db.session.query(Statement).filter_by(text=TEXTS[2]).one().state is StatementState.REFUSED
    assert told_of(owner).count("item_sorted") == 4
    sort([third], ends[0], by=sorter)
    count_answers(asked.id, 1)
    db.session.commit()
    sort([first, second], Sorting(became=Became.PROPOSAL, **NEW), by=sorter)
    supports.support(db.session.query(Proposal).filter_by(state=State.GATHERING).one().id, by=town.resident())
    undo(second, by=sorter)
    for taken_up in (first, third):
        with pytest.raises(Conflict):
            undo(taken_up, by=sorter)


@on_postgresql
def test_nothing_that_is_taken_back_meanwhile_is_sorted(town):
    (item_id,), _codes = checked(town, TEXTS[0])
    sorter = town.moderator()
    with held(item(item_id).submission, withdrawn_at=clock.now()), pytest.raises(Conflict):
        sort([item_id], Sorting(became=Became.KEPT), by=sorter)


def test_taken_back_says_what_stays(town, browse):
    (item_id,), (code,) = checked(town, TEXTS[0])
    asked = consultation()
    sort([item_id], Sorting(became=Became.STATEMENT, into=("consultation", asked.slug)), by=town.moderator())
    site, number = browse(), item(item_id).number
    assert site.post(f"/intake/{number}/withdrawal", data={"code": code}).status_code == 303
    assert "그대로 남아요" in site.get(f"/intake/{number}").text and item(item_id).text == ""
