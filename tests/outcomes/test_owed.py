"""A published vote is owed a reply: on the desk of its department by the promised day, late in public, ended by it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.agendas.rules import NextKind
from civic_forum.agendas.services import making
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.models import Duty
from civic_forum.answers.rules import DutyEnd, DutyKind
from civic_forum.answers.services import cases
from civic_forum.ballots.events import BoxPublished
from civic_forum.blocks.kinds import Ref
from civic_forum.notifications import services as notifications
from civic_forum.notifications.models import Notice
from civic_forum.outcomes import operations, services
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from tests.common import commit, today
from tests.polls.making import opened
from tests.polls.published import published as voted
from tests.polls.published import votes

from .making import QUESTION, agenda, published, text

DECIDES = {"ballots": 40, "blank": 3}


def duties():
    db.session.rollback()
    return db.session.scalars(sa.select(Duty).order_by(Duty.id)).all()


def vote(town, **facts):
    return voted(town, votes(12, 20, 5), **DECIDES, **facts)


@pytest.fixture
def led(town):
    """A vote about an agenda that the department of two officials leads."""
    official, second = town.official(), town.official()
    about = agenda(town, official)
    made = vote(town, links={"agenda": about.slug}, answer_days=7)
    return made, about, official, second


def late(made, days=3):
    [duty] = duties()
    duty.due_on = today() - timedelta(days=days)
    db.session.commit()


@pytest.mark.both
def test_it_is_owed_once_by_the_promised_day_from_its_publication(town, led):
    made, about, official, _second = led
    [duty] = duties()
    assert (duty.about, duty.kind, duty.days) == (Ref("poll", made.id), DutyKind.FOLLOW_UP, 7)
    assert duty.due_on == local(made.box.published_at).date() + timedelta(days=7)
    assert {duty.department_id} == official.department_ids()
    with use_case(None) as work:
        work.emit(BoxPublished(made.box_id, made.subject))
    assert [each.id for each in duties()] == [duty.id]


@pytest.mark.in_turns(of=5)
def test_a_vote_that_is_published_through_its_fact_is_owed_a_reply_and_an_open_one_is_not(town):
    open_one = opened(town)
    with use_case(None) as work:
        operations.owe_reply(work, Ref("poll", open_one.id))
    assert duties() == []
    made = vote(town)
    commit(sa.delete(Duty))
    with use_case(None) as work:
        work.emit(BoxPublished(made.box_id, made.subject))
    assert [duty.about.id for duty in duties()] == [made.id]


@pytest.mark.in_turns(of=5)
def test_it_stands_in_the_queue_and_late_in_public_until_its_outcome_is_told(town, led, browse):
    made, about, official, second = led
    stranger, task = town.official(department=town.department("복지정책과")), f'href="/desk/polls/{made.slug}"'
    assert made.title not in browse().get("/answers/late").text
    late(made)
    for of, seen in ((official, True), (town.moderator(), True), (stranger, False)):
        assert (task in browse(of).get("/desk/answers").text) is seen
    page = browse().get("/answers/late").text
    assert "늦음 3일" in page and f'href="/polls/{made.slug}"' in page and "투표</span>" in page
    assert "공감" not in page.partition('<ul class="todo-list">')[2].partition("</ul>")[0]
    assert browse(official).get(f"/desk/polls/{made.slug}").status_code == 200
    published("agenda", about.id, official, second)
    [duty] = duties()
    assert duty.ended_how is DutyEnd.ANSWERED
    assert made.title not in browse().get("/answers/late").text
    assert task not in browse(official).get("/desk/answers").text


@pytest.mark.both
def test_one_of_nobody_waits_for_all_and_belongs_to_whoever_asks_for_approval(town, browse):
    made = vote(town)
    [duty] = duties()
    official, other = town.official(), town.official(department=town.department("복지정책과"))
    assert duty.department_id is None
    for one in (official, other):
        assert made.title in browse(one).get("/desk/answers").text
    page = browse(town.moderator()).get("/desk/answers").text
    assert made.title in page and 'type="checkbox"' not in page
    services.submit(Ref("poll", made.id), text(), seen=0, by=official)
    assert {duty.department_id for duty in duties()} == official.department_ids()
    assert made.title not in browse(other).get("/desk/answers").text


@pytest.mark.in_turns(of=5)
def test_another_lead_of_its_agenda_owes_it(town, led):
    made, about, official, _second = led
    other = town.department("복지정책과")
    making.edit(about.id, Wording(QUESTION, lead_department_id=other.id), version=about.version, by=town.moderator())
    assert [duty.department_id for duty in duties()] == [other.id]


@pytest.mark.in_turns(of=5)
def test_a_vote_that_an_agenda_names_later_is_at_once_on_the_desk_of_its_lead(town):
    official, made = town.official(), vote(town)
    about = agenda(town, official)
    making.set_next(about.id, NextKind.POLL, "투표로 정했어요.", slug=made.slug, by=town.moderator())
    assert {duty.department_id for duty in duties()} == official.department_ids()


@pytest.mark.in_turns(of=5)
def test_no_answer_of_its_own_is_written_and_holidays_leave_its_day(town, led, browse, monkeypatch):
    made, _about, official, _second = led
    [duty] = duties()
    client, here, before = browse(official), f"/desk/answers/duties/{duty.id}", duty.due_on
    assert client.get(here).status_code == 404
    assert client.post(here, data={"text": "가" * 50, "do": "submit"}).status_code == 404
    assert client.post(f"{here}/department", data={"department": str(town.department("복지정책과").id)}).status_code == 404
    monkeypatch.setattr("civic_forum.answers.operations.is_working", lambda day: day > before and day.weekday() < 5)
    assert cases.reckon() == 0 and duties()[0].due_on == before


@pytest.mark.both
def test_its_department_hears_before_the_day_and_after_it(town, led):
    made, _about, official, _second = led
    late(made)
    notifications.tell_of_deadlines()
    db.session.rollback()
    told = db.session.scalars(sa.select(Notice).filter_by(step="duty_late", user_id=official.id)).all()
    assert [(notice.about, notice.url) for notice in told] == [(made.subject, f"/desk/polls/{made.slug}")]


@pytest.mark.in_turns(of=5)
def test_an_outcome_that_was_told_before_the_vote_was_counted_leaves_nothing_owed(town):
    official, second = town.official(), town.official()
    about = agenda(town, official)
    published("agenda", about.id, official, second)
    vote(town, links={"agenda": about.slug})
    assert duties() == []
    with use_case(None) as work:
        operations.owe_reply(work, Ref("agenda", about.id))
    assert duties() == []
