"""Absences, who stands in, and on whose desk what somebody carries is meanwhile."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import Absence, RoleGrant, User
from civic_forum.accounts.policy import may_note_absence
from civic_forum.accounts.queries import absences as queries
from civic_forum.accounts.rules import DEPUTIES_MOST, Away, Chain, Role, chain_fault, desk_of
from civic_forum.accounts.services import absences, people
from civic_forum.commitments.services import entries
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock, waiting
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import local
from tests.commitments.making import accepted
from tests.racing import at_once

TODAY = date(2026, 11, 27)
PEOPLE = range(12)


def day(number=0):
    return local(clock.now()).date() + timedelta(days=number)


def away_on(spans, moment):
    return {span.person: span.deputy for span in spans if span.from_day <= moment <= span.until_day}


SPANS = st.lists(st.builds(
    lambda person, deputy, start, length: Away(person, deputy, TODAY + timedelta(days=start),
                                               TODAY + timedelta(days=start + length)),
    st.sampled_from(PEOPLE), st.none() | st.sampled_from(PEOPLE), st.integers(0, 20), st.integers(0, 9)), max_size=16)


@pytest.mark.in_turns(of=5)
@settings(max_examples=25, deadline=None)
@given(SPANS, st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(-5, 25)), min_size=300, max_size=300),
       st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 25)), max_size=5), st.integers(1, 24),
       st.none() | st.sampled_from(PEOPLE))
def test_at_every_hour_each_duty_is_on_one_living_desk_and_no_day_moves(spans, duties, leavings, closed, head):
    """Two departments, of which one is closed on a day; people leave; what they carry falls due on its own day."""
    due = [(person, TODAY + timedelta(days=number)) for person, number in duties]
    for hour in range(0, 25 * 24, 7):
        moment = TODAY + timedelta(days=hour // 24)
        departments = {0: set(PEOPLE) - set(range(6, 12)), 1: set(range(6, 12))}
        if hour >= closed * 24:
            departments = {0: set(PEOPLE)}
        gone = {person for person, number in leavings if hour >= number * 24 + 18}
        away = away_on(spans, moment)
        late = 0
        for person, falls in due:
            place = next(number for number, members in departments.items() if person in members)
            staff = departments[place] - gone
            desk = desk_of(person, away, staff, head if head in staff else None)
            assert desk is None or desk in staff and desk not in away, "on a desk at which somebody is"
            assert desk is not None or person not in staff or person in away, "who is there keeps what they carry"
            late += falls < moment
        assert late == sum(falls < moment for _person, falls in due)


@given(SPANS)
def test_accepted_absences_have_no_circle_and_no_longer_chain(spans):
    if chain_fault(spans) is not None:
        return
    for number in range(31):
        away = away_on(spans, TODAY + timedelta(days=number))
        for person in away:
            chain = [person]
            while chain[-1] in away and away[chain[-1]] is not None:
                chain.append(away[chain[-1]])
                assert len(chain) - 1 <= DEPUTIES_MOST and chain[-1] not in chain[:-1]


@pytest.mark.parametrize("pairs, fault", [
    ([(0, 1)], None), ([(0, 1), (1, 2), (2, 3)], None), ([(0, 1), (1, 2), (2, 3), (3, None)], None),
    ([(0, 1), (1, 2), (2, 3), (3, 4)], Chain.DEEP), ([(0, 1), (1, 0)], Chain.CIRCLE), ([(0, 0)], Chain.CIRCLE)])
def test_three_deputies_follow_each_other_and_no_four(pairs, fault):
    assert chain_fault([Away(person, deputy, TODAY, TODAY) for person, deputy in pairs]) == fault


@pytest.mark.parametrize("away, desk", [
    ({}, 0), ({0: 1}, 1), ({0: None}, 5), ({0: 1, 1: None}, 5), ({0: 1, 1: 2, 2: 3}, 3), ({0: 9}, 5),
    ({0: None, 5: None}, None)])
def test_the_head_is_asked_where_no_deputy_is_there(away, desk):
    assert desk_of(0, away, set(range(6)), 5) == desk


@pytest.fixture
def office(town):
    """A carrier, a deputy, a head and somebody of another department."""
    people_ = [town.official(nickname=name) for name in ("김나름", "이차석", "박과장")]
    people.grant(people_[2], Role.OFFICIAL, department_id=town.department().id, is_head=True, by=None)
    return [*people_, town.official(department=town.department("다른 과"))]


def on_desk(user):
    """Titles and notes of promises on the desk of this one today."""
    db.session.rollback()
    desk = queries.desk(user, day())
    sources = waiting.sources(user, day(), elsewhere=desk.elsewhere, stands_in=desk.stands_in)
    sources = [source for source in sources if source.name.startswith("commitments.")]
    return [about for item in waiting.listed(sources, due=waiting.Due.ALL, today=day()).items
            for about in item.line.about]


@pytest.mark.both
def test_a_promise_lies_on_one_desk_by_the_calendar(town, office, at):
    carrier, deputy, head, _other = office
    promise = accepted(town, carrier, deputy)
    entries.name_person(promise.id, carrier.id, seen=promise.version, by=deputy)
    here = clock.now()
    absences.note(carrier.id, day(1), day(2), deputy.id, by=carrier)
    absences.note(deputy.id, day(2), day(3), None, by=head)
    at(here)
    assert on_desk(carrier) and not on_desk(deputy) and not on_desk(head)
    at(here + timedelta(days=1))
    assert not on_desk(carrier) and not on_desk(head)
    assert any("김나름 대신" in note for note in on_desk(deputy))
    at(here + timedelta(days=2))
    assert not on_desk(carrier) and not on_desk(deputy) and any("김나름 대신" in note for note in on_desk(head))
    at(here + timedelta(days=3))
    assert on_desk(carrier) and not on_desk(deputy) and not on_desk(head)


def test_of_who_left_the_whole_department_sees_what_they_carried(town, office):
    carrier, deputy, head, _other = office
    promise = accepted(town, carrier, deputy)
    entries.name_person(promise.id, carrier.id, seen=promise.version, by=deputy)
    assert not on_desk(deputy)
    people.withdraw(carrier.grants[0].id, by=None)
    assert on_desk(deputy) and on_desk(head)


@pytest.mark.both
def test_the_deputy_is_told_on_the_day_and_once(town, office, at):
    carrier, deputy, *_others = office
    absences.note(carrier.id, day(1), day(2), deputy.id, by=carrier)
    assert absences.tell_deputies() == 0
    at(clock.now() + timedelta(days=1))
    assert (absences.tell_deputies(), absences.tell_deputies()) == (1, 0)
    assert db.session.scalars(sa.select(Notice.step).filter_by(user_id=deputy.id)).all() == ["duty_deputy"]


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("way", ["withdrawn", "ended", "elsewhere as well"])
def test_a_deputy_who_leaves_stands_in_no_more_and_the_head_does(town, office, at, way):
    carrier, deputy, head, _other = office
    promise = accepted(town, carrier, deputy)
    entries.name_person(promise.id, carrier.id, seen=promise.version, by=deputy)
    absences.note(carrier.id, day(2), day(5), deputy.id, by=carrier)
    if way == "elsewhere as well":
        people.grant(deputy, Role.OFFICIAL, department_id=town.department("다른 과").id, by=None)
    grant = db.session.scalar(sa.select(RoleGrant).filter_by(user_id=deputy.id, department_id=town.department().id))
    if way == "ended":
        grant.ends_on = day()
        db.session.commit()
        at(clock.now() + timedelta(days=1))
        assert people.end_due() == 1
    else:
        people.withdraw(grant.id, by=None)
    assert db.session.scalars(sa.select(Absence.deputy_id)).all() == [None]
    at(clock.now() + timedelta(days=1 if way == "ended" else 2))
    assert absences.tell_deputies() == 0 and not on_desk(deputy)
    assert any("김나름 대신" in note for note in on_desk(head))


@pytest.mark.both
def test_a_deputy_with_another_post_beside_the_one_that_ends_stands_in_still(town, office):
    carrier, deputy, _head, other = office
    absence = absences.note(carrier.id, day(), day(5), deputy.id, by=carrier)
    people.grant(deputy, Role.OFFICIAL, department_id=other.grants[0].department_id, by=None)
    people.withdraw(db.session.scalar(sa.select(RoleGrant.id).filter_by(
        user_id=deputy.id, department_id=other.grants[0].department_id)), by=None)
    db.session.refresh(absence)
    assert absence.deputy_id == deputy.id


@pytest.mark.both
@pytest.mark.parametrize("who, kind", [("carrier", None), ("head", None), ("administrator", None), ("deputy", Denied),
                                       ("other", Denied), ("resident", Denied)])
def test_an_absence_is_noted_by_oneself_the_head_or_an_administrator(town, office, who, kind):
    carrier, deputy, head, other = office
    actor = {"carrier": carrier, "head": head, "deputy": deputy, "other": other}.get(who) or getattr(town, who)()
    db.session.refresh(actor)
    if kind is None:
        absence = absences.note(carrier.id, day(), day(2), deputy.id, by=actor)
        absences.remove(absence.id, by=actor)
        with pytest.raises(NotFound):
            absences.remove(absence.id, by=actor)
    else:
        with pytest.raises(kind):
            absences.note(carrier.id, day(), day(2), deputy.id, by=actor)
        assert may_note_absence(actor, carrier)
        absence = absences.note(carrier.id, day(), day(2), None, by=carrier)
        with pytest.raises(kind):
            absences.remove(absence.id, by=actor)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("facts, sentence", [
    ({"from_day": None}, "첫날과 마지막 날"), ({"from_day": -1}, "첫날과 마지막 날"), ({"until_day": 0}, "첫날과 마지막 날"),
    ({"until_day": 9999}, "첫날과 마지막 날"), ({"from_day": 2, "until_day": 9}, "이미 적은"), ({"deputy": "other"}, "같은 일"),
    ({"deputy": "carrier"}, "같은 일"), ({"deputy": "nobody"}, "같은 일"), ({"deputy": "away"}, "서로 대신")])
def test_an_absence_that_cannot_be_is_refused(town, office, facts, sentence):
    carrier, deputy, _head, other = office
    absences.note(carrier.id, day(5), day(6), None, by=carrier)
    absences.note(deputy.id, day(1), day(4), carrier.id, by=deputy)
    chosen = {"other": other.id, "carrier": carrier.id, "nobody": 10**9, "away": deputy.id}.get(facts.get("deputy"))
    spans = {"from_day": 1, "until_day": 3} | {name: value for name, value in facts.items() if name != "deputy"}
    start, end = (None if spans[name] is None else day(spans[name]) for name in ("from_day", "until_day"))
    if "until_day" in facts and "from_day" in facts:
        end = day(9)
    with pytest.raises((Refusal, Conflict), match=sentence):
        absences.note(carrier.id, start, end, chosen, by=carrier)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Absence)) == 2


def test_only_somebody_of_the_list_is_chosen_on_the_page(town, office, browse):
    carrier, deputy, _head, other = office
    page, address, expected = browse(carrier), f"/desk/absences/people/{carrier.id}", deputy.id
    days = {"from_day": day(1).isoformat(), "until_day": day(2).isoformat()}
    for wrong in (str(other.id), str(carrier.id), "nobody", "0"):
        answer = page.post(address, data=days | {"deputy": wrong})
        assert answer.status_code == 422 and "목록에 있는 것을 골라 주세요." in answer.text
    assert page.post(address, data=days | {"deputy": str(deputy.id)}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Absence.deputy_id)).all() == [expected]


@pytest.mark.both
def test_of_two_absences_on_the_same_days_that_are_noted_at_once_one_is(app, town, office):
    carrier, _deputy, head, _other = office
    people_, days = (carrier, head), (day(1), day(2))
    db.session.rollback()
    numbers = [person.id for person in people_]
    db.session.rollback()

    def note(number):
        by = db.session.get(User, numbers[number])
        return absences.note(numbers[0], days[0], days[1], None, by=by).id

    kinds = [isinstance(answer, Conflict) for answer in at_once(app, 2, note)]
    assert sorted(kinds) == [False, True]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Absence)) == 1


@pytest.mark.both
def test_a_department_has_one_head(town, office):
    _carrier, deputy, head, _other = office
    people.grant(deputy, Role.OFFICIAL, department_id=town.department().id, is_head=True, by=None)
    heads = db.session.scalars(sa.select(RoleGrant.user_id).filter_by(is_head=True, withdrawn_at=None)).all()
    assert heads == [deputy.id] and head.id not in heads
    with pytest.raises(Refusal, match="부서 담당자만"):
        people.grant(head, Role.MODERATOR, is_head=True, by=None)
