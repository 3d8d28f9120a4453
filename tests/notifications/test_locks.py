"""Nobody is told, and nobody is written to, on facts that somebody changes meanwhile."""

from datetime import timedelta

import pytest

from civic_forum.answers import services as answers
from civic_forum.answers.models import DutyPause
from civic_forum.kernel.base import db
from civic_forum.kernel.clock import now
from civic_forum.kernel.i18n import local
from civic_forum.notifications import services
from tests.answers.making import duty_of, on_the_table
from tests.factories import MAY
from tests.racing import held, on_postgresql

from .told import steps

pytestmark = on_postgresql


@pytest.fixture
def official(town):
    return town.official()


def test_a_duty_that_was_done_meanwhile_is_not_called_late(town, official):
    duty = duty_of(on_the_table(town, official))
    duty.due_on = local(now()).date() - timedelta(days=1)
    db.session.commit()
    with held(duty, ended_at=now()):
        services.tell_of_deadlines()
    assert "duty_late" not in steps(official)


def test_an_author_who_replied_meanwhile_is_not_asked_again(town, official, at):
    at(MAY)
    proposal = on_the_table(town, official)
    answers.ask_completion(proposal.id, asked="어느 정류장인지 사진과 함께 알려 주세요.", by=official)
    at(MAY + timedelta(days=7))
    with held(db.session.query(DutyPause).one(), to_day=MAY.date()):
        services.tell_who_is_silent()
    assert "completion_waits" not in steps(proposal.author)
