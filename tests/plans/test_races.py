"""Two people at the same moment at one plan, on PostgreSQL: one of them is second, and nothing is done twice."""

import pytest

from civic_forum.accounts.models import User
from civic_forum.commitments.models import Commitment
from civic_forum.plans import queries as known
from civic_forum.plans import services
from civic_forum.plans.models import PlanAction
from civic_forum.plans.rules import VersionState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.csv_tables import rows
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from tests.factories import count
from tests.racing import all_at_once, on_postgresql

from .making import many, passed, plan, table

pytestmark = [on_postgresql, pytest.mark.in_turns(of=5)]


def refused(answers) -> int:
    return sum(isinstance(answer, Refusal) for answer in answers)


def test_two_who_let_one_plan_be_in_force_make_its_promises_once(town, app):
    first, second, third = (town.official() for _n in range(3))
    _council, thing = passed(town, town.user())
    made = plan(first, text=many(4))
    services.decide(made.slug, 1, thing, local(clock.now()).date(), by=first)
    subject = services.subject_of(services.propose_force(made.slug, 1, by=first))
    seen, ids, slug = services.FORCE.pending(subject).fingerprint, [second.id, third.id], made.slug
    db.session.rollback()
    answers = all_at_once(app, *(
        lambda user_id=user_id: services.FORCE.confirm(subject, seen=seen, by=db.session.get_one(User, user_id)).id
        for user_id in ids))
    assert refused(answers) == 1 and count(Commitment) == 4, answers
    assert known.plan(slug).versions[0].state is VersionState.IN_FORCE


def test_of_two_tables_that_are_brought_in_at_once_one_is_written(town, app):
    first, second = town.official(), town.official()
    made = plan(first)
    slug, seen, ids = made.slug, made.version, [first.id, second.id]
    db.session.rollback()

    def bring(place):
        by = db.session.get_one(User, ids[place])
        reading = services.read_table(slug, 1, list(rows(many(place + 2))), {}, by=by)[1]
        return services.write_actions(slug, 1, reading.actions, seen=seen, by=by)

    answers = all_at_once(app, lambda: bring(0), lambda: bring(1))
    assert refused(answers) == 1 and count(PlanAction) == answers.index(True) + 2, answers


def test_a_version_is_asked_as_it_was_read_or_written_before(town, app):
    first = town.official()
    made = plan(first, text=table("1,기반,함께 해요,교통행정과,5,"))
    slug, seen, by_id = made.slug, known.plan(made.slug).version, first.id
    db.session.rollback()

    def write():
        by = db.session.get_one(User, by_id)
        reading = services.read_table(slug, 1, list(rows(many(3))), {}, by=by)[1]
        return services.write_actions(slug, 1, reading.actions, seen=seen, by=by)

    answers = all_at_once(app, write, lambda: bool(services.ask(slug, 1, by=db.session.get_one(User, by_id))))
    version = known.plan(slug).versions[0]
    assert answers[1] is True and version.state is VersionState.ASKED
    assert version.count == (1 if refused(answers) else 3) == count(PlanAction)
