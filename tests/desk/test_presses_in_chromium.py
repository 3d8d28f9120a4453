"""Presses that the daily work of an office takes in a browser: handing over, a person in charge, departments."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.commitments.models import Commitment
from civic_forum.commitments.services import entries
from civic_forum.desk.services import district as lists
from civic_forum.district.models import Department
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.commitments.making import accepted
from tests.desk.test_first_day_in_chromium import Walk, makes_a_list
from tests.polls.making import administrator

pytestmark = pytest.mark.one_database
MOST_TO_HAND_OVER, MOST_TO_NAME = 6, 3


@pytest.fixture
def walk(signed_in, monkeypatch):
    """Somebody who is signed in at a window; presses are counted anew."""
    monkeypatch.setattr(Walk, "presses", 0)
    return lambda user, **options: Walk(signed_in(user, **options))


@pytest.fixture
def promise(town):
    """A promise with somebody in charge, and a colleague."""
    carrier, colleague = town.official(nickname="김나름"), town.official(nickname="이차석")
    made = accepted(town, carrier, colleague)
    entries.name_person(made.id, carrier.id, seen=made.version, by=colleague)
    return made.id, carrier.id, colleague.id


def person_of(promise_id):
    db.session.rollback()
    return db.session.scalar(sa.select(Commitment.person_id).filter_by(id=promise_id))


def test_handing_over_takes_two_people_and_six_presses(town, promise, walk):
    promise_id, carrier, colleague = promise
    two, place = (administrator(town), administrator(town)), town.department().id
    first = walk(two[0], width=390)
    first.opens("/desk/roles")
    first.presses_on("떠나요 김나름", role="link")
    first.chooses(f"commitments_{place}", "이차석 · 지금 맡은 것 0개")
    first.presses_on("승인 부탁하기")
    first.is_told("부탁했어요.")
    db.session.rollback()
    second = walk(two[1], width=1280)
    second.opens(f"/desk/roles/people/{carrier}/leaving")
    second.presses_on("승인하기")
    second.is_told("넘겼어요.")
    assert person_of(promise_id) == colleague and Walk.presses <= MOST_TO_HAND_OVER, Walk.presses


def test_the_person_of_a_promise_is_one_select(promise, walk):
    promise_id, carrier, colleague = promise
    official = walk(db.session.get_one(Commitment, promise_id).person)
    official.opens(f"/desk/commitments/{promise_id}")
    form = official.page.locator("form[action$='/person']")
    assert form.locator("input:not([type=hidden]), textarea").count() == 0 and form.locator("select").count() == 1
    official.chooses("person", "이차석")
    Walk.presses += 1
    form.get_by_role("button").click()
    official.is_told("담당자를")
    assert person_of(promise_id) == colleague and Walk.presses <= MOST_TO_NAME, Walk.presses


def test_a_department_is_made_and_renamed_in_the_browser_and_stays_one(town, walk, at):
    boss = walk(administrator(town))
    boss.opens("/desk/district")
    makes_a_list(boss, "부서 목록에 더하기", "교통과, Traffic")
    boss.presses_on("바꾸기 교통과", role="link")
    boss.types(name_ko="교통행정과", from_day=f"{local(clock.now()).date() + timedelta(days=1)}", why="조직을 바꿔요.")
    boss.presses_on(re.compile("^정하기$|이름 바꾸기"))
    db.session.rollback()
    assert db.session.scalars(sa.select(Department.name_ko)).all() == ["교통과"]
    at(clock.now() + timedelta(days=1))
    assert lists.apply_due() == 1
    db.session.rollback()
    [department] = db.session.scalars(sa.select(Department))
    assert department.name_ko == "교통행정과" and list(department.names) == ["교통행정과", "교통과"]
    assert Walk.presses <= 6, Walk.presses
