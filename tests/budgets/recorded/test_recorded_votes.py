"""From the ballots of a round to its records: signed, passed by the verifier, and counted again from them."""

import json
import random
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction

import pytest
from click.testing import CliRunner

from civic_forum.accounts.models import User
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.counting import publication
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import records
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.choices import NotAccepted
from civic_forum.budgets import cli
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.ballots.boxes import form_of
from tests.ballots.officials import observers_sign, type_draw
from tests.budgets import making
from tests.budgets.voting.scene import drafted
from tests.running.machine import patience

SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, step=Fraction(100_000), fill_greedy=True)
WEIGHTED = CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(1, 2), "committee": Fraction(1, 2)})
RULES = {
    "greedy": (CountingRules(), "totals"), "greedy, every ballot published": (CountingRules(), "ballots"),
    "weighted": (WEIGHTED, "totals"), "equal shares": (SHARES, "totals"),
    "equal shares, every ballot published": (SHARES, "ballots"),
}


def voted(town, monkeypatch, rules, publishes):
    """Two envelopes, in which twelve people voted at once; an hour after the close."""
    people = [making.voter(town) for _one in range(12)]
    budget_round = drafted(town, counting=rules.to_json(), publishes=publishes, draw=DrawKind.DICE)
    if rules.rule is Rule.WEIGHTED:
        budget_round.committee_size, budget_round.committee_fixed_at = 9, clock.now()
        for number, project in enumerate(
                db.session.query(Project).filter_by(round_id=budget_round.id).order_by(Project.id)):
            project.committee_votes = number * 7 % 10
        db.session.commit()
    budget_round = making.opened(town, budget_round=budget_round)
    chance = random.Random(3)
    for user_id in [person.id for person in people]:
        persons = identities.candidates(db.session.get(User, user_id))
        forms = {one.box_id: form_of(one.box, persons[0], choice_of(one.box, chance)) for one in budget_round.envelopes}
        db.session.rollback()
        casting.cast_several(forms, persons, Channel.ONLINE)
    ends = max(one.box.closes_at for one in budget_round.envelopes) + timedelta(hours=1)
    ahead = ends - clock.now()
    now = clock.read
    monkeypatch.setattr(clock, "read", lambda: now() + ahead)
    monkeypatch.setattr(clock, "offset_seconds", lambda: ahead.total_seconds())
    return [one.box_id for one in budget_round.envelopes]


def choice_of(box: BallotBox, chance: random.Random) -> bytes:
    """A random choice that the box accepts; now and then the blank."""
    rule = boxes.rule_of(box)
    while chance.randrange(8):
        marked = chance.sample(range(1, rule.options + 1), chance.randint(1, rule.limit))
        try:
            return rule.encode(dict.fromkeys(marked, 1))
        except NotAccepted:
            continue
    return rule.blank_choice()


def publish(box_id: bytes, officials) -> BallotBox:
    """Two officials, in turn, bring it to its publication; where the count meets a tie they type what was thrown."""
    try:
        publication.count(box_id, by=officials[0])
    except Conflict:
        type_draw(box_id, *officials)
    publication.carry_on(box_id, by=officials[0])
    observers_sign(box_id)
    for turn in range(4):
        publication.advance(box_id, copies="없어요", by=officials[turn % 2])
        if boxes.by_id(box_id).published_at is not None:
            return boxes.by_id(box_id)
    raise AssertionError("two officials did not come to the end")


def verified(path, *options):
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(path), "--key", keyring.key_fingerprint(),
                           *options], capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 0, done.stdout[-300:]
    return done.stdout


def counted_again(path) -> dict:
    done = CliRunner().invoke(cli.budget, ["count", str(path), "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.output)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("rules", "publishes"), RULES.values(), ids=RULES)
def test_a_signed_result_is_verified_and_comes_out_again(town, monkeypatch, rules, publishes):
    box_ids = voted(town, monkeypatch, rules, publishes)
    officials = [town.official(), town.moderator()]
    for box_id in box_ids:
        box = publish(box_id, officials)
        result = json.loads(box.result)
        count = result["outcome"]["count"]
        assert result["ballots"] == 12 and count["voters"] == 12 and count["selected"]
        public, observers = records.public(box), records.observers(box)
        assert verified(observers, "--same-as", str(public)).splitlines()[-1].count("Everything was recounted.") == 1
        said = verified(public).splitlines()[-1]
        if publishes == "ballots":
            assert "Everything was recounted." in said
        else:
            assert "NOT recounted: totals" in said and ("what equal shares funds" in said) is (rules is SHARES)
        for path in {observers} | ({public} if publishes == "ballots" or rules is not SHARES else set()):
            found = counted_again(path)
            assert [found[name] for name in ("selected", "cost", "budget", "voters")] == [
                count[name] for name in ("selected", "cost", "budget", "voters")]


@pytest.mark.in_turns(of=5)
def test_a_public_record_without_ballots_cannot_be_counted_by_equal_shares(town, monkeypatch):
    box = publish(voted(town, monkeypatch, SHARES, "totals")[0], [town.official(), town.moderator()])
    done = CliRunner().invoke(cli.budget, ["count", str(records.public(box)), "--json"])
    assert done.exit_code != 0


@pytest.mark.in_turns(of=5)
def test_each_envelope_goes_its_own_way(town, monkeypatch):
    """One is published while the other is not even counted."""
    first, second = voted(town, monkeypatch, CountingRules(), "totals")
    publish(first, [town.official(), town.moderator()])
    assert boxes.by_id(second).counted_at is None and keyring.is_there(second) and not keyring.is_there(first)
