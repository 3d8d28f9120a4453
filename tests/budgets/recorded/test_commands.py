"""bin/civic-forum ballots … on the votes of a round, called ROUND/ENVELOPE."""

import json
from datetime import timedelta

import pytest

from civic_forum.ballots import cli, identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.budgets import cli as budgets
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from tests.ballots.boxes import form_of
from tests.ballots.officials import observers_sign
from tests.accounts.people import PASSWORD, password_hash
from tests.budgets import making


@pytest.fixture
def run(app, town):
    def command(group, *arguments):
        done = app.test_cli_runner().invoke(group, [*map(str, arguments), "--json"], input=f"{PASSWORD}\n")
        db.session.rollback()
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    return command


def official(town, name):
    return town.official(sign_in_name=name, password_hash=password_hash())


@pytest.mark.in_turns(of=5)
def test_an_envelope_is_opened_published_and_counted_again_by_commands(run, town, tmp_path, monkeypatch):
    people = [making.voter(town) for _one in range(10)]
    for name in ("ob.one", "ob.two"):
        official(town, name)
    budget_round = making.prepared(town, envelopes=2, voters=0)
    first, second = (f"{budget_round.slug}/{one.slug}" for one in budget_round.envelopes)
    box_id = budget_round.envelopes[0].box_id
    assert run(cli.ballots, "confirm", first, "--by", "ob.one", "--password-stdin")["state"] == "proposed"
    opened = run(cli.ballots, "confirm", first, "--by", "ob.two", "--password-stdin")
    assert (opened["name"], opened["state"], opened["stage"]) == (first, "confirmed", "open")
    box = boxes.by_id(box_id)
    for number, user in enumerate(people):
        choice = boxes.rule_of(box).encode({1: 1, 2 + number % 3 % 2: 1})
        persons = identities.candidates(user)
        form = form_of(box, persons[0], choice)
        db.session.rollback()
        casting.cast_as(box_id, persons, form, Channel.ONLINE)
    assert run(cli.ballots, "head", first)["kind"] == "opening"
    with pytest.raises(Conflict):
        run(cli.ballots, "record", first, tmp_path / "early.zip")

    now, ahead = clock.read, boxes.by_id(box_id).closes_at + timedelta(hours=1) - clock.now()
    db.session.rollback()
    monkeypatch.setattr(clock, "read", lambda: now() + ahead)
    monkeypatch.setattr(clock, "offset_seconds", lambda: int(ahead.total_seconds()))
    assert "서명을 기다려 주세요" in run(cli.ballots, "publish", first, "--by", "ob.one", "--password-stdin")["waits"]
    observers_sign(box_id)
    for by in ("ob.one", "ob.two", "ob.one"):
        told = run(cli.ballots, "publish", first, "--by", by, "--copies", "없어요", "--password-stdin")
    assert told["stage"] == "published" and not keyring.is_there(box_id)
    path = tmp_path / "record.zip"
    assert run(cli.ballots, "record", first, path)["bytes"] == path.stat().st_size
    counted = run(budgets.budget, "count", path)
    assert counted["voters"] == 10 and counted["selected"][0] == "A01"
    with pytest.raises(Conflict):
        run(cli.ballots, "confirm", second, "--by", "ob.one", "--password-stdin")


@pytest.mark.parametrize("name", ["nothing", "nothing/at-all", "/", "a/b/c"])
def test_a_name_of_no_vote_is_not_found(run, town, name):
    official(town, "ob.one")
    with pytest.raises(NotFound):
        run(cli.ballots, "confirm", name, "--by", "ob.one", "--password-stdin")
