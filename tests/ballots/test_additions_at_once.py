"""A roll that grows while many come at once, a process is killed, or the vote closes."""

import signal
import time

import pytest

from civic_forum.accounts.models import User
from civic_forum.ballots import identities
from civic_forum.ballots.box import closing_file, watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import CastingOver, NotInRoll
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots import boxes, killed
from tests.ballots.people import verified
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)
from tests.common import let_go
from tests.factories import Town
from tests.racing import at_once
from tests.servers.forks import PROCESSES
from tests.ballots.additions import added, named, newcomers, person_of


@pytest.fixture
def made(town):
    return boxes.box(12, grows=True, closes=200_000, publishes="ballots")


def test_of_two_browsers_at_once_one_is_added_and_casts(made, town, app):
    user = verified(town)
    person, known_as, user_id = person_of(made, user), identities.candidates(user, rolls.key_of(made.id)), user.id
    forms = [made.form(person, 1 + number % 4) for number in range(8)]
    answers = at_once(app, 8, lambda n: casting.cast_as(made.id, known_as, forms[n], Channel.ONLINE, user_id))
    assert sum(not isinstance(one, Exception) for one in answers) == 1
    assert not [one for one in answers if isinstance(one, NotInRoll)], "whoever is slower is not told that they may not"
    assert added(made) == named(made).persons == [person] and watching.look() == {}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("point", [pytest.param(point, marks=[] if number == 1 else pytest.mark.long)
                                   for number, point in enumerate(killed.ADD_POINTS)])
def test_killed_while_somebody_is_added_they_are_added_once_and_vote(site, point):  # noqa: F811
    town = Town()
    made, user = boxes.box(12, grows=True), verified(town)
    form = made.form(person_of(made, user), 2)
    persons, user_id = identities.candidates(db.session.get(User, user.id), rolls.key_of(made.id)), user.id
    let_go()
    process = PROCESSES.Process(target=killed.add_and_die, daemon=True, args=(
        site.config["DATA"], site.config["DATABASE_URL"], made.id, persons, user_id,
        (form.fingerprint, form.form_key, form.state, form.mine, form.choice), point))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, point
    casting.cast_as(made.id, persons, form, Channel.ONLINE, user_id)
    assert watching.figures_of(made.id) == watching.CLEAN
    assert len(added(made)) == 1 and named(made).persons == added(made)
    assert made.voter(added(made)[0]).revision == 1


@pytest.mark.in_turns(of=10)
def test_newcomers_around_the_close_are_added_exactly_while_it_is_open(made, town, app):
    """Everybody who was added before the close is in the record, also those whose ballot came too late."""
    users = newcomers(town, 12)
    work = [(person_of(made, user), identities.candidates(user, 1), user.id) for user in users]
    forms = [made.form(person, 1) for person, _known_as, _id in work]
    clock.shift(clock.offset_seconds() + 199_999)
    db.session.remove()

    def vote(number):
        _person, known_as, user_id = work[number]
        time.sleep(number / 8)
        return casting.cast_as(made.id, known_as, forms[number], Channel.ONLINE, user_id)

    answers = at_once(app, 12, vote)
    taken = {work[number][0] for number, one in enumerate(answers) if not isinstance(one, Exception)}
    assert all(isinstance(one, CastingOver | NotInRoll) for one in answers if isinstance(one, Exception))
    clock.shift(clock.offset_seconds() + 10)
    closing.close(made.id)
    frozen = closing_file.read(made.row)
    assert taken <= {*frozen.grown.persons} == {*added(made)} and len(frozen.live) == len(taken)
