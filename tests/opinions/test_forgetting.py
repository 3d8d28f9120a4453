"""Forgetting what somebody answered: before a namesake comes, and with the key."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.services import leaving
from civic_forum.opinions import answering, computing, forgetting, identities, keyring, queries, sealing
from civic_forum.opinions.models import Consultation, Participant, Statement
from civic_forum.opinions.rules import Basis
from civic_forum.platform import clock, jobs, start_checks, subprocess_call
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Unavailable
from civic_forum.platform.work import use_case

from tests.common import commit, main_of
from .making import consultation, participants, people, place_all, verified


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(subprocess_call, "call_limited", lambda _s, _m, function, *given: function(*given))


def rows() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Participant))


def guest(town):
    """Somebody who takes part once."""
    user = verified(town.user())
    user.once_until = clock.now() + timedelta(hours=2)
    db.session.commit()
    return user


def left(user) -> None:
    with use_case(None) as work:
        leaving.erase(work, work.session.merge(user))


def test_somebody_who_takes_part_once_is_shown_what_is_asked(town, browse):
    asked, ended = consultation(), consultation(open_since=timedelta(days=9), lasts=timedelta(days=3))
    page = browse(guest(town)).get("/once").text
    assert f'href="/consultations/{asked.slug}"' in page and ended.slug not in page


@pytest.mark.both
def test_a_namesake_finds_nothing_of_somebody_who_took_part_once_and_left(town):
    asked, first = consultation(), guest(town)
    answering.respond(asked.id, 1, 1, by=first)
    left(first)
    assert participants() == [(Basis.VERIFIED, 1)], "answers of somebody who took part once go on counting"
    second = guest(town)
    assert answering.position(asked, queries.Draw((1, 2), {}), by=second).answers == {}
    assert not answering.withdraw(asked.id, by=second) and len(people()) == 1
    answering.respond(asked.id, 2, -1, by=second)
    assert [one.content.answers for one in people()] == [{2: -1}], "one person counts once"
    left(second)
    third = town.user()
    answering.respond(asked.id, 3, 1, by=third)
    verified(third)
    assert [one.content.answers for one in people()] == [{3: 1}]


def test_answers_taken_back_or_left_stay_as_an_empty_row_of_the_same_length(town):
    asked, users = consultation(), [verified(town.user(), name) for name in ("김금천", "이금천", "박금천")]
    for user in users:
        answering.respond(asked.id, 1, 1, by=user)
    place_all(asked, "0", 1.0, 2.0)
    before = {row.row_key: row.sealed for row in db.session.scalars(sa.select(Participant))}
    db.session.rollback()
    assert answering.withdraw(asked.id, by=users[0])
    left(users[1])
    after = {row.row_key: row.sealed for row in db.session.scalars(sa.select(Participant))}
    assert before.keys() == after.keys() and {len(one) for one in (*before.values(), *after.values())} == {101}
    assert len(set(before.values()) & set(after.values())) == 1 and participants() == [(Basis.VERIFIED, 1)]
    answering.respond(asked.id, 2, 1, by=users[0])
    assert sorted((one.row.is_counted, one.point) for one in people()) == [(False, (None, 0, 0)), (True, ("0", 1, 2))]


@pytest.mark.parametrize(("publishes_matrix", "days"), [(False, 365), (True, 30)])
def test_the_key_and_the_rows_go_some_time_after_the_last_result(town, app, browse, publishes_matrix, days):
    asked, user = consultation(lasts=timedelta(days=1), publishes_matrix=publishes_matrix), town.user()
    answering.respond(asked.id, 1, 1, by=user)
    clock.shift(2 * 86400)
    assert computing.compute(asked.id)
    published, folder = queries.latest_map(asked.id).published, Path(app.config["KEYS"]) / "opinions"
    clock.shift(days * 86400)
    assert forgetting.destroy_due(365) == 0 and rows() == 1 and keyring.is_there(asked.id)
    clock.shift((days + 3) * 86400)
    assert jobs.retention["keys of consultations"].setting == "RETAIN_ROLLS_DAYS"
    assert forgetting.destroy_due(365) == 1 and forgetting.destroy_due(365) == 0 and rows() == 0
    assert [path.name for path in folder.iterdir()] == [f"{asked.id}.destroyed.json"]
    found = queries.latest_map(asked.id)
    assert (found.published, found.kept) == (published, b"") and computing.due() == []
    here, gone = f"/consultations/{asked.slug}", "누구의 답인지 이제 아무도 몰라요"
    assert gone in main_of(browse(user).get(f"{here}/mine")) and "답과 열쇠를 없애서" in main_of(browse().get(f"{here}/result"))
    assert PERSONAL_DATA["consultations"].collect(user) == {
        "answers": [], "ages": [], "statements": [], "destroyed": [asked.title]}
    left(user)
    with pytest.raises(Conflict):
        keyring.make(asked.id)


@pytest.mark.both
def test_rows_that_a_restore_brings_back_are_deleted_at_the_start(town):
    asked, other = consultation(lasts=timedelta(days=1)), consultation()
    for one in (asked, other):
        answering.respond(one.id, 1, 1, by=town.user())
    [kept] = [row._asdict() for row in db.session.execute(sa.select(Participant.__table__).filter_by(
        consultation_id=asked.id))]
    clock.shift(370 * 86400)
    forgetting.destroy_due(365)
    db.session.execute(sa.insert(Participant.__table__), [kept])
    commit(sa.update(Consultation).values(key_destroyed_at=None))
    start_checks.run()
    assert rows() == 1 and db.session.get(Consultation, asked.id).key_destroyed_at


def test_without_the_key_answering_stops_and_the_last_result_stays(town, app, browse):
    asked, user, moderator = consultation(), town.user(), town.moderator()
    for _one in range(5):
        answering.respond(asked.id, 1, 1, by=town.user())
    answering.respond(asked.id, 1, 1, by=user)
    assert computing.compute(asked.id)
    key = Path(app.config["KEYS"]) / "opinions" / f"{asked.id}.key"
    secret, said, here = key.read_bytes(), "열쇠를 찾을 수 없어서", f"/consultations/{asked.slug}"
    assert said not in main_of(browse().get(f"{here}/result"))
    for broken in (None, b"short"):
        key.unlink(missing_ok=True)
        if broken:
            key.write_bytes(broken)
        with pytest.raises((Denied, Unavailable), match=said):
            answering.respond(asked.id, 2, 1, by=user)
        with pytest.raises(Unavailable, match=said):
            keyring.keys(asked.id)
        page = browse(user)
        assert said in main_of(page.get(here)) and said in main_of(page.get(f"{here}/mine"))
        shown = main_of(page.get(f"{here}/result"))
        assert "6명이 답했어요" in shown and said in shown and "나도 답하기" not in shown
        assert "0개에 답했어요" not in main_of(page.get(f"{here}/mine"))
        assert browse(moderator).get(f"/desk{here}/paper").status_code == 200
        assert computing.compute_due() == 0 and len(queries.latest_map(asked.id).published["statements"]) == 6
        assert PERSONAL_DATA["consultations"].collect(user)["answers"] == []
    key.write_bytes(secret)
    assert answering.respond(asked.id, 2, 1, by=user).answers == {1: 1, 2: 1}


@pytest.mark.both
def test_a_row_that_does_not_open_is_counted_as_damaged_and_told(town, browse, caplog):
    asked, user = consultation(), town.user()
    for _one in range(6):
        answering.respond(asked.id, 1, 1, by=town.user())
    answering.respond(asked.id, 1, -1, by=user)
    mark = identities.of_account(asked.id, user)[0]
    row = queries.participant(asked.id, [mark.value])[mark.value]
    row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    db.session.commit()
    assert computing.compute(asked.id) and queries.latest_map(asked.id).participants == 6
    assert "1명의 답이 망가져서" in main_of(browse().get(f"/consultations/{asked.slug}/result"))
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="opinions.computed")).one()
    assert (entry.details["rows"], entry.details["damaged"]) == (7, 1)
    with pytest.raises(Unavailable):
        answering.respond(asked.id, 2, 1, by=user)
    assert browse(user).get(f"/consultations/{asked.slug}/mine").status_code == 200
    commit(sa.delete(Participant).where(Participant.row_key == row.row_key))
    assert computing.compute(asked.id) and "ALARM" in caplog.text and "1 are gone" in caplog.text


@pytest.mark.both
def test_more_statements_than_there_is_room_for_seal_all_rows_anew(town):
    asked, user = consultation(), town.user()
    answering.respond(asked.id, 6, -1, by=user)
    db.session.add_all(Statement(consultation_id=asked.id, number=number, text=f"한 줄 의견 {number}번", texts={},
                                 published_at=clock.now()) for number in range(7, 301))
    db.session.commit()
    with pytest.raises(Conflict):
        answering.respond(asked.id, 300, 1, by=user)
    assert computing.make_room() == 1 and computing.make_room() == 0
    assert answering.respond(asked.id, 300, 1, by=user).answers == {6: -1, 300: 1}
    assert {len(row.sealed) for row in db.session.scalars(sa.select(Participant))} == {1_024 // 4 + 37}


@pytest.mark.parametrize(("statements", "room"), [(6, 256), (192, 256), (193, 1_024), (768, 1_024), (3_073, 10_240),
                                                  (10_000, 10_240)])
def test_rooms(statements, room):
    assert sealing.room_of(statements) == room
