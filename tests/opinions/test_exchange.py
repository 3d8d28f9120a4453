"""Consultations from files and back."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.opinions import computing, exchange, forgetting, identities, keyring, operations, queries
from civic_forum.opinions.formats import polis
from civic_forum.opinions.models import Consultation, OpinionMap, Participant, Statement
from civic_forum.opinions.rules import Basis
from civic_forum.platform import clock, subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.work import use_case

from .making import consultation

COMMENTS = ("timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
            "1,,0,7,2,1,1,길을 넓혀요.\n2,,2,8,1,2,0,=SUM(1)\n3,,5,9,0,0,-1,빠진 의견이에요.\n")
VOTES = ("participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,5\n"
         "0,0,0,2,1,1,1,-1,\n1,0,0,2,1,1,1,-1,\n2,1,0,3,1,1,-1,1,0\n")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(subprocess_call, "call_limited", lambda _s, _m, function, *given: function(*given))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "comments.csv").write_text(COMMENTS)
    (tmp_path / "participants-votes.csv").write_text(VOTES)
    return tmp_path


def test_files_become_a_consultation_that_is_over_and_come_out_again(town, folder, tmp_path):
    made = exchange.bring(polis.read(folder), "길과 자전거", "", by=town.moderator())
    assert [(one.number, one.text, one.is_asked) for one in queries.statements(made.id)] == [
        (1, "길을 넓혀요.", True), (2, "=SUM(1)", True), (3, "빠진 의견이에요.", False)]
    assert {one.basis for one in db.session.scalars(sa.select(Participant))} == {Basis.IMPORTED}
    assert db.session.scalars(sa.select(OpinionMap)).one().is_last
    out = tmp_path / "out"
    out.mkdir()
    for name, chunks in exchange.files(made.id).items():
        (out / name).write_bytes(b"".join(chunks))
    again = polis.read(out)
    assert sorted(sorted(value for who, _what, value in again.matrix.triples() if who == one)
                  for one in again.matrix.participants) == [[-1, 0, 1], [-1, 1], [-1, 1]]
    assert [(one.id, one.body, one.moderated) for one in again.comments] == [
        ("1", "길을 넓혀요.", 0), ("2", "=SUM(1)", 0), ("3", "빠진 의견이에요.", -1)]
    assert not (out / "votes.csv").exists(), "times stay here"


def test_a_file_with_a_fault_leaves_nothing(town, folder):
    (folder / "comments.csv").write_text(COMMENTS.replace("길을 넓혀요.", "가" * 1_001))
    with pytest.raises(Refusal, match="0번"):
        exchange.bring(polis.read(folder), "길과 자전거", "", by=town.moderator())
    with pytest.raises(Denied):
        (folder / "comments.csv").write_text(COMMENTS)
        exchange.bring(polis.read(folder), "길과 자전거", "", by=town.resident())
    for model in (Consultation, Statement, Participant):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.both
def test_answers_leave_only_where_that_was_said_and_it_is_over(town):
    for asked in (consultation(), consultation(publishes_matrix=True)):
        with pytest.raises(Conflict):
            exchange.files(asked.id)


def test_answers_of_few_people_never_leave(town):
    asked = consultation(publishes_matrix=True, lasts=timedelta(hours=2))
    with use_case(None) as work:
        operations.bring_in(work, queries.locked(asked.id), [operations.BroughtIn(
            identities.made(asked.id, Basis.PAPER, str(number)).value, Basis.PAPER, {1: 1}) for number in range(99)])
    clock.shift(7200)
    with pytest.raises(Conflict, match="100명"):
        exchange.files(asked.id)


def test_a_published_table_comes_out_also_without_the_key(town, tmp_path):
    asked, chance = consultation(publishes_matrix=True, lasts=timedelta(hours=2)), random.Random(3)
    given = [{number: chance.choice((1, 0, -1)) for number in chance.sample(range(1, 7), 4)} for _one in range(110)]
    with use_case(None) as work:
        operations.bring_in(work, queries.locked(asked.id), [operations.BroughtIn(
            identities.made(asked.id, Basis.PAPER, str(number)).value, Basis.PAPER, answers)
            for number, answers in enumerate(given)])
    clock.shift(7200)
    assert computing.compute(asked.id)
    clock.shift(40 * 86400)
    for is_there in (True, False):
        assert is_there or forgetting.destroy_due(365) == 1
        folder = tmp_path / str(is_there)
        folder.mkdir()
        for name, chunks in exchange.files(asked.id).items():
            (folder / name).write_bytes(b"".join(chunks))
        matrix = polis.read(folder).matrix
        rows: dict[str, dict[int, int]] = {one: {} for one in matrix.participants}
        for who, number, value in matrix.triples():
            rows[who][int(number)] = value
        assert sorted(map(str, (dict(sorted(row.items())) for row in rows.values()))) == sorted(
            map(str, (dict(sorted(row.items())) for row in given)))
    assert not keyring.is_there(asked.id)
