"""Decisions and counts without an outcome: they wait at the desk until it is told."""

from datetime import timedelta

import pytest

from civic_forum.agendas.rules import AgendaState
from civic_forum.agendas.services import making
from civic_forum.blocks.kinds import Ref
from civic_forum.district.models import Department
from civic_forum.platform import waiting
from civic_forum.platform.base import db
from civic_forum.platform.i18n import day, local
from civic_forum.outcomes import services
from tests.common import today
from tests.desk.test_desk_work import counts, desk, links
from tests.polls.published import published as voted
from tests.polls.published import votes

from .making import QUESTION, agenda, published, text

AGENDA, POLL = "/desk/outcomes/agendas/alley", "/desk/outcomes/polls/{}"


@pytest.fixture
def decided(town):
    """An agenda that is decided, with two officials of the department that leads it."""
    official, second = town.official(), town.official()
    made = agenda(town, official)
    making.move(made.id, AgendaState.DECIDED, by=town.moderator())
    return made, official, second


@pytest.mark.in_turns(of=5)
def test_a_decided_agenda_waits_for_the_department_that_leads_it_until_its_outcome_is_written(town, decided, browse):
    made, official, second = decided
    other = town.official(department=town.department("복지정책과"))
    page = desk(browse, official)
    assert counts(page) == {"모든 일": 1, "의제 결과 쓰기": 1} and links(page) == [AGENDA] and QUESTION in page
    assert links(desk(browse, other)) == [] == links(desk(browse, town.moderator()))
    services.save(Ref("agenda", made.id), text(), seen=0, by=official)
    assert links(desk(browse, second)) == [AGENDA]
    services.submit(Ref("agenda", made.id), text(), seen=1, by=official)
    assert counts(desk(browse, second)) == {"모든 일": 1, "결과 승인": 1}
    assert links(desk(browse, official)) == []


def test_an_agenda_that_is_only_deliberated_does_not_wait(town, browse):
    official = town.official()
    agenda(town, official)
    assert links(desk(browse, official)) == []


@pytest.mark.both
def test_a_published_vote_that_is_nobodys_waits_for_every_official_until_one_begins(town, browse):
    made = voted(town, votes(12, 20, 5), ballots=40, blank=3)
    official, other = town.official(), town.official(department=town.department("복지정책과"))
    for one in (official, other):
        assert links(desk(browse, one)) == [POLL.format(made.slug)]
        assert counts(desk(browse, one)) == {"모든 일": 1, "투표 결과 쓰기": 1}
    services.save(Ref("poll", made.id), text(), seen=0, by=official)
    assert links(desk(browse, official)) == [POLL.format(made.slug)]
    assert links(desk(browse, other)) == []


@pytest.mark.in_turns(of=5)
def test_a_published_vote_is_due_on_the_day_that_was_promised_before_it(town, browse):
    made = voted(town, votes(12, 20, 5), ballots=40, blank=3, answer_days=60)
    official, second, moderator = town.official(), town.official(), town.moderator()
    due = local(made.box.published_at).date() + timedelta(days=60)
    kinds = [kind for kind in waiting.sources(official, today()) if kind.name == "outcomes.polls"]
    [item] = waiting.listed(kinds, due=waiting.Due.ALL, today=today()).items
    assert (item.line.url, item.due_on) == (POLL.format(made.slug), due)
    here, task = f"/desk/polls/{made.slug}", f'href="{POLL.format(made.slug)}"'
    page = browse(moderator).get(here).text
    assert f"모든 부서의 업무 화면에 있어요. {day(due)}까지 써요." in page and task not in page
    assert task in browse(official).get(here).text
    assert f"60일 안({day(due)}까지)" in browse().get(f"/polls/{made.slug}").text
    services.save(Ref("poll", made.id), text(), seen=0, by=official)
    assert f"교통행정과에서 {day(due)}까지 결과를 어떻게 할지 써요." in browse(moderator).get(here).text
    outcome = services.submit(Ref("poll", made.id), text(), seen=1, by=official)
    services.approve(Ref("poll", made.id), seen=outcome.version, by=second)
    assert f'href="/outcomes/{outcome.id}"' in browse(moderator).get(here).text
    assert browse(moderator).get(f"{here}/outcome").status_code == 404
    assert "60일 안" not in browse().get(f"/polls/{made.slug}").text


@pytest.mark.in_turns(of=5)
def test_a_told_outcome_ends_the_waiting(town, browse):
    made = voted(town, votes(12, 20, 5), ballots=40, blank=3)
    official, second = town.official(), town.official()
    published("poll", made.id, official, second)
    assert counts(desk(browse, second)).keys().isdisjoint({"투표 결과 쓰기", "결과 승인"})


@pytest.mark.both
def test_the_department_is_named_in_the_language_of_the_page(town, decided, browse):
    _made, official, _second = decided
    [department] = official.department_ids()
    client = browse(official)
    korean = client.get("/desk").text
    english = client.get("/display?language=en&back=/desk", follow_redirects=True).text
    of = db.session.get(Department, department)
    assert of.name_ko in korean and of.words["en"] in english
