"""Needs and traces of casting: keys, few statements, no line anywhere, a limit for each person."""

import pytest
import sqlalchemy as sa

from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting.rules import Participations
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.voting import services as service
from civic_forum.ballots.voting.refusals import CastingOver
from civic_forum.ballots.box import voters
from civic_forum.ballots.models import Participated, Promise, Voter
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, TooMany, Unavailable
from tests.ballots.proofs import holds
from tests.factories import saved

from . import boxes
from .test_casting import cast, nothing_happened, take_paper

pytestmark = pytest.mark.both


def test_without_the_key_nothing_is_taken_and_the_page_says_so(town):
    made = boxes.box()
    key, form = keyring.exported(made.id), made.form(made.voters[0], 1)
    keyring._box_key(made.id).unlink()
    with pytest.raises(Unavailable, match="열쇠를 찾을 수 없어서"):
        cast(made, made.voters[0], form)
    keyring.put_back(made.id, key)
    assert holds(made.cast(made.voters[0], 1))


def test_the_key_of_another_box_is_as_good_as_none(town):
    made, other = boxes.box(), boxes.box()
    form = made.form(made.voters[0], 1)
    keyring.put_back(made.id, keyring.exported(other.id))
    with pytest.raises(Unavailable, match="이 투표함의 것이 아니어서"):
        cast(made, made.voters[0], form)
    assert nothing_happened(made)


def test_the_signing_key_is_looked_for_before_a_ballot_is_taken(town, tmp_path):
    made = boxes.box()
    there, away = keyring._directory() / keyring.SIGNING.name(1), tmp_path / "away"
    there.rename(away)
    try:
        with pytest.raises(Unavailable, match="서명 열쇠"):
            cast(made, made.voters[0], made.form(made.voters[0], 1))
        assert nothing_happened(made)
        with pytest.raises(Unavailable):
            boxes.box()
    finally:
        away.rename(there)


def test_casting_writes_two_rows_and_nothing_about_anybody(town):
    made = boxes.box()
    before = rows_by_table()
    made.cast(made.voters[0], 1)
    after = rows_by_table()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "promise": 1, "voter": 1}


def rows_by_table():
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.sorted_tables}


def test_casting_logs_nothing(town, caplog):
    made = boxes.box(closes=60)
    with caplog.at_level(0):
        late = made.form(made.voters[0], 2)
        made.cast(made.voters[0], 1)
        with pytest.raises(Refusal):
            cast(made, made.voters[0], late)
    said = [record for record in caplog.records if not record.name.startswith("sqlalchemy")]
    assert said == []


def test_a_first_cast_takes_few_statements(town, queries):
    made, lock = boxes.box(), int(db.engine.dialect.name != "sqlite")
    made.cast(made.voters[0], 1)
    form = made.form(made.voters[1], 1)
    with queries() as seen:
        cast(made, made.voters[1], form)
    assert len(seen) == 3, seen
    form = made.form(made.voters[1], 2)
    with queries() as seen:
        cast(made, made.voters[1], form)
    assert len(seen) == 4 + lock, seen


def test_nobody_sends_more_than_two_hundred_ballots_an_hour():
    limiter = service.Limiter(service.MOST_SENT)
    for second in range(200):
        limiter.count(b"a" * 32, 7200 + second)
    with pytest.raises(TooMany) as refused:
        limiter.count(b"a" * 32, 7500)
    assert refused.value.retry_after == 3300
    limiter.count(b"b" * 32, 7500)


def test_the_limit_slides_over_the_hour_and_is_forgotten():
    limiter = service.Limiter(10)
    for _n in range(10):
        limiter.count(b"a" * 32, 3599)
    with pytest.raises(TooMany):
        limiter.count(b"a" * 32, 3601)
    for _n in range(3):
        limiter.count(b"a" * 32, 3600 + 2160)
    limiter.count(b"c" * 32, 4 * 3600)
    assert limiter._before == {} and len(limiter._now) == 1


def test_too_many_casts_are_refused_before_anything_is_read(town, queries, monkeypatch):
    made = boxes.box()
    monkeypatch.setattr(service, "sent", service.Limiter(1))
    made.cast(made.voters[0], 1)
    form = made.form(made.voters[0], 2)
    with queries() as seen, pytest.raises(TooMany):
        cast(made, made.voters[0], form)
    assert seen == []


def test_the_form_learns_how_somebody_stands(town):
    made, states = boxes.box(), []
    for step, channel in ((lambda: None, None), (lambda: made.cast(made.voters[0], 1), Channel.ONLINE),
                          (lambda: made.cast(made.voters[0], 2), Channel.ONLINE),
                          (lambda: take_paper(made, made.voters[0]), Channel.PAPER_ISSUED)):
        step()
        standing = voters.standing(made.id, made.voters[0])
        assert standing.channel is channel and standing.is_paper == (channel is Channel.PAPER_ISSUED)
        states.append(standing.state)
    assert len(set(states)) == 4 and {len(state) for state in states} == {16}


def test_a_vote_without_its_key_is_over_for_those_who_took_part_and_for_those_who_did_not(town):
    made = boxes.box(voters=2)
    made.cast(made.voters[0], 1)
    for table in (Promise, Voter):
        db.session.execute(sa.delete(table))
    saved(Participated(box_id=made.id, person=made.voters[0], channel=Channel.ONLINE))
    forms = [made.form(voter, 1) for voter in made.voters]
    keyring.destroy(made.id, by="두 담당자", at=clock.now())
    assert [voters.standing(made.id, voter).channel for voter in made.voters] == [Channel.ONLINE, None]
    for voter, form in zip(made.voters, forms, strict=True):
        with pytest.raises(CastingOver) as over:
            cast(made, voter, form)
        assert over.value.at


def test_participations_are_counted_by_channel(town):
    made = boxes.box(voters=4)
    made.cast(made.voters[0], 1)
    made.cast(made.voters[1], 1)
    made.cast(made.voters[2], 1, channel=Channel.ASSISTED)
    take_paper(made, made.voters[3])
    assert box_queries.participations(made.id) == Participations(online=2, assisted=1, paper_issued=1)
