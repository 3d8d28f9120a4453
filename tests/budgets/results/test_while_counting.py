"""While a box is counted everybody else goes on being served, and what is signed is what was counted."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface

import config
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import records
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.paper.models import PaperSheet
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.boxes import SheetState
from civic_forum.budgets.counting import box as outcome
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests import factories
from tests.ballots.boxes import form_of
from tests.budgets import making
from tests.running.machine import patience

OVER_S = 7 * 24 * 3600 + 3_600
PATIENCE_S = patience(60)
CHOSEN = [*[(1,)] * 4, *[(1, 2)] * 3, *[(2, 3)] * 2, (3,), (), ()]
RULES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, fill_greedy=True)


@pytest.fixture
def over(town):
    """A box of twelve ballots whose voting is over."""
    voters = [making.voter(town) for _one in CHOSEN]
    made = making.opened(town, counting=RULES.to_json())
    box = made.envelopes[0].box
    box_id, rule = box.id, boxes.rule_of(box)
    for user, chosen in zip(voters, CHOSEN, strict=True):
        choice = rule.encode(dict.fromkeys(chosen, 1)) if chosen else rule.blank_choice()
        person = identities.candidates(user)[0]
        casting.cast(box_id, person, form_of(box, person, choice), Channel.ONLINE)
    clock.shift(OVER_S)
    db.session.rollback()
    return box_id


class HeldSite:
    """The site in a process of its own, where a count waits until it is told to go on."""

    def __init__(self, app, folder: Path):
        self.app, self.held, self.scratch = app, folder / "held", folder / "scratch"
        self.held.mkdir()
        self.scratch.mkdir()
        for name in ("begun", "go"):
            os.mkfifo(self.held / name)
        command = [sys.executable, "-m", "tests.budgets.results.held_site", app.config["DATA"],
                   app.config["DATABASE_URL"], str(OVER_S)]
        self.process = subprocess.Popen(command, cwd=config.ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {
            "HELD": str(self.held), "TMPDIR": str(self.scratch)})
        self.port = int(self.process.stdout.readline())

    def ask(self, method: str, path: str, user=None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request(method, path, headers={"Cookie": self.cookies[user]} if user else {})
        answer = connection.getresponse()
        said = answer.status, answer.read().decode()
        connection.close()
        return said

    def sign_in(self, *users) -> None:
        write = SecureCookieSessionInterface().get_signing_serializer(self.app).dumps
        self.cookies = {user: f"session={write({'_user_id': factories.signed_in(user), '_fresh': True})}"
                        for user in users}

    def begun(self) -> int:
        """Wait until a count has begun; the process that counts."""
        return int((self.held / "begun").read_text())

    def go_on(self) -> None:
        (self.held / "go").write_text("")


@contextmanager
def held_site(app, folder):
    site = HeldSite(app, folder)
    try:
        yield site
    finally:
        site.process.kill()
        site.process.wait()
        site.process.stdout.close()


def is_over(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def counted(box_id) -> BallotBox:
    db.session.rollback()
    return db.session.get(BallotBox, box_id, populate_existing=True)


def is_signed_as_counted(box: BallotBox) -> None:
    votes = {number: sum(number in chosen for chosen in CHOSEN) for number in (1, 2, 3)}
    expected = outcome.of_box(json.loads(box.definition), votes, len(CHOSEN), CHOSEN)
    assert json.loads(box.result)["outcome"] == expected
    message = signing.result(box.fingerprint, box.result.encode())
    assert signing.verify(signing.public_key(keyring.signing_seed()), message, box.result_signature)


@pytest.mark.in_turns(of=10)
def test_others_are_served_and_may_write_and_two_officials_count_once(app, town, over, tmp_path):
    one, other = town.official(), town.moderator()
    here = f"/desk/votes/{over.hex()}"
    with held_site(app, tmp_path) as site, ThreadPoolExecutor(2) as presses:
        site.sign_in(one, other)
        first = presses.submit(site.ask, "POST", f"{here}/steps", one)
        counts = site.begun()
        assert counts != site.process.pid
        second = presses.submit(site.ask, "POST", f"{here}/steps", other)
        assert site.ask("GET", "/")[0] == 200
        status, page = site.ask("GET", here, other)
        assert status == 200 and "지금 하고 있어요" in page and "/steps" not in page
        with use_case(None) as work:
            work.record("test.written", "nothing:1")
        assert records.is_somebody_s_turn(over) and counted(over).counted_at is None
        assert os.listdir(site.scratch) == [] and os.listdir(records.public(counted(over)).parent) == [".lock"]
        assert not first.done() and not second.done()
        site.go_on()
        assert [first.result(PATIENCE_S)[0], second.result(PATIENCE_S)[0]] == [303, 303]
        assert is_over(counts) and "지금 하고 있어요" not in site.ask("GET", here, one)[1]
    box = counted(over)
    is_signed_as_counted(box)
    publication._verify(box)
    times = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("ballots.%"),
                                                                  AuditEntry.subject == f"ballot_box:{over.hex()}"))
    assert sorted(times) == ["ballots.counted", "ballots.record_written"]


@pytest.mark.in_turns(of=10)
def test_a_site_that_is_killed_while_it_counts_leaves_nothing_behind_and_the_next_one_counts(app, town, over, tmp_path):
    official = town.official()
    with held_site(app, tmp_path) as site, ThreadPoolExecutor(1) as presses:
        site.sign_in(official)
        pressed = presses.submit(site.ask, "POST", f"/desk/votes/{over.hex()}/steps", official)
        counts = site.begun()
        os.kill(site.process.pid, signal.SIGKILL)
        with pytest.raises(OSError):
            pressed.result(PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while not is_over(counts):
            assert time.monotonic() < deadline, "it goes on counting for nobody"
            time.sleep(0.02)
    assert counted(over).counted_at is None and not records.is_somebody_s_turn(over)
    publication.carry_on(over, by=official)
    is_signed_as_counted(counted(over))


@pytest.mark.in_turns(of=10)
def test_a_count_that_dies_changes_nothing_and_says_so(app, town, over, tmp_path):
    official = town.official()
    with held_site(app, tmp_path) as site, ThreadPoolExecutor(1) as presses:
        site.sign_in(official)
        pressed = presses.submit(site.ask, "POST", f"/desk/votes/{over.hex()}/steps", official)
        os.kill(site.begun(), signal.SIGKILL)
        status, page = pressed.result(PATIENCE_S)
    assert status == 503 and "아무것도 바꾸지 않았으니" in page
    assert counted(over).counted_at is None and not records.is_somebody_s_turn(over)


@pytest.mark.in_turns(of=10)
def test_a_box_that_changes_while_it_is_counted_is_not_signed(app, town, over, tmp_path):
    official = town.official()
    with held_site(app, tmp_path) as site, ThreadPoolExecutor(1) as presses:
        site.sign_in(official)
        pressed = presses.submit(site.ask, "POST", f"/desk/votes/{over.hex()}/steps", official)
        site.begun()
        db.session.add(PaperSheet(box_id=over, number=1, state=SheetState.ISSUED))
        db.session.commit()
        site.go_on()
        status, page = pressed.result(PATIENCE_S)
    assert status == 503 and "맞지 않아서 멈췄어요" in page
    assert counted(over).counted_at is None and counted(over).result is None
