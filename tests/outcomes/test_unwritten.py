"""Decisions and counts without an outcome: they wait at the desk until it is told."""

import pytest

from civic_forum.agendas.rules import AgendaState
from civic_forum.agendas.services import making
from civic_forum.blocks.kinds import Ref
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.outcomes import services
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
    assert of.name_ko in korean and of.name_en in english
