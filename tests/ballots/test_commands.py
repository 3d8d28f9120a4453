"""Votes from the command line: heads, proofs, keys, rolls, and the verifier."""

import json
from hashlib import sha256

import pytest
import sqlalchemy as sa

from civic_forum.ballots import cli
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import backups as backup_list
from civic_forum.ballots.keys import copies as key_copy
from civic_forum.ballots.published import records
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rules.log import instant
from civic_forum.ballots.models import ElectoralRoll, RollEntry
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.accounts.people import PASSWORD, password_hash
from tests.accounts.test_second_factor import NOON, code
from tests.ballots.boxes import box
from tests.ballots.officials import EARLY, FIRST, SECOND, after, copy_key, with_codes
from tests.ballots.people import a_roll, verified
from tests.ballots.proofs import verify_inclusion

LEAVES = 320
"""Of eleven ballots: twice as many and 256 more, up to a multiple of 64."""


@pytest.fixture
def run(app, town):
    def command(group, *arguments, typed=""):
        result = app.test_cli_runner().invoke(getattr(cli, group), [str(one) for one in arguments], input=typed)
        db.session.rollback()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return command


@pytest.fixture
def over(town):
    """A vote of twelve whose time is over, with eleven ballots."""
    made = box(12, subject="test:napul")
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    after(3700)
    return made


def two(town):
    made = [town.official(sign_in_name=name, password_hash=password_hash()) for name in ("ob.one", "ob.two")]
    return [official.sign_in_name for official in made]


def test_the_head_closes_what_is_due_and_is_the_one_that_was_signed(run, over):
    head = json.loads(run("ballots", "head", over.id.hex(), "--json"))
    assert (head["kind"], head["size"], head["fingerprint"]) == ("closing", LEAVES, over.fingerprint.hex())
    assert instant(head["at"]) and "consistency" not in head and head == keyring.last_head(over.id)
    every = json.loads(run("ballots", "head", "napul", "--all", "--json"))
    assert [one["kind"] for one in every] == ["opening", "closing"]
    assert head["root"] in run("ballots", "head", "napul")


def test_a_proof_of_every_leaf_and_that_the_log_only_grew(run, over):
    for number in (0, 1, LEAVES - 1):
        proof = json.loads(run("ballots", "proof", "napul", number, "--json"))
        path = [bytes.fromhex(one) for one in proof["proof"]]
        root = bytes.fromhex(proof["head"]["root"])
        assert verify_inclusion(bytes.fromhex(proof["leaf"]), number, LEAVES, path, root)
    grew = json.loads(run("ballots", "proof", "napul", "--old", 0, "--new", LEAVES, "--json"))
    assert (grew["kind"], grew["proof"]) == ("consistency", [])
    with pytest.raises(NotFound):
        run("ballots", "proof", "napul", LEAVES)
    with pytest.raises(NotFound):
        run("ballots", "head", "there-is-no-such-vote")


def test_a_box_that_is_not_open_has_no_head(run, town):
    with pytest.raises(Conflict):
        run("ballots", "head", box(5, opened=False).id.hex())


@pytest.mark.in_turns(of=5)
def test_the_key_is_copied_by_the_second_of_two_officials_only(run, town, tmp_path):
    made, (one, other) = box(5), two(town)
    copy = tmp_path / "copy.json"

    def export(by, password=PASSWORD, phrase=SECOND):
        return run("ballots", "key", "export", made.id.hex(), copy, "--by", by, "--password-stdin", "--json",
                   typed=f"{password}\n{phrase}\n")

    assert json.loads(export(one, phrase=FIRST))["state"] == "proposed" and not copy.exists()
    with pytest.raises(Conflict):
        export(one)
    assert not copy.exists(), "the same official twice is one official"
    for wrong in ({"password": "wrong words"}, {"phrase": "짧아요"}):
        with pytest.raises(Refusal):
            export(other, **wrong)
    assert json.loads(export(other))["state"] == "exported"
    assert key_copy.parsed(copy.read_bytes()).keys[0].box_id == made.id and copy.stat().st_mode & 0o077 == 0
    assert keyring.exported(made.id).hex() not in copy.read_text()
    with pytest.raises(Conflict):
        export(other)


