"""Killed in the middle of each step of officers, observers and kiosks: taken again it ends well, nothing is told
twice."""

import json
import signal
from collections import Counter

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.counting import publication
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.strikes import services as strikes
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.models import DeskCount, RollEntry, VoteNotice
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.ballots.officers import queries, services
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.notifications.models import Notice
from tests import factories
from tests.ballots.kiosks import device
from tests.ballots.officials import CLOSE_EARLY, EARLY, FIRST, OPEN, SECOND, after
from tests.ballots.test_observing import SEEDS, as_file, named, parts, statement
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)
from tests.servers.forks import PROCESSES

from . import dying
from .dying import COMMITTED, NOT_COMMITTED, STEPS
from .people import box_of, granted, staff, three

pytestmark = pytest.mark.both

DONE = {COMMITTED, "head not kept"}
"""Points at which the step is done already."""
ONCE = ("ballots.open_confirmed", "ballots.close_early_confirmed", "ballots.strike_confirmed",
        "ballots.officer_changed",
        "ballots.roll_entry_struck", "ballots.counted", "ballots.record_written")


class Killed:
    """A site of whose processes one after the other dies."""

    def __init__(self, app):
        self.app = app

    def at(self, point, step, by=None, **given):
        number = by and by.id
        db.session.rollback()
        data, address = self.app.config["DATA"], self.app.config["DATABASE_URL"]
        process = PROCESSES.Process(target=dying.step_and_die, daemon=True, args=(
            data, address, clock.offset_seconds(), step, number, given, point))
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL, (step, point)

    def then_repeated(self, points, is_done, step, by=None, **given):
        """Cut off at these points one after the other, then taken once more; returns what it gave."""
        for point in points:
            self.at(point, step, by, **given)
            db.session.rollback()
            assert bool(is_done()) == (point in DONE), (step, point)
        if is_done():
            with pytest.raises(Conflict):
                STEPS[step](by, **given)
            return None
        done = STEPS[step](by, **given)
        assert is_done()
        return done


def audited():
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(AuditEntry.action)))


def told(user):
    db.session.rollback()
    return [(one.kind, one.step) for one in db.session.scalars(sa.select(Notice).filter_by(user_id=user.id))]


def notices(made):
    db.session.rollback()
    of_vote = sa.select(VoteNotice.title).filter_by(subject=made.row.subject)
    return db.session.scalars(of_vote.order_by(VoteNotice.id)).all()


def is_held(app, every):
    """A vote whose steps are cut off: once each where it is most dangerous, or wherever they can be."""
    def points(dangerous, *others, then=()):
        return (*others, dangerous, *then) if every else (dangerous,)

    town, killed = factories.Town(), Killed(app)
    (one, other, _third), grants = three(town)
    administrators = staff(town, Role.ADMINISTRATOR), staff(town, Role.ADMINISTRATOR)
    made = box_of(grants, opened=False, closes=200 * 3600, **parts(named(*SEEDS), 2))
    is_copied(killed, made, one, other, points)
    is_opened(killed, made, one, other, points)
    is_struck(killed, made, town, one, other, points)
    votes_at_the_kiosk(killed, made, town, every)
    newcomer = is_replaced(killed, made, town, administrators, grants, points)
    after(73 * 3600)
    is_closed(killed, made, newcomer, other, points)
    is_signed(killed, made, town, newcomer)
    written = audited()
    publication.advance(made.id, copies="복사본은 없어요.", by=newcomer)
    publication.advance(made.id, by=other)
    publication.advance(made.id, by=newcomer)
    assert made.row.published_at is not None and json.loads(made.row.result)["ballots"] == 1
    assert {written[name] for name in ONCE} == {1}, written


def is_copied(killed, made, one, other, points):
    """The file that comes at last opens with both phrases, and only one was confirmed."""
    key_copies.propose(made.id, FIRST, by=one)
    copy = killed.then_repeated(points("sealed", NOT_COMMITTED), lambda: audited()["ballots.export_key_confirmed"],
                                "copy", other, box=made.id, phrase=SECOND)
    with pytest.raises(Conflict, match="이미 확인했거나"):
        key_copies.confirm(made.id, SECOND, by=other)
    keyring._box_key(made.id).unlink()
    key_copies.restore(copy.written(), FIRST, SECOND, by=one)
    assert keyring.holds(made.id, made.row.key_sha256)


def is_opened(killed, made, one, other, points):
    proposed = confirmations.propose(OPEN, made.id, by=one)
    killed.then_repeated(points("head not kept", NOT_COMMITTED), lambda: made.row.opened_at, "confirm", other,
                         proposal=proposed.id)
    assert keyring.last_head(made.id) is None, "the process died before"
    log.heads_json(made.id)
    assert keyring.last_head(made.id)["kind"] == "opening" and len(heads.of_box(made.id)) == 1
    made.fingerprint = made.row.fingerprint


