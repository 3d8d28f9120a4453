"""bin/civic-forum poll …: from a file to a record that the verifier passes."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from civic_forum.accounts import passwords
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.polls import cli
from civic_forum.polls.queries import records
from tests.ballots.boxes import form_of
from tests.ballots.officials import observers_sign
from tests.factories import saved

from .making import entry, voter

PASSWORD = "a long enough sentence"


@pytest.fixture(scope="module")
def password_hash(sqlite_app):
    with sqlite_app.app_context():
        return passwords.hashed(PASSWORD)


@pytest.fixture
def run(app, town):
    def command(*arguments, typed=f"{PASSWORD}\n"):
        db.session.rollback()
        result = app.test_cli_runner().invoke(cli.poll, [*map(str, arguments), "--json"], input=typed)
        db.session.rollback()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return command


@pytest.fixture
def people(town, password_hash):
    known = {"password_hash": password_hash}
    return {"moderator": town.moderator(sign_in_name="moderator", **known).sign_in_name,
            "official": town.official(sign_in_name="official", **known).sign_in_name,
            "resident": town.resident(sign_in_name="resident", **known).sign_in_name}


def written(tmp_path, **facts):
    path = tmp_path / "poll.json"
    path.write_text(json.dumps(entry(**facts), ensure_ascii=False), "utf-8")
    return path


def casts(slug, user, *chosen):
    box = records.by_slug(slug).box
    person = identities.candidates(user)[0]
    form = form_of(box, person, boxes.rule_of(box).encode(dict.fromkeys(chosen, 1)))
    casting.cast(box.id, person, form, Channel.ONLINE)
    db.session.rollback()


@pytest.mark.in_turns(of=5)
def test_a_vote_goes_from_a_file_to_a_record_that_anybody_can_verify(run, town, people, tmp_path):
    voters = [voter(town) for _one in range(11)]
    made = run("create", written(tmp_path, slug="lot"), "--by", "moderator")
    assert made["announced"] and made["box"] is None
    first = run("confirm", "lot", "--by", "official", "--password-stdin")
    assert first["state"] == "proposed" and first["stage"] == "preparing"
    second = run("confirm", "lot", "--by", "moderator", "--password-stdin")
    assert second["state"] == "confirmed" and second["stage"] == "open"
    assert second["fingerprint"] == first["fingerprint"]
    for user, option in zip(voters, (1, 2, 3, 1, 1), strict=False):
        casts("lot", user, option)
    assert [(one["slug"], one["stage"], one["voters"]) for one in run("list")] == [("lot", "open", 5)]
    with pytest.raises(Refusal):
        run("publish", "lot", "--by", "official", "--password-stdin")

    clock.shift(int((boxes.by_id(bytes.fromhex(second["box"])).closes_at - clock.now()).total_seconds()) + 60)
    assert run("close-due")["closed"] == [second["box"]]
    assert run("close-due")["closed"] == []
    for by in ("official", "moderator"):
        said = run("publish", "lot", "--by", by, "--password-stdin")
        assert (said["stage"], said["proposed"]) == ("records_written", None)
    stages = []
    for turn in range(6):
        by = ("official", "moderator")[turn % 2]
        said = run("publish", "lot", "--by", by, "--password-stdin", "--copies", "금고의 사본 하나도 없앴어요")
        stages.append(said["stage"])
        if turn == 0:
            assert said["stage"] == "records_written" and "서명을 기다려 주세요" in said["waits"]
            observers_sign(bytes.fromhex(second["box"]))
        if said["stage"] == "published":
            break
    assert stages == ["records_written", "records_written", "key_destroyed", "published"]
    record = tmp_path / "record.zip"
    given = run("record", "lot", record)
    assert len(given["sha256"]) == 64
    checked = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(record), "--key",
                              keyring.key_fingerprint()],
                             capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with pytest.raises(Conflict):
        run("record", "lot", record)


def test_the_same_person_never_confirms_alone(run, town, people, tmp_path):
    for _one in range(10):
        voter(town)
    run("create", written(tmp_path, slug="lot"), "--by", "moderator")
    run("confirm", "lot", "--by", "official", "--password-stdin")
    with pytest.raises(Denied):
        run("confirm", "lot", "--by", "official", "--password-stdin")
    with pytest.raises(Refusal, match="비밀번호"):
        run("confirm", "lot", "--by", "moderator", "--password-stdin", typed="wrong\n")
    with pytest.raises(Denied):
        run("confirm", "lot", "--by", "resident", "--password-stdin")


def test_an_early_close_is_confirmed_alike(run, town, people, tmp_path):
    for _one in range(10):
        voter(town)
    run("create", written(tmp_path, slug="lot"), "--by", "moderator")
    for by in ("official", "moderator"):
        run("confirm", "lot", "--by", by, "--password-stdin")
    for by, state in (("official", "proposed"), ("moderator", "confirmed")):
        said = run("confirm", "lot", "--action", "close_early", "--by", by, "--password-stdin", "--note",
                   "큰비로 문을 열지 못해요.")
        assert said["state"] == state
    assert said["stage"] == "closed"


def test_a_season_stops_the_command_too(run, town, people, tmp_path):
    today = clock.now().date()
    saved(ElectionSeason(name="지방선거", first_day=today, last_day=today + timedelta(days=2), set_at=clock.now()))
    run("create", written(tmp_path, slug="lot"), "--by", "moderator")
    with pytest.raises(Conflict, match="지방선거"):
        run("confirm", "lot", "--by", "official", "--password-stdin")


@pytest.mark.parametrize("text", ["", "{", "[1,", "\udcff", "[" * 100_000])
def test_a_file_that_is_no_json_is_refused(run, town, people, tmp_path, text):
    path = tmp_path / "poll.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Refusal):
        run("create", path, "--by", "moderator")


def test_missing_polls_and_missing_rights_are_told_in_a_sentence(run, town, people, tmp_path):
    with pytest.raises(NotFound):
        run("confirm", "nothing", "--by", "official", "--password-stdin")
    with pytest.raises(NotFound):
        run("create", written(tmp_path), "--by", "who")
    with pytest.raises(Denied):
        run("create", written(tmp_path), "--by", "official")
    run("create", written(tmp_path, slug="lot"), "--by", "moderator")
    for command in (("publish", "lot", "--by", "official", "--password-stdin"), ("record", "lot", tmp_path / "r.zip")):
        with pytest.raises(Conflict):
            run(*command)
