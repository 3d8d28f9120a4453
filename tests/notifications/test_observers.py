"""Observers of a vote are told when there is something for them to do; a rehearsal tells nobody."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.observing.models import ObserverAsk
from civic_forum.ballots.rules.signing import public_key
from civic_forum.ballots.counting import closing, publication
from civic_forum.platform.base import db
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests.ballots.boxes import box
from tests.ballots.officials import after

from .told import last, leaving, reachable, told

VOTE = NoticeKind.VOTE
SEEDS = [bytes([number]) * 32 for number in (1, 2)]
HEARD = [(VOTE, "observe_closed"), (VOTE, "observe_recount")]


def voted(**facts):
    made = box(20, observers=[{"name": f"참관인 {number}", "key": public_key(seed).hex()}
                              for number, seed in enumerate(SEEDS, 1)], signatures=1, **facts)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    return made


def asks(made, user, number=1, key=None):
    db.session.add(ObserverAsk(box_id=made.id, user_id=user.id, name=f"참관인 {number}", at=made.row.opens_at,
                               public_key=key or public_key(SEEDS[number - 1])))
    db.session.commit()


def record(made):
    after(3700)
    publication.count(made.id, by=None)
    publication.write_record(made.id, by=None)


@pytest.mark.both
def test_they_hear_of_the_closing_head_and_of_the_record_whatever_they_chose(town):
    first, second, third = (reachable(town.staff(Role.OBSERVER)) for _one in range(3))
    made = voted()
    asks(made, first)
    asks(made, second, 2)
    record(made)
    assert told(first) == told(second) == HEARD and told(third) == []
    assert last(first).url == f"/votes/{made.id.hex()}/observation"
    assert leaving(first) == [(Channel.MAIL, Frequency.AT_ONCE)] * 2


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("key", [None, bytes(32)])
def test_everybody_with_the_role_hears_where_somebody_was_named_by_a_key_alone(town, key):
    known, other, resident = town.staff(Role.OBSERVER), town.staff(Role.OBSERVER), town.resident()
    made = voted()
    asks(made, known, key=key)
    record(made)
    assert told(known) == told(other) == HEARD and told(resident) == []


@pytest.mark.in_turns(of=5)
def test_a_rehearsal_tells_no_observer(town):
    observer = town.staff(Role.OBSERVER)
    record(voted(rehearsal=True))
    assert told(observer) == []


@pytest.mark.in_turns(of=5)
def test_a_vote_without_observers_tells_none(town):
    observer = town.staff(Role.OBSERVER)
    made = box(20, observers=[], signatures=0, publishes="ballots")
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    record(made)
    assert told(observer) == []


@pytest.mark.both
def test_a_vote_whose_subject_somebody_wrote_anew_closes_all_the_same(town, caplog):
    """The subject is no part of what the box was opened with; nobody can be told, and the closing waits for nobody."""
    made = voted()
    db.session.execute(sa.update(BallotBox.__table__).where(BallotBox.__table__.c.id == made.id).values(subject="no:1"))
    db.session.commit()
    after(3700)
    assert closing.close(made.id) and "ALARM" in caplog.text
