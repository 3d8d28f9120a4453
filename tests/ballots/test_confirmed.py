"""A record of format 3 says who confirmed what, and the file beside it what came after; format 2 goes on as it was."""

import json
import subprocess
import sys
from zipfile import ZipFile

import pytest

from civic_forum.ballots.box import watching
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import confirmed
from civic_forum.ballots.published import downloads, records
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound

from . import boxes
from .officers.people import box_of, three
from .officials import COPIES, EARLY, after, both, bring_to_publication, two_confirm


def member(made, name):
    with ZipFile(records.public(made.row)) as record:
        return json.loads(record.read(name))


def verified(made, *arguments):
    done = subprocess.run([sys.executable, "-I", "-S", str(publication.VERIFIER), str(records.public(made.row)),
                           "--key", keyring.key_fingerprint(), *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout


def votes(made):
    for voter in made.voters:
        made.cast(voter, 1)


@pytest.mark.in_turns(of=5)
def test_officers_stand_in_the_record_by_position_and_the_destruction_beside_it(town, tmp_path):
    users, grants = three(town)
    made = box_of(grants)
    votes(made)
    two_confirm(ConfirmedAction.CLOSE_EARLY, made.id, *users[1:])
    bring_to_publication(made.id, users[2], users[0])
    acts = [kept["confirmation"] for kept in member(made, confirmed.MEMBER)]
    first, second, third = (grant.position for grant in grants)
    assert [(act["action"], act["by"], act.get("note")) for act in acts] == [
        ("open", [first, second], None), ("close_early", [second, third], EARLY)]
    later = confirmed.after_record(made.row)
    assert [(kept["number"], kept["confirmation"]["action"], kept["confirmation"]["by"]) for kept in later] == [
        (3, "destroy_key", [third, first]), (4, "publish", [first, third])]
    assert later[0]["confirmation"]["key_sha256"] == made.row.key_sha256.hex()
    assert not any(user.name in json.dumps([acts, later], ensure_ascii=False) for user in users)
    path = tmp_path / "confirmations.json"
    path.write_text(json.dumps(later))
    status, lines = verified(made, "--confirmations", path)
    assert status == 0 and COPIES in lines, lines


@pytest.mark.in_turns(of=5)
def test_a_vote_that_was_defined_before_ends_in_a_record_of_format_2(town, monkeypatch):
    monkeypatch.setattr("civic_forum.ballots.operations.FORMAT", 2)
    made = boxes.box(20)
    monkeypatch.undo()
    made.fingerprint = boxes.opened_anew(made.id, binding="결과를 참고해요.")
    assert made.row.format == 2, "what is defined anew keeps its format"
    votes(made)
    watching.sign_due()
    after(3601)
    publication.carry_on(made.id, by=None)
    assert [member(made, name)["format"] for name in ("box.json", "manifest.json", "result.json")] == [2, 2, 2]
    status, lines = verified(made)
    assert status == 0 and "format 2" in lines
    with ZipFile(records.public(made.row)) as record:
        assert confirmed.MEMBER not in record.namelist()
    row = made.row
    row.published_at = row.recorded_at
    with pytest.raises(NotFound):
        downloads.confirmations(row, "x")
    db.session.rollback()


@pytest.mark.in_turns(of=5)
def test_a_vote_that_closed_late_waits_for_a_reason_of_two(town):
    first, second = both(town)
    made = boxes.box(20)
    votes(made)
    after(3600 + 25_000)
    with pytest.raises(Conflict, match="6시간 늦게 마감했어요"):
        publication.carry_on(made.id, by=first)
    two_confirm(ConfirmedAction.COUNT_ANYWAY, made.id, first, second, note="기계가 멈췄어요.")
    publication.carry_on(made.id, by=first)
    alarms = member(made, "alarms.json")
    assert 25_000 <= alarms["late"] < 25_300 and alarms["reasons"][0]["text"] == "기계가 멈췄어요."
    assert "closing head is late" in verified(made)[1]
    assert member(made, confirmed.MEMBER)[0]["confirmation"]["action"] == "count_anyway"


@pytest.mark.in_turns(of=5)
def test_six_hours_are_no_lateness(town):
    made = boxes.box(20)
    votes(made)
    after(3600 + 21_000)
    publication.carry_on(made.id, by=None)
    assert member(made, "alarms.json")["late"] == 0
