"""Two officials at the same moment: one of them is second, and sees what the first did."""

import pytest

from civic_forum.accounts.models import User
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.outcomes import services
from civic_forum.outcomes.models import Outcome
from tests.racing import at_once

from .making import agenda, text

pytestmark = pytest.mark.both

MANY = 5


def acts(user_ids):
    """The nth of these people, in the thread that asks."""
    return lambda n: db.session.get(User, user_ids[n])


def refused(answers) -> int:
    return sum(isinstance(answer, Refusal) for answer in answers)


def test_drafts_of_two_do_not_overwrite_each_other(town, app):
    official = town.official()
    about, who = agenda(town, official).id, acts([official.id, *(town.official().id for _n in range(MANY - 1))])
    db.session.rollback()
    answers = at_once(app, MANY, lambda n: services.save(Ref("agenda", about), text(cost=n), seen=0, by=who(n)))
    assert refused(answers) == MANY - 1 and db.session.query(Outcome).count() == 1
