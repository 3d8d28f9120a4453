"""The way of a hall's decision in Chromium, by four people: to the next meeting of a council, to a promise, to those
who supported the proposal and came to the hall, with the number of presses that it takes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.agendas.rules import Relation
from civic_forum.commitments.models import Commitment
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.notifications import commitments as news
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.proposals.services import supports
from tests.agendas.test_branching import begun
from tests.desk.test_first_day_in_chromium import Walk
from tests.forums.scene import live_forum
from tests.servers import axe, chromium, in_process

from .making import body

pytestmark = pytest.mark.one_database
MOST_PRESSES = 25
DECIDED = "밤길에 보안등 열두 개를 먼저 달아요."


@pytest.fixture
def walk(app, window, monkeypatch):
    """Somebody who is signed in at a window; presses are counted anew."""
    monkeypatch.setattr(Walk, "presses", 0)
    with in_process.served(app) as address:
        yield lambda user, width: Walk(in_process.sign_in(window(base_url=address, width=width), app, address, user))


@pytest.fixture
def hall(town):
    """A live forum about an agenda; somebody supports its proposal, somebody else came."""
    proposal = town.proposal()
    agenda = begun(town.moderator(), "night-walks", proposal, relation=Relation.CORE)
    scene = live_forum(town, about_kind="agenda", about_id=agenda.id)
    supporter = town.resident()
    supports.support(proposal.id, by=supporter)
    return scene, supporter, scene.person()


def looks_right(walk):
    assert axe.violations(walk.page) == [], walk.page.url
    assert chromium.overflow(walk.page) == 0, walk.page.url


def decides_in_the_hall(host, here):
    host.opens(f"{here}/host?tab=closing")
    host.types(**{"decision-text": DECIDED})
    host.presses_on("정한 것 적기")
    host.is_told("정한 것을 적었어요.")
    host.presses_on("공론장 마치기", role="link")
    host.presses_on("공론장 마치기")


def puts_it_on_the_next_meeting(moderator, here):
    moderator.opens(here)
    moderator.presses_on(f"위원회의 다음 회의에 올리기: {DECIDED}", role="link")
    looks_right(moderator)
    moderator.presses_on("올리기")
    moderator.is_told("다음 회의에 올라 있어요.")


def writes_the_meeting_down(secretary, council, department, due_on):
    now = local(clock.now())
    secretary.opens(f"/desk/bodies/{council.slug}/meetings/record")
    secretary.types(place="구청 소회의실", starts_at=f"{now - timedelta(days=1):%Y-%m-%dT14:00}",
                    ends_at=f"{now - timedelta(days=1):%Y-%m-%dT15:00}", **{"items-0-due_on": f"{due_on}"})
    secretary.chooses("items-0-kind", "결정")
    secretary.chooses("items-0-result", "가결")
    secretary.chooses("items-0-department", department)
    looks_right(secretary)
    secretary.presses_on("기록 남기기")
    secretary.is_told("기록을 남겼어요.")


def takes_the_promise(official):
    official.opens("/desk")
    official.presses_on(DECIDED, role="link")
    official.chooses("person", "이차석")
    official.presses_on("담당자 정하기")
    official.is_told("담당자를")
    official.presses_on("모두가 보는 화면", role="link")


def hears_of_it(person, words):
    person.opens("/me/notices")
    person.is_told(words)
    looks_right(person)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_decision_of_a_hall_becomes_a_promise_of_which_people_hear(town, hall, walk, width):
    scene, supporter, came = hall
    secretary, official, due_on = town.user(), town.official(nickname="이차석"), local(clock.now()).date()
    council = body(town, name="협치회의", secretary=secretary)
    department, here, due_on = town.department().name, f"/forums/{scene.forum.slug}", due_on + timedelta(days=90)
    decides_in_the_hall(walk(scene.host, width), here)
    puts_it_on_the_next_meeting(walk(scene.moderator, width), here)
    writes_the_meeting_down(walk(secretary, width), council, department, due_on)
    takes_the_promise(reader := walk(official, width))
    db.session.rollback()
    [made] = db.session.scalars(sa.select(Commitment))
    first, second = db.session.scalars(sa.select(Decision).order_by(Decision.id))
    assert (made.title, made.due_on, made.person_id) == (DECIDED, due_on, official.id)
    origins = reader.page.locator(".origins a")
    assert [link.get_attribute("href") for link in origins.all()] == [
        f"/forums/{slug}#decision-{decision.id}" for slug, decision in (
            (council_meeting(second), second), (scene.forum.slug, first))]
    looks_right(reader)
    assert news.tell_news() == 1
    hears_of_it(walk(supporter, width), "위원회가 회의에서 다뤘어요")
    hears_of_it(walk(came, width), "내가 함께한 일에서 나온 약속에 새 소식이 있어요.")
    assert Walk.presses <= MOST_PRESSES, Walk.presses


def council_meeting(decision):
    return db.session.scalar(sa.select(Forum.slug).filter_by(id=decision.forum_id))
