"""Right to prepare: moderators all, officials what their department holds, clerks visits of their own neighbourhood."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.district import extensions
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing import services
from civic_forum.forums.preparing.parts import Holder, Times, Wording
from civic_forum.forums.preparing.process import PROCESS
from civic_forum.forums.rules import Form
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.platform.work import use_case
from tests.common import commit, form_of, main_of, stamp
from tests.forums.scene import announced_forum

from .test_desk import DESK, sent_to


def held_by(department=None, form=Form.SESSION, place=None) -> Holder:
    return Holder(form, department and department.id, place and place.id)


def make(holder: Holder, by, slug="course") -> Forum:
    starts = clock.now() + timedelta(days=9)
    return services.create(slug, holder, Wording("마을 교육", "무엇을 배울까요?"),
                           Times("구청", starts, starts + timedelta(hours=2)), by=by)


@pytest.mark.both
def test_an_official_prepares_a_session_of_the_own_department_from_the_first_form_on(town, browse):
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    announced_forum(town, title="도로과가 여는 회의", form=Form.MEETING, department_id=roads.id)
    page, starts = browse(town.official(department=parks)), clock.now() + timedelta(days=9)
    sent = form_of(page, f"{DESK}/new")
    assert sent["department_id"] == str(parks.id) and sent["form"] == "forum"
    answer = page.post(f"{DESK}/new", data=sent | {
        "form": "session", "title": "나무 돌보기", "question": "어떻게 돌볼까요?", "slug": "trees", "place": "공원",
        "starts_at": stamp(starts), "ends_at": stamp(starts + timedelta(hours=2))})
    assert answer.status_code == 303 and answer.location == f"{DESK}/trees"
    shown = main_of(page.get(DESK))
    assert "나무 돌보기" in shown and "교육" in shown and "도로과가 여는 회의" not in shown
    assert "교육 준비하기" in page.get(f"{DESK}/trees").text
    assert sent_to(page, f"{DESK}/trees/holder", form="meeting").status_code == 303
    assert "회의 준비하기" in page.get(f"{DESK}/trees").text
    assert sent_to(page, f"{DESK}/trees/holder", form="party").status_code == 422
    assert sent_to(page, f"{DESK}/trees/holder", department_id=str(roads.id)).status_code == 403
    for other in (town.official(department=roads), town.clerk()):
        assert "나무 돌보기" not in main_of(browse(other).get(DESK))
        assert browse(other).get(f"{DESK}/trees").status_code == 403


@pytest.mark.both
@pytest.mark.parametrize("form", list(Form))
def test_officials_prepare_every_form_of_their_department_and_none_of_others(town, form):
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    official = town.official(department=parks)
    assert make(held_by(parks, form), official).department_id == parks.id
    for holder in (held_by(roads, form), held_by(None, form, town.neighbourhood())):
        with pytest.raises(Denied):
            make(holder, official, "other")
        db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Forum.id))) == 1


@pytest.mark.both
def test_clerks_prepare_visits_of_their_own_neighbourhood_alone(town):
    here, there = town.neighbourhood(), town.neighbourhood("독산1동")
    clerk = town.clerk()
    assert clerk.neighbourhood_ids() == {here.id}
    assert make(held_by(None, Form.VISIT, here), clerk).neighbourhood_id == here.id
    for holder in (held_by(None, Form.VISIT, there), held_by(None, Form.FORUM, here), held_by(form=Form.VISIT)):
        with pytest.raises(Denied):
            make(holder, clerk, "other")
        db.session.rollback()


@pytest.mark.both
def test_nobody_gives_away_what_they_may_prepare(town):
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    official, moderator = town.official(department=parks), town.moderator()
    forum = make(held_by(parks), official)
    number, version = forum.id, forum.version
    with pytest.raises(Denied):
        PROCESS.write(number, held_by(roads), version=version, by=official)
    db.session.rollback()
    assert db.session.get_one(Forum, number).department_id == parks.id
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).filter_by(action="forums.edited")) == 0
    PROCESS.write(number, held_by(roads), version=version, by=moderator)
    with pytest.raises(Denied):
        PROCESS.write(number, Wording("다른 말", "무엇을 할까요?"), version=version + 1, by=official)


def test_a_role_that_was_withdrawn_meanwhile_prepares_nothing(town):
    parks = town.department("공원녹지과")
    official = town.official(department=parks)
    forum = make(held_by(parks), official)
    number, version = forum.id, forum.version
    assert official.department_ids() == {parks.id}
    commit(sa.update(RoleGrant).filter_by(user_id=official.id).values(withdrawn_at=clock.now()))
    with pytest.raises(Denied):
        PROCESS.write(number, Wording("다른 말", "무엇을 할까요?"), version=version, by=official)


def test_gatherings_to_come_go_to_the_successor_of_a_closed_department(town):
    parks, roads = town.department("공원녹지과"), town.department("도로과")
    coming = announced_forum(town, department_id=parks.id)
    then = clock.now() - timedelta(days=3)
    past = announced_forum(town, starts_at=then, opened_at=then, closed_at=then + timedelta(hours=2),
                           department_id=parks.id)
    with use_case(None) as work:
        assert extensions.OPEN_WORK["forums"].carry_over(work, parks.id, roads.id) == 1
    assert (coming.department_id, past.department_id) == (roads.id, parks.id)
