"""Forgetting whose answers are whose, after a time and before a namesake comes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.services import leaving
from civic_forum.opinions import answering, computing, forgetting, queries
from civic_forum.opinions.models import Consultation, Participant, Response
from civic_forum.platform import clock, jobs, subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

from .making import consultation, verified


def rows() -> list[Participant]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Participant).order_by(Participant.id)))


def guest(town):
    """Somebody who takes part once."""
    user = verified(town.user())
    user.once_until = clock.now() + timedelta(hours=2)
    db.session.commit()
    return user


def left(user) -> None:
    with use_case(None) as work:
        leaving.erase(work, work.session.merge(user))


@pytest.mark.both
def test_numbers_of_participants_tell_no_order(town):
    asked = consultation()
    for _one in range(12):
        answering.respond(asked.id, 1, 1, by=town.user())
    in_order = list(db.session.scalars(sa.select(Participant.id)))
    assert len(set(in_order)) == 12 and max(in_order) > 10**12
    assert not any(isinstance(column.type, (sa.Date, sa.DateTime)) for column in Participant.__table__.columns)


def test_somebody_who_takes_part_once_is_shown_what_is_asked(town, browse):
    asked, ended = consultation(), consultation(open_since=timedelta(days=9), lasts=timedelta(days=3))
    page = browse(guest(town)).get("/once").text
    assert f'href="/consultations/{asked.slug}"' in page and ended.slug not in page


@pytest.mark.both
def test_a_namesake_finds_nothing_of_somebody_who_took_part_once_and_left(town):
    asked, first = consultation(), guest(town)
    answering.respond(asked.id, 1, 1, by=first)
    left(first)
    [kept] = rows()
    assert kept.answers == 1, "answers of somebody who took part once go on counting"
    second = guest(town)
    assert answering.position(asked, queries.Draw((1, 2), {}), by=second).answers == {}
    assert not answering.withdraw(asked.id, by=second) and len(rows()) == 1
    answering.respond(asked.id, 2, -1, by=second)
    [one] = rows()
    assert one.answers == 1 and list(db.session.scalars(sa.select(Response.value))) == [-1], "one person counts once"
    left(second)
    third = town.user()
    answering.respond(asked.id, 3, 1, by=third)
    verified(third)
    assert [one.answers for one in rows()] == [1]


@pytest.mark.both
def test_marks_are_forgotten_a_year_after_the_close(town, app, browse, monkeypatch):
    monkeypatch.setattr(subprocess_call, "call_limited", lambda _s, _m, function, *given: function(*given))
    asked, user, page = consultation(lasts=timedelta(days=1)), town.user(), None
    answering.respond(asked.id, 1, 1, by=user)
    marks = [one.mark for one in rows()]
    clock.shift(2 * 86400)
    assert forgetting.forget_marks(0) == 0, "the last result is not made yet"
    assert computing.compute(asked.id)
    published = queries.latest_map(asked.id).published
    assert forgetting.forget_marks(365) == 0 and [one.mark for one in rows()] == marks
    clock.shift(367 * 86400)
    assert jobs.retention["marks of those who answered"].setting == "RETAIN_ROLLS_DAYS"
    assert forgetting.forget_marks(365) == 1 and forgetting.forget_marks(365) == 0
    [one] = rows()
    assert one.mark not in marks and (one.neighbourhood_id, one.group_name, one.x) == (None, None, None)
    assert queries.latest_map(asked.id).published == published
    page = browse(user).get(f"/consultations/{asked.slug}/mine")
    assert "누구의 답인지 이제 아무도 몰라요" in page.text and db.session.get(Consultation, asked.id).marks_forgotten_at
    left(user)
    assert len(rows()) == 1
