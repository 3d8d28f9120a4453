"""Closing neighbourhoods and audiences with a successor; votes that run keep what they were fixed with."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import Affiliation, RoleGrant, User
from civic_forum.agendas.models import Agenda
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.policy import may_issue_paper
from civic_forum.ballots.rolls import operations
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.desk.services import closing
from civic_forum.desk.services import district as lists
from civic_forum.district import maps, queries
from civic_forum.district.filters import neighbourhood
from civic_forum.district.models import Neighbourhood
from civic_forum.district.rules import DistrictList
from civic_forum.notifications import labels
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from civic_forum.proposals.forms import BasicsForm
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import PROPOSALS
from civic_forum.proposals.rules import State
from civic_forum.site.queries import proposed_by_neighbourhood
from civic_forum.visits.models import VisitRequest
from tests.polls import making
from tests.sharing import things
from tests.visits.test_asking import asked

PLACES, AUDIENCES = DistrictList.NEIGHBOURHOODS, DistrictList.AUDIENCES
WHY = "행정동을 합쳐요."
pytestmark = pytest.mark.both


def day(number=1):
    return local(clock.now()).date() + making.timedelta(days=number)


def merge(of, entry, successor, two):
    change = closing.close(of, entry.id, successor.id, why=WHY, from_day=day(),
                           seen=queries.last_change(of, entry.id), by=two[0])
    closing.CLOSING.confirm(lists.subject_of(change.id), by=two[1])


def where(record, column):
    db.session.rollback()
    return db.session.scalar(sa.select(column).where(type(record).id == sa.inspect(record).identity[0]))


def test_open_things_move_and_past_ones_keep_their_place(town, two, later):
    old, new = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    draft = town.proposal(state=State.DRAFT, published_at=None, neighbourhood_id=old.id)
    gathering = town.proposal(neighbourhood_id=old.id)
    past = town.proposal(state=State.ANSWERED, neighbourhood_id=old.id)
    resident, clerk = town.resident(neighbourhood_id=old.id), town.clerk(neighbourhood=old)
    alone, twice = asked(town, place=old), asked(town, place=old, by=resident)
    asked(town, place=new, by=resident)
    merge(PLACES, old, new, two)
    counts = closing.counts(PLACES, db.session.get(Neighbourhood, old.id))
    assert {name: number for name, number in counts.items() if number} == {
        "homes": 1, "clerks": 1, "drafts_there": 1, "gathering_there": 1, "visit_requests": 2}
    assert later(1) == 1
    assert [where(proposal, Proposal.neighbourhood_id) for proposal in (draft, gathering, past)] == [
        new.id, new.id, old.id]
    assert where(resident, User.neighbourhood_id) == new.id
    assert [where(request, VisitRequest.neighbourhood_id) for request in (alone, twice)] == [new.id, old.id]
    assert "합친 동" in where(twice, VisitRequest.refused_because) and where(alone, VisitRequest.answered_at) is None
    grant = db.session.scalars(sa.select(RoleGrant).filter_by(user_id=clerk.id, withdrawn_at=None)).one()
    assert grant.neighbourhood_id == new.id and grant.department_id is None
    notice = db.session.scalars(sa.select(Notice).filter_by(user_id=clerk.id, step="role_moved")).one()
    assert "독산1동" in labels.sentence(notice.step, notice.details) and notice.url == "/desk"
    assert [place.id for place in queries.neighbourhoods() if place.id in (old.id, new.id)] == [new.id]
    assert queries.ids_by_name(queries.neighbourhoods(closed=True))["가산동"] == new.id


def test_lists_and_maps_group_by_the_successor(app, town, two, later):
    old, new = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    for place, title in ((old, "지난 이야기"), (new, "새 이야기")):
        town.proposal(state=State.ANSWERED, neighbourhood_id=place.id, title=title)
    merge(PLACES, old, new, two)
    later(1)
    with app.test_request_context():
        for place in (old, new):
            cards = PROPOSALS.read({"neighbourhood": str(place.id)}).page().items
            assert {card.title for card in cards} == {"지난 이야기", "새 이야기"}
        assert neighbourhood(Proposal.neighbourhood_id).known().keys() & {old.id, new.id} == {new.id}
        choices = {choice.value for choice in BasicsForm(formdata=None).neighbourhood.choices}
        assert str(new.id) in choices and str(old.id) not in choices
        places = maps.district_map(proposed_by_neighbourhood(local(clock.now()).date()), "건").places
        assert {place.id: place.value for place in places if place.value} == {new.id: 2}
    assert {place.id: place.value for place in maps.district_map({old.id: 2, new.id: 3}, "건").places
            if place.id in (old.id, new.id)} == {new.id: 5}


def test_nothing_is_given_to_a_closed_neighbourhood_any_more(town, two, later):
    old, new = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    merge(PLACES, old, new, two)
    later(1)
    assert queries.open_neighbourhood(old.id) is None and queries.open_neighbourhood(new.id) is not None
    with pytest.raises(Refusal, match="마지막|목록에서|이미 닫"):
        closing.close(PLACES, new.id, old.id, why=WHY, from_day=day(), seen=0, by=two[0])


def test_an_audience_is_merged_in_drafts_and_agendas(town, two, later):
    old, new = town.audience("노인"), town.audience("어르신")
    draft = town.proposal(state=State.DRAFT, published_at=None)
    past = town.proposal(state=State.ANSWERED)
    both = town.proposal()
    draft.audiences, past.audiences, both.audiences = [old], [old], [old, new]
    agenda = things.agenda(town)
    agenda.audiences = [old]
    db.session.commit()
    merge(AUDIENCES, old, new, two)
    assert later(1) == 1
    assert [[group.name_ko for group in db.session.get(kind, sa.inspect(record).identity[0]).audiences]
            for kind, record in ((Proposal, draft), (Proposal, past), (Proposal, both), (Agenda, agenda))] == [
        ["어르신"], ["노인"], ["어르신"], ["어르신"]]
    assert [group.name_ko for group in queries.audiences()] == ["어르신"]


def of_one_place(**facts):
    return {"who": ["구민"], "neighbourhoods": ["시흥1동"], "roll_fixed_on": day(-7).isoformat()} | facts


def late(town, place):
    """A resident of this neighbourhood who was verified after the roll was fixed."""
    return making.voter(town, place=place, since=clock.now())


def standing(made, user):
    db.session.rollback()
    roll = db.session.get(Poll, made.id).roll
    return rolls.own_entry(roll, db.session.get(User, user.id)).state


def test_a_running_vote_keeps_its_people_when_twenty_neighbourhoods_are_closed(town, two, later):
    old, new = town.neighbourhood(), town.neighbourhood("독산1동")
    others = [town.neighbourhood(f"옛{number}동") for number in range(19)]
    clerk = town.clerk(neighbourhood=old)
    growing = making.opened(town, voters=2, eligibility=of_one_place(roll_grows=True))
    everywhere = making.opened(town, voters=0, eligibility=of_one_place(neighbourhoods=[]))
    member, stranger = late(town, "시흥1동"), late(town, "독산1동")
    assert standing(growing, member) is EntryState.MAY_BE_ADDED
    before = [(vote.box.definition, vote.roll.rule, vote.roll_id, vote.roll.entries) for vote in (growing, everywhere)]
    for place in (old, *others):
        merge(PLACES, place, new, two)
    assert later(1) == 20
    after = [db.session.get(Poll, vote.id, populate_existing=True) for vote in (growing, everywhere)]
    assert [(vote.box.definition, vote.roll.rule, vote.roll_id, vote.roll.entries) for vote in after] == before
    assert [place.id for place in after[0].neighbourhoods] == [old.id]
    assert standing(growing, member) is EntryState.MAY_BE_ADDED, "who lived there may still be added"
    assert standing(growing, stranger) is EntryState.OTHER_NEIGHBOURHOOD, "and nobody of the successor"
    entry = db.session.scalars(sa.select(RollEntry).filter_by(roll_id=growing.roll_id).limit(1)).one()
    assert entry.neighbourhood_id == old.id
    assert may_issue_paper(db.session.get(User, clerk.id), old.id) is None, "the desk serves whom it served"


def test_a_prepared_vote_opens_after_its_neighbourhood_was_closed(town, two, later):
    old, new = town.neighbourhood(), town.neighbourhood("독산1동")
    made = making.prepared(town, eligibility=of_one_place())
    making.voter(town, place="독산1동")
    fingerprint, roll = made.box.fingerprint, made.roll_id
    merge(PLACES, old, new, two)
    assert later(1) == 1
    made = process.prepare(made.id, by=town.moderator())
    assert (made.box.fingerprint, made.roll_id) == (fingerprint, roll), "confirmations stand"


def test_a_vote_whose_roll_was_not_fixed_is_for_the_successor(town, two, later):
    old, new = town.neighbourhood(), town.neighbourhood("독산1동")
    made = making.poll(town, eligibility=of_one_place(roll_fixed_on=day(5).isoformat()),
                       opens_at={"days": 9, "time": "09:00"}, closes_at={"days": 12, "time": "18:00"})
    member, neighbour = making.voter(town), making.voter(town, place="독산1동")
    merge(PLACES, old, new, two)
    assert later(1) == 1
    made = db.session.get(Poll, made.id, populate_existing=True)
    assert "독산1동" in made.roll.rule and "시흥1동" not in made.roll.rule
    assert [place.id for place in made.neighbourhoods] == [new.id]
    assert standing(made, member) is standing(made, neighbour) is EntryState.WILL_BE_IN
    assert set(operations.entries_by_rule(rolls.rule_of(made.roll), made.roll.key_id).values()) == {new.id}
    assert db.session.scalar(sa.select(Affiliation.neighbourhood_id).filter_by(user_id=member.id)) == old.id
