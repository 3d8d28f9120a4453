"""Attempts on votes by an attacker with the table of routes and the code at hand, and where they got in once."""

import os

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.polls import cli

from tests import limits

from .making import opened, voter
from .published import published, votes


@pytest.fixture
def everybody_reads():
    """A shell whose files everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_the_edition_with_choices_is_for_nobody_else_on_the_machine(app, town, tmp_path, everybody_reads):
    observer = town.staff(Role.OBSERVER)
    made = published(town, votes(20, 15, 5), record=b"choices")
    theirs = ("--observers", "--by", observer.sign_in_name)
    for name, options, mode in (("all.zip", (), 0o644), ("o.zip", theirs, 0o600)):
        file = tmp_path / name
        done = app.test_cli_runner().invoke(cli.poll, ["record", made.slug, str(file), *options])
        assert done.exit_code == 0, done.output
        assert file.read_bytes() == b"choices" and file.stat().st_mode & 0o777 == mode


def test_one_address_does_not_keep_the_site_busy_with_proofs(app, town, browse, monkeypatch):
    """Each pair of sizes is a tree of its own: a tenth of a second for 50,000 ballots."""
    made = opened(town)
    monkeypatch.setitem(app.config, "LIMIT_ADDRESS", 3)
    limits.forget()
    client = browse()
    answers = [client.get(f"/polls/{made.slug}/proofs/consistency.json?old=0&new=0").status_code for _one in range(5)]
    assert answers == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("slug", ["a%00b", "A" * 300])
def test_a_ballot_for_a_vote_that_cannot_be_is_refused_like_any_other(town, browse, slug):
    """PostgreSQL knows no text with a zero byte: it was a fault of the site, for anybody with an account to cause."""
    form = {"fingerprint": "00" * 32, "form_key": "00" * 16, "state": "00" * 16, "mine": "00" * 16, "choice": "00"}
    answer = browse(voter(town)).post(f"/polls/{slug}/casts", json=form, headers={"Accept": "application/json"})
    assert answer.status_code == 404