def test_the_code_of_a_second_factor_is_the_second_line_and_works_once(run, town, at):
    at(NOON)
    made, one = box(12), with_codes(town.official(sign_in_name="ob.one", password_hash=password_hash()))
    command = ("ballots", "confirm", made.id.hex(), "--action", "close_early", "--note", EARLY, "--by", "ob.one",
               "--password-stdin", "--json")
    typed = code(one)
    for wrong in ("", "\n", "000000\n"):
        with pytest.raises(Refusal) as refused:
            run(*command, typed=f"{PASSWORD}\n{wrong}")
        assert refused.value.field == "code"
    said = json.loads(run(*command, typed=f"{PASSWORD}\n{typed}\n"))
    assert (said["state"], said["reason"]) == ("proposed", EARLY)
    with pytest.raises(Refusal) as refused:
        run(*command, typed=f"{PASSWORD}\n{typed}\n")
    assert refused.value.field == "code"


def test_a_confirmation_by_command_confirms_the_reason_of_the_other(run, town):
    made, (one, other) = box(12), two(town)

    def confirm(by, *note):
        return run("ballots", "confirm", made.id.hex(), "--action", "close_early", *note, "--by", by,
                   "--password-stdin",
                   typed=PASSWORD + "\n")

    with pytest.raises(Refusal, match="왜 일찍"):
        confirm(one)
    confirm(one, "--note", EARLY)
    with pytest.raises(Conflict, match="적힌 그대로"):
        confirm(other, "--note", "다른 이유예요.")
    assert made.row.closed_at is None
    assert EARLY in confirm(other) and made.row.closed_at is not None


@pytest.mark.in_turns(of=10)
def test_a_lost_key_is_put_back_and_another_one_is_refused(run, town, tmp_path):
    made, others = box(5), box(5)
    officials = town.moderator(), town.official()
    one, _other = two(town)
    copy, wrong = tmp_path / "copy.json", tmp_path / "wrong.json"
    copy.write_bytes(copy_key(made.id, *officials).written())
    wrong.write_bytes(copy_key(others.id, *officials).written())
    keyring._box_key(made.id).unlink()
    for file, phrases, expected in ((wrong, (FIRST, SECOND), Conflict), (copy, (SECOND, FIRST), Refusal),
                                    (copy, (FIRST, SECOND), None), (copy, (FIRST, SECOND), Conflict)):
        arguments = ("ballots", "key", "restore", file, "--by", one, "--password-stdin")
        typed = "\n".join((PASSWORD, *phrases, ""))
        if expected:
            with pytest.raises(expected):
                run(*arguments, typed=typed)
        else:
            run(*arguments, typed=typed)
    assert keyring.key_sha256(made.id) == made.row.key_sha256


@pytest.mark.both
def test_backups_made_during_a_vote_are_listed_until_each_is_named(run, town, tmp_path):
    made, (one, _other) = box(5), two(town)
    for name in ("monday", "tuesday"):
        backup_list.note(tmp_path / name)

    def left(*gone):
        return json.loads(run("ballots", "backups", made.id.hex(), *gone, "--by", one, "--password-stdin", "--json",
                              typed=PASSWORD + "\n"))["left"]

    assert left() == [str(tmp_path / "monday"), str(tmp_path / "tuesday")]
    assert left(tmp_path / "tuesday") == [str(tmp_path / "monday")]
    with pytest.raises(NotFound):
        left(tmp_path / "tuesday")
    assert left(tmp_path / "monday") == []


def test_the_fingerprint_of_the_signing_key(run, town):
    box(1)
    said = json.loads(run("ballots", "key", "fingerprint", "--json"))["key"]
    assert said == sha256(signing.public_key(keyring.signing_seed())).hexdigest()


