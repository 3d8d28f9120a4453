"""Names on sheets: two people type how many can be read; the number is shown apart, the sheet kept and shredded."""

import re
from datetime import timedelta

import pytest

from civic_forum.accounts.models import User
from civic_forum.answers.models import Duty
from civic_forum.blocks import submissions
from civic_forum.intake import services as items
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import ItemForm, ItemRecord, ItemState
from civic_forum.intake.signatures import queries, services
from civic_forum.moderation.rules import Decision, Rule
from civic_forum.moderation.services import cases
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.factories import count
from tests.racing import all_at_once, on_postgresql


def sheet(town, names=23, key="a", number=""):
    return ItemRecord(form=ItemForm.SIGNATURE, text="", key=key, names=names, number=number,
                      neighbourhood_id=town.neighbourhood().id)


def state(proposal):
    db.session.rollback()
    known = db.session.get_one(Proposal, proposal.id)
    return known.state, known.paper_count


@pytest.mark.both
def test_two_people_count_and_neither_sees_the_other_s_number(town, browse):
    clerk, second, proposal = town.clerk(), town.moderator(), town.proposal(threshold=90)
    for names in (0, 101):
        with pytest.raises(Refusal):
            services.count_first(sheet(town, names), proposal.number, by=clerk)
    with pytest.raises(Denied):
        services.count_first(sheet(town), proposal.number, by=town.official())
    item = services.count_first(sheet(town), proposal.number, by=clerk)
    assert services.count_first(sheet(town, 9), proposal.number, by=clerk).id == item.id
    with pytest.raises(Denied):
        services.count_again(item.id, 86, by=clerk)
    with pytest.raises(Conflict):
        items.check(item.id, "", by=second)
    differs = services.count_again(item.id, 87, by=second)
    assert (differs.state, differs.names) == (ItemState.RETURNED, None)
    assert "두 사람이 센 수가 달라요" in browse(clerk).get("/desk/window/sheets").text
    services.count_again(item.id, 87, by=second)
    sheet_of_clerk = browse(clerk).get(f"/desk/window/sheets/{item.id}").text.split("<main")[1].split("<footer")[0]
    assert not re.search(r'>[^<]*\b87\b|value="87"', sheet_of_clerk)
    assert state(proposal) == (State.GATHERING, 0)
    services.count_again(item.id, 87, by=clerk)
    with pytest.raises(Conflict):
        services.count_again(item.id, 87, by=second)
    assert state(proposal) == (State.GATHERING, 87)
    assert "종이에 이름을 적은 사람 87명. 온라인과 겹칠 수 있어요" in browse().get(f"/proposals/{proposal.number}").text
    assert "이름 87명" in browse().get("/intake").text


@pytest.mark.both
def test_a_number_of_a_sheet_is_taken_once(town):
    clerk, proposal = town.clerk(), town.proposal()
    with use_case(None) as work:
        number = submissions.begin(work.session, "intake", at=work.at, coded=False).submission.number
    services.count_first(sheet(town, number=number), proposal.number, by=clerk)
    with pytest.raises(Conflict):
        services.count_first(sheet(town, key="b", number=number), proposal.number, by=town.moderator())
    with pytest.raises(Conflict):
        services.count_first(sheet(town, key="c"), town.proposal(state=State.WITHDRAWN).number, by=clerk)
    assert count(IntakeItem) == 1


@pytest.mark.both
def test_paper_and_supports_together_oblige_the_office_in_public(town, browse):
    clerk, second, proposal = town.clerk(), town.moderator(), town.proposal(threshold=30, support_count=8)
    for key, names in (("a", 21), ("b", 1)):
        item = services.count_first(sheet(town, names, key), proposal.number, by=clerk)
        if key == "b":
            assert not queries.enough_with_paper(second)
            with pytest.raises(Conflict):
                services.open_duty(proposal.number, looked=True, by=second)
        services.count_again(item.id, names, by=second)
    assert state(proposal) == (State.GATHERING, 22)
    assert (len(queries.enough_with_paper(second)), list(queries.enough_with_paper(clerk))) == (1, [])
    for refused, looked, by in ((Refusal, False, second), (Denied, True, clerk), (Denied, True, town.official())):
        with pytest.raises(refused):
            services.open_duty(proposal.number, looked=looked, by=by)
    services.open_duty(proposal.number, looked=True, by=second)
    with pytest.raises(Conflict):
        services.open_duty(proposal.number, looked=True, by=second)
    assert (state(proposal), count(Duty)) == ((State.ANSWER_DUE, 22), 1)
    assert "온라인 공감 8명, 종이에 이름을 적은 사람 22명" in browse().get(f"/proposals/{proposal.number}").text


@pytest.mark.both
def test_a_sheet_is_kept_sixty_days_and_shredded_once(town, browse, monkeypatch):
    clerk, second, proposal = town.clerk(), town.moderator(), town.proposal()
    at = browse(clerk)
    at.post("/desk/window/sheets", data={"key": "a", "place": str(town.neighbourhood().id), "names": "3",
                                         "proposal": proposal.number})
    db.session.rollback()
    item = db.session.query(IntakeItem).one()
    browse(second).post(f"/desk/window/sheets/{item.id}", data={"names": "3"})
    assert at.post(f"/desk/window/sheets/{item.id}/shredding").status_code == 409
    later = clock.now() + timedelta(days=60)
    monkeypatch.setattr(clock, "read", lambda: later)
    db.session.rollback()
    services.shred(item.id, by=db.session.get_one(User, second.id))
    with pytest.raises(Conflict):
        services.shred(item.id, by=db.session.get_one(User, clerk.id))
    db.session.rollback()
    assert db.session.get_one(IntakeItem, item.id).shredded_by_id == second.id and not queries.kept()


@on_postgresql
def test_two_count_as_the_second_at_once(app, town):
    proposal = town.proposal()
    item_id = services.count_first(sheet(town), proposal.number, by=town.clerk()).id
    others = [town.moderator().id, town.moderator().id]
    all_at_once(app, *(lambda other=other: services.count_again(
        item_id, 23, by=db.session.get_one(User, other)) for other in others))
    assert state(proposal)[1] == 23


@pytest.mark.in_turns(of=5)
def test_names_of_a_hidden_sheet_do_not_count(town):
    clerk, second, proposal = town.clerk(), town.moderator(), town.proposal(threshold=50)
    with use_case(None) as work:
        slip = submissions.begin(work.session, "intake", at=work.at)
        number, code = slip.submission.number, slip.code
    item = services.count_first(sheet(town, number=number), proposal.number, by=clerk)
    services.count_again(item.id, 23, by=second)
    with pytest.raises(Refusal):
        items.withdraw(number, code)
    hiding = Decision(True, None, rule=Rule.FALSEHOOD, reason="지어낸 이름이에요.")
    act, = cases.decide("intake_item", item.id, hiding, by=second)
    assert state(proposal) == (State.GATHERING, 0)
    cases.take_back(act.id, by=second)
    assert state(proposal) == (State.GATHERING, 23)
