"""A comment, a project, a registration, an answer: of somebody at the window, never the clerk's."""

import pytest

from civic_forum.accounts import desk_numbers
from civic_forum.blocks import submissions
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState
from civic_forum.comments.models import Comment
from civic_forum.forums.registration import queries as registered
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.registration.services import own_words
from civic_forum.forums.rules import Place
from civic_forum.intake import queries
from civic_forum.intake import services as items
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import Became, ItemForm, ItemRecord, WindowAct, fingerprint
from civic_forum.intake.claims import services as claims
from civic_forum.intake.window import services
from civic_forum.notifications.models import Notice
from civic_forum.opinions.paper import services as paper
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.accounts.people import second_clerk
from tests.ballots.people import verified
from tests.budgets import making as budgets
from tests.factories import count
from tests.forums.scene import announced_forum
from tests.opinions import making
from tests.opinions.making import LINES, consultation
from tests.picking import chosen

CONTACT = "김금천 010-2345-6789"


def taken(town, by, act, facts, key="a", **given):
    record = ItemRecord(form=ItemForm.SPOKEN, text="", key=key, neighbourhood_id=town.neighbourhood().id, act=act)
    return services.take(record, facts, by=by, **given)


def item_of(answer):
    db.session.rollback()
    return queries.by_number(answer.number)


def confirmed(answer, by):
    item = item_of(answer)
    return services.confirm(item.id, fingerprint(item.facts), by=by)


def one(model):
    db.session.rollback()
    return db.session.query(model).one()


def shown(user):
    return desk_numbers.shown(user.id, clock.now()).text


def on(bench, **words):
    return {"proposal": bench.number, "text": "우리 골목에도 놓아 주세요.", "stance": "for"} | words


@pytest.mark.both
def test_a_comment_of_nobody_stands_once_a_second_clerk_read_it_and_goes_by_its_code(town, browse):
    clerk, second, bench = town.clerk(), town.moderator(), town.proposal()
    for facts in (on(bench, stance="x"), on(bench, text=" "), on(bench, proposal="")):
        with pytest.raises(Refusal):
            taken(town, clerk, WindowAct.COMMENT, facts)
    with pytest.raises(Denied):
        taken(town, town.official(), WindowAct.COMMENT, on(bench))
    answer = taken(town, clerk, WindowAct.COMMENT, on(bench), contact=CONTACT)
    item = item_of(answer)
    assert (item.text, item.about, count(Comment), submissions.contact(item.submission)) == (
        bench.title, None, 0, CONTACT)
    for refused, by in ((Denied, clerk), (Denied, town.official())):
        with pytest.raises(refused):
            confirmed(answer, by)
    with pytest.raises(Conflict):
        items.check(item.id, item.text, by=second)
    services.send_back(item.id, "둘째 줄이 달라요.", by=second)
    services.write_again(item.id, on(bench, text="우리 골목에도 꼭 놓아 주세요."), by=clerk)
    with pytest.raises(Conflict):
        services.confirm(item.id, fingerprint(on(bench)), by=second)
    assert confirmed(answer, second).became is Became.DONE
    item, comment = item_of(answer), one(Comment)
    assert (item.facts, item.about.id, comment.at_desk, comment.thread.comment_count) == (None, comment.id, True, 1)
    with pytest.raises(NotFound):
        services.confirm(item.id, "", by=second)
    page = browse().get(f"/proposals/{bench.number}").text
    assert "꼭 놓아" in page and "현장에서 받은 말" in page and clerk.nickname not in page
    assert not [entry for entry in db.session.query(AuditEntry) if "김금천" in str(entry.details)]
    items.withdraw(answer.number, answer.code)
    assert (one(Comment).source, item_of(answer).about) == ("", None)


@pytest.mark.both
def test_a_project_in_somebody_s_name_takes_their_number_and_the_strict_rule(town):
    clerk, second, author, plain = town.clerk(), second_clerk(town), verified(town, is_resident=True), town.moderator()
    purse = budgets.new_round(town).envelopes[0]
    facts = {"envelope": str(purse.id), "title": "골목 쉼터 만들기", "text": "버스를 기다리며 앉아 쉴 의자를 세 개 놓아요.",
             "where": "골목", "cost": "10000000", "category": "safety", "neighbourhood": ""}
    with pytest.raises(Refusal):
        taken(town, clerk, WindowAct.PROJECT, facts | {"cost": str(10**13)})
    answer = taken(town, clerk, WindowAct.PROJECT, facts, desk_number=shown(author))
    assert [notice.step for notice in db.session.query(Notice).filter_by(user_id=author.id)] == ["taken_at_window"]
    with pytest.raises(Denied):
        confirmed(answer, plain)
    confirmed(answer, second)
    assert (one(Project).author_id, item_of(answer).about.kind) == (author.id, "project")
    items.withdraw(answer.number, answer.code)
    assert one(Project).state is ProjectState.WITHDRAWN
    nobodys = taken(town, clerk, WindowAct.PROJECT, facts, "b")
    confirmed(nobodys, plain)
    assert db.session.query(Project).filter_by(state=ProjectState.HANDED_IN).one().author_id is None


