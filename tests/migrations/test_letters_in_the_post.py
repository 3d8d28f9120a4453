"""Letters that were in the post, and some of them answered, when letters began to be bound to browsers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.opinions import answering, holding, identities
from civic_forum.opinions.identities import Guest
from civic_forum.opinions.letters import queries, services
from civic_forum.opinions.models import Letter, LetterRun, Participant
from civic_forum.opinions.rules import Basis
from civic_forum.platform import clock, migrations
from civic_forum.platform.base import db

from . import filling

NOBODY = AnonymousUserMixin()
POST, USED, LOST = "0123456789ABCDEF", "FEDCBA9876543210", "ABCDEFGHJKMNPQRS"


@pytest.fixture
def upgraded(bare):
    """A consultation that is open, with three letters of the release before: in the post, answered, withdrawn."""
    migrations.upgrade("0046")
    with db.engine.begin() as connection:
        filling.fill(connection)
        asked = {table.name: table for table in filling.tables(connection)}
        connection.execute(asked["opinion_letter"].delete())
        now = clock.now()
        connection.execute(asked["consultation"].update().where(asked["consultation"].c.id == 1).values(
            by_letter=True, announced_at=now, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)))
        for run, code in ((1, POST), (1, USED), (2, LOST)):
            connection.execute(asked["opinion_letter"].insert().values(
                consultation_id=1, run=run, hash=holding.hashes(1, code)[0], is_withdrawn=code == LOST))
        connection.execute(asked["opinion_participant"].update().where(asked["opinion_participant"].c.id == 1).values(
            consultation_id=1, basis="link", mark=identities.made(1, Basis.LINK, USED).value))
    migrations.upgrade()
    return 1


@pytest.mark.in_turns(of=10)
def test_a_letter_in_the_post_opens_once_and_is_bound_then(upgraded):
    guest = services.take_up(upgraded, POST, "a phone", by=NOBODY)
    assert answering.entered(db.session.get_one(answering.Consultation, 1), NOBODY, guest).marks[0].basis is Basis.LINK
    with pytest.raises(services.TakenUp):
        services.take_up(upgraded, POST, "the office", by=NOBODY)
    assert services.take_up(upgraded, POST, "a phone", by=NOBODY) == guest


@pytest.mark.in_turns(of=10)
def test_a_letter_that_was_answered_goes_on_in_its_browser_alone(upgraded):
    before = Guest(Basis.LINK, USED)
    assert holding.holds(upgraded, before), "as its cookie says"
    with pytest.raises(services.TakenUp):
        services.take_up(upgraded, USED, "the office", by=NOBODY)
    assert services.take_up(upgraded, USED, "a phone", by=NOBODY, before=before) == before
    assert not holding.holds(upgraded, Guest(Basis.LINK, POST)), "nobody began by it"
    services.claim(upgraded, USED, "somebody else")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participant).filter_by(basis=Basis.LINK)) >= 1


@pytest.mark.in_turns(of=10)
def test_letters_lie_in_the_order_of_their_hashes(upgraded):
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM opinion_letter")).mappings().all()
    hashes = [bytes(row["hash"]) for row in rows]
    assert len(rows) == 3 and hashes == sorted(hashes) and "id" not in rows[0]
    codes = [POST, USED, LOST]
    assert {bytes(row["hash"]): (row["run"], bool(row["is_withdrawn"])) for row in rows} == {
        holding.hashes(1, code)[0]: (run, code == LOST) for code, run in zip(codes, (1, 1, 2), strict=True)}


@pytest.mark.in_turns(of=10)
def test_printings_of_before_were_posted_and_are_counted(upgraded):
    runs = [(run.run, run.printed, run.posted, run.taken_up, run.is_withdrawn) for run in queries.runs(upgraded)]
    assert runs[:2] == [(2, 1, 1, 0, True), (1, 2, 2, runs[1][3], False)] and runs[1][3] >= 1
    assert set(db.session.scalars(sa.select(LetterRun.printed_by_id).filter_by(consultation_id=1))) == {None}
    with pytest.raises(services.NotFound):
        services.take_up(upgraded, LOST, "a phone", by=NOBODY)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 3
