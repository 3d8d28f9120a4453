"""No vote opens before its key was copied and a backup made; rehearsals and marked samples excepted."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import queries as before_opening
from civic_forum.ballots.officials import services as confirmations
from civic_forum.platform import asked_backups, backups, clock, last_backup
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.ballots.boxes import box
from tests.ballots.officials import OPEN, both, copy_key, two_confirm
from tests.ballots.test_publication import watched
from tests.racing import at_once


@pytest.fixture
def real(app, town, tmp_path, monkeypatch):
    """No marked sample; backups lie in a directory of their own."""
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "optional")
    monkeypatch.setitem(app.config, "BACKUPS", str(tmp_path / "backups"))
    forget_backups(app)
    yield town
    forget_backups(app)


def forget_backups(app):
    for name in (last_backup.LAST, last_backup.ASKED):
        (Path(app.config["DATA"]) / name).unlink(missing_ok=True)


def backed_up(tmp_path, name="before"):
    backups.backup(str(tmp_path / name))
    db.session.rollback()


@pytest.mark.in_turns(of=5)
def test_missing_steps_are_said_one_after_the_other(real, tmp_path):
    made, (one, other) = box(3, opened=False, **watched()), both(real)
    with pytest.raises(Conflict, match="열쇠를 아직 복사하지 않았어요"):
        confirmations.propose(OPEN, made.id, by=one)
    copy_key(made.id, one, other)
    with pytest.raises(Conflict, match="백업이 없어요"):
        confirmations.propose(OPEN, made.id, by=one)
    backed_up(tmp_path)
    two_confirm(OPEN, made.id, one, other)
    assert made.row.opened_at is not None


@pytest.mark.in_turns(of=5)
def test_it_is_asked_again_when_the_second_official_confirms(real, app, tmp_path):
    made, (one, other) = box(3, opened=False, **watched()), both(real)
    copy_key(made.id, one, other)
    backed_up(tmp_path)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    (Path(app.config["DATA"]) / last_backup.LAST).unlink()
    with pytest.raises(Conflict, match="백업이 없어요"):
        confirmations.confirm(proposed.id, by=other)
    assert made.row.opened_at is None


@pytest.mark.in_turns(of=5)
def test_a_backup_from_before_the_box_was_prepared_does_not_count(real, tmp_path):
    backed_up(tmp_path)
    made = box(3, opened=False, **watched())
    assert not before_opening.is_backed_up(made.row) or made.row.created_at < last_backup.last().at
    made.row.created_at = clock.now()
    db.session.commit()
    assert not before_opening.is_backed_up(made.row)
    backed_up(tmp_path, "after")
    assert before_opening.is_backed_up(made.row) and last_backup.last().name == str(tmp_path / "after")


def test_a_backup_that_failed_is_none(real, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(Conflict):
        backups.backup(str(tmp_path / "full"))
    assert last_backup.last() is None


@pytest.mark.parametrize("spoilt", ["", "{", "[]", "{\"name\": 1}"])
def test_a_note_that_nobody_can_read_is_no_backup(real, app, spoilt):
    (Path(app.config["DATA"]) / last_backup.LAST).write_text(spoilt)
    assert not before_opening.is_backed_up(box(3, opened=False, **watched()).row)


def test_a_rehearsal_and_a_marked_sample_open_without(real, app, monkeypatch):
    assert before_opening.why_not(box(3, opened=False, rehearsal=True).row) is None
    made = box(3, opened=False, **watched())
    assert before_opening.why_not(made.row)
    monkeypatch.setitem(app.config, "SAMPLE", True)
    assert before_opening.why_not(made.row) is None


@pytest.mark.in_turns(of=5)
def test_the_worker_makes_the_backup_that_a_page_asked_for(real, browse, app, tmp_path):
    made, (one, other) = box(3, opened=False, **watched()), both(real)
    here, official = f"/desk/votes/{made.id.hex()}", browse(one)
    page = official.get(here).text
    assert "열쇠 복사하러 가기" in page and "백업 만들기" in page and "예시 사이트에서는" not in page
    assert asked_backups.make() is False, "nobody asked"
    assert official.post(f"{here}/backups").status_code == 302
    assert official.post(f"{here}/backups").status_code == 409
    assert "백업을 만들고 있어요" in official.get(here).text
    assert at_once(app, 2, lambda _n: asked_backups.make()).count(True) == 1
    written, = (tmp_path / "backups").iterdir()
    assert json.loads((written / backups.ABOUT).read_text())["format"] == backups.FORMAT
    assert written.name in official.get(here).text and last_backup.asked() is None
    db.session.rollback()
    copy_key(made.id, one, other)
    two_confirm(OPEN, made.id, one, other)


def test_a_backup_that_cannot_be_made_says_why_and_is_asked_for_again(real, browse, app, tmp_path):
    (tmp_path / "backups").touch()
    made, (one, _other) = box(3, opened=False, **watched()), both(real)
    key_copies.ask_for_backup(made.id, by=one)
    assert asked_backups.make() is False and asked_backups.make() is False
    assert "백업을 만들지 못했어요" in browse(one).get(f"/desk/votes/{made.id.hex()}").text
    (tmp_path / "backups").unlink()
    db.session.rollback()
    key_copies.ask_for_backup(made.id, by=one)
    assert asked_backups.make() is True


def test_a_backup_whose_worker_is_killed_is_made_by_the_next_one(real, app, tmp_path, monkeypatch):
    made, (one, _other) = box(3, opened=False, **watched()), both(real)
    key_copies.ask_for_backup(made.id, by=one)

    def killed(_place):
        raise SystemExit

    with monkeypatch.context() as worker, pytest.raises(SystemExit):
        worker.setattr(backups, "backup", killed)
        asked_backups.make()
    db.session.rollback()
    assert last_backup.asked() is not None
    clock.shift(3600)
    assert asked_backups.make() is True and len(list((tmp_path / "backups").iterdir())) == 1


def test_the_page_of_a_marked_sample_says_that_both_are_left_out(town, browse):
    made = box(3, opened=False, **watched())
    assert "예시 사이트에서는 복사와 백업 없이도" in browse(town.official()).get(f"/desk/votes/{made.id.hex()}").text


def test_a_backup_that_no_worker_makes_is_said_to_be_late_and_asked_for_again(real, browse, at):
    made, (one, _other) = box(3, opened=False, **watched()), both(real)
    key_copies.ask_for_backup(made.id, by=one)
    at(clock.now() + last_backup.PATIENCE + timedelta(seconds=1))
    page = browse(one).get(f"/desk/votes/{made.id.hex()}").text
    assert "부탁한 백업이 아직 없어요" in page and "백업을 만들고 있어요" not in page
    db.session.rollback()
    key_copies.ask_for_backup(made.id, by=one)
    assert not last_backup.asked().is_late
