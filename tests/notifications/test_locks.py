"""Nobody is told, and nobody is written to, on facts that somebody changes meanwhile."""

from datetime import timedelta


from civic_forum.answers.models import DutyPause
from civic_forum.answers.services import cases as answers
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.i18n import local
from civic_forum.notifications import services
from tests.answers.making import duty_of, on_the_table
from tests.common import letters
from tests.factories import MAY
from tests.racing import held, on_postgresql

from .outgoing import reachable, waiting
from .test_digests import WEDNESDAY, daily
from .told import steps

pytestmark = on_postgresql


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


def test_a_letter_that_another_worker_writes_is_left_to_it(town):
    """No worker waits for another one, and nothing leaves twice."""
    taken, free = waiting(reachable(town)), waiting(reachable(town))
    with held(taken, passed_over=True):
        assert services.write_at_once() == 1
    assert [one.tells for one in letters()] == [[free.id]]


def test_digests_are_written_by_one_worker_at_a_time(town, at):
    at(WEDNESDAY)
    daily(reachable(town))
    with held(advisory=services.DIGESTS):
        assert services.write_due() == 1


def test_nobody_who_leaves_meanwhile_gets_a_digest(town, at):
    at(WEDNESDAY)
    reader = reachable(town)
    daily(reader)
    with held(reader, left_at=WEDNESDAY):
        assert services.write_due() == 0
