"""A result that becomes an agenda in one step."""

from datetime import timedelta

import pytest

from civic_forum.agendas.models import Agenda, AgendaVersion
from civic_forum.agendas.rules import AgendaState
from civic_forum.agendas.services import making
from civic_forum.agendas.services.making import Wording
from civic_forum.journeys.models import JourneyEntry
from civic_forum.opinions import queries, services
from civic_forum.opinions.rules import Became
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from tests.notifications.told import steps
from tests.racing import at_once

from .making import consultation
from .published import COUNTS, result

OVER = timedelta(days=20)


def finished(town, *, last=True, lines=None, counts=COUNTS, **facts):
    asked = consultation(*([lines] if lines else []), open_since=OVER, **facts)
    made = result(asked, counts=counts)
    made.is_last = last
    db.session.commit()
    return asked


@pytest.mark.both
def test_shared_statements_become_questions_of_an_agenda(town):
    place = town.neighbourhood("가산동")
    asked = finished(town, department_id=town.department().id)
    asked.neighbourhoods = [place]
    db.session.commit()
    made = services.make_agenda(asked.id, by=town.moderator())
    db.session.rollback()
    agenda = db.session.get_one(Agenda, made.id)
    assert (agenda.state, agenda.published_at, agenda.question) == (AgendaState.PREPARING, None, asked.question)
    assert "“밤길 등을 낮게 달아 주세요.” 어떻게 하면 될까요?" in agenda.summary and "<li>" in agenda.summary_html
    assert "자전거" not in agenda.summary, "one group does not agree"
    assert (agenda.lead_department_id, agenda.neighbourhoods) == (asked.department_id, [place])
    assert db.session.get(AgendaVersion, (agenda.id, 1)).summary == agenda.summary
    assert asked.agenda_id == agenda.id
    assert [one.became for one in queries.statements(asked.id)] == [Became.AGENDA, *[None] * 5]


@pytest.mark.both
def test_lines_with_marks_of_markdown_stay_as_they_were_written(town):
    asked = finished(town, lines=["*등*을 [달아](http://x.example) 주세요 <b>", *"나다라마바"])
    agenda = services.make_agenda(asked.id, by=town.moderator())
    assert "*등*을 [달아](http://x.example) 주세요 &lt;b&gt;" in agenda.summary_html
    assert "<a " not in agenda.summary_html and "<em>" not in agenda.summary_html


def test_a_long_question_gives_way_to_the_title(town):
    asked = finished(town, question="질문 " * 90)
    assert services.make_agenda(asked.id, by=town.moderator()).question == asked.title


def test_it_is_made_once_after_the_last_result_by_moderators(town):
    moderator = town.moderator()
    asked = finished(town)
    with pytest.raises(Denied):
        services.make_agenda(asked.id, by=town.official())
    services.make_agenda(asked.id, by=moderator)
    with pytest.raises(Denied):
        services.make_agenda(asked.id, by=moderator)
    for unready in (finished(town, last=False), consultation(open_since=OVER),
                    finished(town, counts=[([5, 44, 54], [26, 2, 30])])):
        with pytest.raises(Conflict):
            services.make_agenda(unready.id, by=moderator)
    with pytest.raises(Denied):
        services.make_agenda(consultation().id, by=moderator)
    assert db.session.query(Agenda).count() == 1


@pytest.mark.both
def test_two_moderators_make_one_agenda(app, town):
    asked_id, moderator = finished(town).id, town.moderator()
    db.session.rollback()
    found = at_once(app, 3, lambda _n: services.make_agenda(asked_id, by=moderator).id)
    db.session.rollback()
    assert sum(isinstance(one, int) for one in found) == 1 == db.session.query(Agenda).count()


def test_statements_taken_out_or_answered_since_stay_so(town):
    moderator = town.moderator()
    asked = finished(town, counts=[COUNTS[0], COUNTS[0], COUNTS[0]])
    services.decide(asked.id, 2, services.Decision.TAKE_OUT, why="같은 말이 둘이에요.", by=moderator)
    services.say_what_became(asked.id, 3, Became.PROMISE, "올해 안에 해요.", by=moderator)
    agenda = services.make_agenda(asked.id, by=moderator)
    assert [one.became for one in queries.statements(asked.id)][:3] == [Became.AGENDA, None, Became.PROMISE]
    assert agenda.summary.count("어떻게 하면 될까요?") == 2


@pytest.mark.both
def test_such_an_agenda_is_published_without_proposals_and_lines_lead_there(town, browse):
    moderator = town.moderator()
    asked = finished(town)
    agenda = services.make_agenda(asked.id, by=moderator)
    page = browse(moderator)
    assert "모두에게 공개하기" in page.get(f"/desk/agendas/{agenda.slug}").text
    assert queries.statement(asked.id, 1).became_url is None, "nobody could read it yet"
    making.publish(agenda.id, by=moderator)
    db.session.rollback()
    assert queries.statement(asked.id, 1).became_url == f"/agendas/{agenda.slug}"
    entries = db.session.query(JourneyEntry).filter_by(journey_id=agenda.journey_id).all()
    assert [one.evidence for one in entries] == [f"‘{asked.title}’ 질문의 결과에서 나왔어요."]
    assert browse().get(f"/agendas/{agenda.slug}").status_code == 200
    bare = making.begin("bare", Wording("제안이 하나도 없는 의제예요?"), by=moderator)
    with pytest.raises(Conflict):
        making.publish(bare.id, by=moderator)
    assert "모두에게 공개하기" not in page.get("/desk/agendas/bare").text


@pytest.mark.both
def test_an_author_hears_that_a_statement_is_in_an_agenda(town):
    asked, author = finished(town), town.user()
    queries.statement(asked.id, 1).author_id = author.id
    db.session.commit()
    services.make_agenda(asked.id, by=town.moderator())
    assert steps(author) == ["statement_answered"]


def test_the_page_shows_what_would_be_made_and_makes_it(town, browse):
    asked, page = finished(town), browse(town.moderator())
    here = f"/desk/consultations/{asked.slug}/agenda"
    assert "옮길 의견 1개" in page.get(here).text
    made = page.post(here)
    assert made.status_code == 303 and page.get(made.location).status_code == 200
    assert "이미 의제로 만들었어요" in page.get(here).text and page.post(here).status_code == 403
    empty = consultation(open_since=OVER)
    assert "아직 없어요" in page.get(f"/desk/consultations/{empty.slug}/agenda").text