def is_struck(killed, made, town, one, other, points):
    person, somebody = made.voters[0], town.resident()
    proposed = strikes.propose(made.id, person, "다른 구로 이사했어요", account_id=somebody.id, by=one)
    killed.then_repeated(points(NOT_COMMITTED, then=(COMMITTED,)), lambda: db.session.get(
        RollEntry, (made.roll_id, person)).struck_at, "strike", other, proposal=proposed.id)
    assert len(told(somebody)) == 1


def votes_at_the_kiosk(killed, made, town, every):
    """The ballot is in the box once, its desk counts one, and the person is told once."""
    person, somebody, clerk, here = made.voters[1], town.resident(), town.clerk(), device()
    visit = desk._pass_for(made.id, person, somebody.id, clerk.id, clock.now())
    handed = killed.then_repeated((NOT_COMMITTED,), lambda: db.session.scalar(sa.select(KioskPass.box_id)),
                                  "code", clerk, box=made.id, visit=visit)
    assert handed.number == 1, "no line of the register was used up"
    secret, form = kiosk.enter(handed.code, here), made.form(person, 2)
    sent = form.fingerprint, form.form_key, form.state, form.mine, form.choice
    given = {"secret": secret, "form": sent, "device": here}
    points = ("in the box, not committed", "committed, not in the ledger", "in the ledger, pass not ended",
              "pass ended, not committed") if every else ("in the ledger, pass not ended",)
    for point in points:
        killed.at(point, "vote", **given)
        assert made.promises() == (0 if point == points[0] and every else 1) and told(somebody) == []
    assert kiosk.use(secret, form, here).mine == form.mine
    with pytest.raises(NotFound):
        kiosk.use(secret, form, here)
    assert made.promises() == 1 and sum(made.channels().values()) == 1 and len(told(somebody)) == 1
    assert db.session.execute(sa.select(DeskCount.codes, DeskCount.used)).all() == [(1, 1)]


def is_replaced(killed, made, town, administrators, grants, points):
    newcomer = staff(town)
    services.end(grants[0].id, by=administrators[0])
    services.propose_change(made.id, grants[0].id, granted(newcomer).id, by=administrators[0])
    change = killed.then_repeated(points("replacement kept", NOT_COMMITTED), lambda: queries.changes_of(made.row),
                                  "replace", administrators[1], box=made.id)
    assert queries.changes_of(made.row) == [change] and change.number == 1
    assert notices(made) == ["투표를 맡은 담당관이 바뀌어요"]
    return newcomer


def is_closed(killed, made, one, other, points):
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one)
    killed.then_repeated(points(NOT_COMMITTED), lambda: made.row.closed_at, "confirm", other, proposal=proposed.id)
    assert notices(made) == ["투표를 맡은 담당관이 바뀌어요", "투표를 일찍 끝냈어요"]
    assert keyring.last_head(made.id)["kind"] == "closing"


def is_signed(killed, made, town, by):
    """Writes before the death are there, once; sent again it is known."""
    publication.carry_on(made.id, by=by)
    observer, files = town.staff(Role.OBSERVER), [as_file(statement(made, seed)) for seed in SEEDS[:2]]
    for number, file in enumerate(files):
        killed.at("file written" if number else NOT_COMMITTED, "sign", observer, box=made.id, file=file)
        assert len(observed.statements(made.row)) == number + 1
        assert STEPS["sign"](observer, box=made.id, file=file) == []
    assert observed.counted(made.row).agreed == 2


@pytest.mark.in_turns(of=10)
def test_a_vote_is_held_though_each_of_its_steps_is_cut_off(site):  # noqa: F811
    is_held(site, every=False)


@pytest.mark.long
def test_wherever_a_step_is_cut_off_it_is_taken_again(site):  # noqa: F811
    is_held(site, every=True)


@pytest.mark.parametrize("way", ["withdrawn", "void"])
def test_a_replacement_that_was_cut_off_and_given_up_never_comes(town, way, monkeypatch):
    """Nothing of it holds after 72 hours, and it can be proposed again."""
    _users, grants = three(town)
    made, (one, other) = box_of(grants, closes=200 * 3600), [staff(town, Role.ADMINISTRATOR) for _each in range(2)]
    comes = granted(staff(town))
    services.propose_change(made.id, grants[0].id, comes.id, by=one)
    with monkeypatch.context() as cut_off:
        cut_off.setattr(db.session, "commit", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.confirm_change(made.id, by=other)
    assert keyring.beside_keys(made.id, queries.SUFFIX).exists() and queries.changes_of(made.row) == []
    if way == "withdrawn":
        services.withdraw_change(made.id, by=one)
    else:
        after(25 * 3600)
    services.propose_change(made.id, grants[1].id, comes.id, by=other)
    after(73 * 3600)
    assert [each.grant for each in queries.current(made.row)] == [each.id for each in grants]
    assert queries.changes_of(made.row) == [] and notices(made) == []