@pytest.fixture
def people_csv(town, tmp_path):
    town.neighbourhood("시흥1동")
    file = tmp_path / "people.csv"
    file.write_bytes("\ufeffname,birth_date,neighbourhood\r\n김하늘,1980-01-01,시흥1동\r\n박바다,1990-02-03,시흥1동\r\n".encode())
    return file


@pytest.mark.both
def test_a_roll_is_imported_and_shown(run, town, people_csv):
    town.moderator(sign_in_name="mod.one")
    prepared = a_roll(RollSource.IMPORTED)
    done = json.loads(run("roll", "import", people_csv, "--roll", prepared.id, "--by", "mod.one", "--json"))
    assert done["imported"] == 2 and done["problems"] == []
    shown = json.loads(run("roll", "show", done["roll"], "--json"))
    assert (shown["entries"], shown["neighbourhoods"]) == (2, {"시흥1동": 2})
    assert shown["rule"]["source"] == "imported" and shown["fixed_at"]
    assert "시흥1동\t2" in run("roll", "show", done["roll"])


def test_bad_lines_are_named_and_nothing_is_imported(app, town, people_csv):
    people_csv.write_text(people_csv.read_text("utf-8-sig") + "김하늘,1980.1.1,시흥1동\n이별,1990-99-99,시흥1동\n", "utf-8")
    prepared = a_roll(RollSource.IMPORTED)
    result = app.test_cli_runner().invoke(cli.roll, ["import", str(people_csv), "--roll", str(prepared.id), "--json"])
    assert isinstance(result.exception, Refusal) and result.exit_code == 1
    assert json.loads(result.output)["problems"] == [{"line": 4, "wrong": "duplicate", "same_as": 2},
                                                     {"line": 5, "wrong": "birth_date"}]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RollEntry)) == 0
    assert db.session.scalar(sa.select(ElectoralRoll)).fixed_at is None


def test_a_prepared_roll_is_filled_with_the_rule_that_it_has(run, town, people_csv):
    prepared = a_roll(RollSource.IMPORTED)
    run("roll", "import", people_csv, "--roll", prepared.id)
    assert rolls.size(prepared.id) == 2
    with pytest.raises(Conflict):
        run("roll", "import", people_csv, "--roll", prepared.id)
    with pytest.raises(NotFound):
        run("roll", "import", people_csv, "--for", "there-is-no-such-vote")


def test_a_list_needs_a_roll(app, town, people_csv):
    assert app.test_cli_runner().invoke(cli.roll, ["import", str(people_csv)]).exit_code == 2


def test_a_roll_is_fixed(run, town):
    verified(town)
    prepared, clerk = a_roll(), town.clerk(sign_in_name="clerk.one")
    with pytest.raises(Denied):
        run("roll", "fix", prepared.id, "--by", clerk.sign_in_name)
    assert "1 entries" in run("roll", "fix", prepared.id, "--by", town.moderator(sign_in_name="mod.one").sign_in_name)
    assert run("roll", "fix").startswith("0 ")


def verify(app, *arguments, capfd):
    result = app.test_cli_runner().invoke(cli.verify, [str(one) for one in arguments])
    said = capfd.readouterr().out
    return result.exit_code, said


@pytest.mark.in_turns(of=5)
def test_verify_is_the_verifier_of_everybody(app, town, over, capfd, tmp_path, run):
    publication.carry_on(over.id, by=None)
    row = over.row
    head = tmp_path / "head.json"
    head.write_text(run("ballots", "head", "napul", "--json"))
    code, said = verify(app, records.public(row), "--key", keyring.key_fingerprint(), "--head", head, capfd=capfd)
    assert code == 0 and said.strip().splitlines()[-1].startswith("OK")
    code, said = verify(app, records.observers(row), "--same-as", records.public(row), capfd=capfd)
    assert code == 0 and "Everything was recounted." in said.strip().splitlines()[-1]
    broken = tmp_path / "broken.zip"
    broken.write_bytes(records.public(row).read_bytes()[:-1])
    assert verify(app, broken, capfd=capfd)[0] == 1
    assert verify(app, tmp_path / "nothing.zip", capfd=capfd)[0] == 2