def places():
    db.session.rollback()
    return {place.submission.number: place.place for place in db.session.query(Registration)}


@pytest.mark.both
def test_somebody_without_an_account_gets_one_of_the_free_places_and_gives_it_back(town, browse):
    clerk, forum = town.clerk(), announced_forum(town, online_places=1, on_site_places=1)
    facts = {"forum": forum.slug, "way": "on_site"}
    with pytest.raises(Refusal):
        taken(town, clerk, WindowAct.REGISTRATION, facts)
    answer = taken(town, clerk, WindowAct.REGISTRATION, facts, contact=CONTACT)
    assert (one(Registration).place, item_of(answer).became) == (Place.HELD, Became.DONE)
    waits = taken(town, clerk, WindowAct.REGISTRATION, facts | {"needs": "휠체어 자리"}, "b", contact=CONTACT)
    who, at = verified(town, is_resident=True), browse()
    later = taken(town, clerk, WindowAct.REGISTRATION, facts, "c", desk_number=shown(who))
    with pytest.raises(Denied):
        taken(town, clerk, WindowAct.REGISTRATION, facts, "d", desk_number=shown(who))
    assert answer.number in browse(town.moderator()).get(f"/desk/forums/{forum.slug}/registrations").text
    here = f"/intake/{waits.number}"
    assert "기다리는 중" in at.post(here, data={"code": waits.code}).text and "기다리는 중" not in at.get(here).text
    items.withdraw(answer.number, answer.code)
    assert places() == {answer.number: Place.WITHDRAWN, waits.number: Place.HELD, later.number: Place.WAITING}
    assert "자리를 받았어요" in at.post(here, data={"code": waits.code}).text
    told = db.session.query(Notice).filter_by(step="place_at_window").one()
    assert (told.user_id, told.url) == (clerk.id, here)
    item = db.session.query(IntakeItem).filter_by(row_key="b").one()
    assert item.facts is None and own_words(registered.of_submission(item.submission_id)) == "휠체어 자리"
    claimer = town.user()
    making.verified(claimer, "김금천")
    assert claims.claim(waits.number, waits.code, by=claimer).is_granted
    assert "자리를 받았어요" in browse(claimer).get(f"/forums/{forum.slug}/registration").text


@pytest.mark.both
def test_a_sheet_of_answers_has_a_number_and_counts_once_another_typed_it(town):
    clerk, second, asked = town.clerk(), town.moderator(), consultation()
    paper.print_sheets(asked.id, 2, by=clerk)
    facts = {"consultation": asked.slug, "sheet": "1", "typed": "1" * len(LINES)}
    with pytest.raises(Refusal):
        taken(town, clerk, WindowAct.ANSWER, facts | {"typed": "9"})
    assert count(IntakeItem) == 0
    answer = taken(town, clerk, WindowAct.ANSWER, facts)
    assert (answer.code, item_of(answer).became) == (None, None)
    with pytest.raises(Conflict):
        taken(town, second, WindowAct.ANSWER, facts)
    paper.type_in(asked.id, 1, facts["typed"], by=second)
    assert (item_of(answer).became, item_of(answer).facts) == (Became.STATEMENT, None)


@pytest.mark.both
def test_acts_at_the_window_in_pages(town, browse):
    clerk, second, bench = town.clerk(), town.moderator(), town.proposal()
    at, there = browse(clerk), browse(second)
    for act in WindowAct:
        assert at.get(f"/desk/window/acts/{act}").status_code == 200
    sent = {"key": "a", "place": str(town.neighbourhood().id), "text": "우리 골목에도 놓아 주세요.", "stance": "for"}
    for words in ({}, {"proposal": bench.number}):  # a word or number alone does nothing
        assert at.post("/desk/window/acts/comment", data=sent | words).status_code == 422
    assert count(IntakeItem) == 0
    slip = at.post("/desk/window/acts/comment", data=sent | chosen("proposal", bench.number) | {
        "proposal": bench.number})
    item = one(IntakeItem)
    assert item.number in slip.text
    assert "우리 골목" in at.get(f"/desk/window/acts/{item.id}/text").text
    here = f"/desk/window/acts/{item.id}"
    page = there.get(here).text
    assert "우리 골목" in page and "찬성해요" in page and here in there.get("/desk/window").text
    assert there.post(here, data={"reason": "둘째 줄이 달라요.", "back": "1"}).status_code == 303
    assert at.post(f"{here}/text", data=sent | chosen("proposal", bench.number) | {
        "proposal": bench.number, "stance": "against"}).status_code == 303
    assert there.post(here, data={"text": fingerprint(one(IntakeItem).facts)}).status_code == 303
    assert "우리 골목" in browse().get(f"/proposals/{bench.number}").text
