"""Somebody writes the database of an open vote, without a key: each time the right alarm with the right number, and
the vote is closed, counted, recorded and verified all the same and says what happened."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.box import locking
from civic_forum.ballots.box.sealing import Channel, EntryType
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.published import records
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.box import closing_file, ledger_file, watching
from civic_forum.ballots.box.closing import Comparison
from civic_forum.ballots.models import LogLeaf, LiveToken, Promise, Voter
from civic_forum.ballots.paper.models import PaperBatch, PaperSheet
from civic_forum.ballots.rules.boxes import ConfirmedAction, SheetState
from civic_forum.platform import clock, work
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.errors import Conflict
from tests.ballots import boxes
from tests.ballots.officials import after, both, two_confirm
from tests.ballots.test_casting import take_paper
from tests.factories import saved

ONLINE, CHANGED, ASSISTED, PAPERS = 20, 10, 2, 10
"""Of the forty on the roll; the first ten of those who voted online changed their ballot once."""
VOTERS = ONLINE + ASSISTED + PAPERS
REASON = "누가 데이터베이스를 고쳤는지 찾고 있어요."
CLEAN = Comparison().figures()


@dataclass
class Held:
    """A vote under way, and rows as they stood before somebody changed their ballot."""

    made: boxes.Made
    older: dict[bytes, bytes] = field(default_factory=dict)
    """Row key → sealed."""
    replaced: list[bytes] = field(default_factory=list)
    """Names of the promises that no live row gives any more."""

    @property
    def online(self) -> list[bytes]:
        """Row keys of those who voted online, those who changed first."""
        return [self.made.row_key(voter) for voter in self.made.voters[:ONLINE]]

    @property
    def everybody(self) -> list[bytes]:
        return [self.made.row_key(voter) for voter in self.made.voters[:VOTERS]]

    @property
    def on_paper(self) -> list[bytes]:
        """Row keys in order of the papers' numbers."""
        return [self.made.row_key(voter) for voter in self.made.voters[ONLINE + ASSISTED:VOTERS]]

    def sealed(self, table, column) -> dict[bytes, bytes]:
        return dict(db.session.execute(sa.select(column, table.sealed).where(table.box_id == self.made.id)).all())

    def on_rows(self, keys, statement) -> None:
        db.session.execute(statement.where(Voter.box_id == self.made.id, Voter.row_key.in_(keys)))


@pytest.fixture
def held(town) -> Held:
    """Twenty voted online, ten of them twice, two at a kiosk, and ten gave a paper back; one count was signed."""
    made = boxes.box(40, publishes="ballots", closes=100_000)
    vote = Held(made)
    for number, voter in enumerate(made.voters[:ONLINE + ASSISTED]):
        made.cast(voter, 1 + number % 4, channel=Channel.ONLINE if number < ONLINE else Channel.ASSISTED)
    vote.older, first = vote.sealed(Voter, Voter.row_key), {*vote.sealed(Promise, Promise.name)}
    for voter in made.voters[:CHANGED]:
        made.cast(voter, 2)
    keys = keyring.box_keys(made.id)
    unchanged = made.voters[CHANGED:ONLINE + ASSISTED]
    vote.replaced = sorted(first - {keys.name(made.voter(voter).mine) for voter in unchanged})
    for number, voter in enumerate(made.voters[ONLINE + ASSISTED:VOTERS], start=1):
        take_paper(made, voter)
        with work.unlogged_transaction():
            written = papers.note_return(box_queries.held(made.id), number, at=locking.take_lock(made.id))
        ledger_file.append(made.id, [written])
    after(86_400)
    assert watching.sign_due() == [made.id] and watching.look() == {}
    return vote


def flipped(sealed: bytes) -> bytes:
    """One bit of it is another."""
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def delete_voters(vote: Held, many: int) -> None:
    vote.on_rows(vote.online[:many], sa.delete(Voter))


def delete_voters_and_promises(vote: Held, many: int) -> None:
    keys = keyring.box_keys(vote.made.id)
    names = [keys.name(vote.made.voter(voter).mine) for voter in vote.made.voters[CHANGED:CHANGED + many]]
    vote.on_rows(vote.online[CHANGED:CHANGED + many], sa.delete(Voter))
    db.session.execute(sa.delete(Promise).where(Promise.name.in_(names)))


def delete_papers(vote: Held, many: int) -> None:
    vote.on_rows(vote.on_paper[:many], sa.delete(Voter))
    db.session.execute(sa.delete(PaperSheet).where(PaperSheet.box_id == vote.made.id, PaperSheet.number <= many))


def delete_everything(vote: Held, _many: int) -> None:
    for table in (Voter, Promise, PaperSheet):
        db.session.execute(sa.delete(table).where(table.box_id == vote.made.id))


def put_older_rows_back(vote: Held, many: int) -> None:
    for key in vote.online[:many]:
        vote.on_rows([key], sa.update(Voter).values(sealed=vote.older[key]))


def flip_voters(vote: Held, many: int) -> None:
    sealed = vote.sealed(Voter, Voter.row_key)
    for key in vote.everybody[:many]:
        vote.on_rows([key], sa.update(Voter).values(sealed=flipped(sealed[key])))


def flip_promises(vote: Held, many: int) -> None:
    """Of ballots that were replaced: the others stand in their rows too."""
    sealed = vote.sealed(Promise, Promise.name)
    for name in vote.replaced[:many]:
        db.session.execute(sa.update(Promise).where(Promise.name == name).values(sealed=flipped(sealed[name])))


def flip_all_promises(vote: Held, _many: int) -> None:
    for name, sealed in vote.sealed(Promise, Promise.name).items():
        db.session.execute(sa.update(Promise).where(Promise.name == name).values(sealed=flipped(sealed)))


def flip_sheets(vote: Held, many: int) -> None:
    db.session.execute(sa.update(PaperSheet).values(state=SheetState.ISSUED).where(
        PaperSheet.box_id == vote.made.id, PaperSheet.number <= many))


def add_rows_of_nobody(vote: Held, many: int) -> None:
    db.session.execute(sa.insert(Voter), [{"box_id": vote.made.id, "row_key": number.to_bytes(32, "big"), "channel": 1,
                                           "paper": 0, "sealed": bytes(57)} for number in range(many)])


def make_paper_of_rows(vote: Held, many: int) -> None:
    for number, key in enumerate(vote.online[:many], start=PAPERS + 1):
        vote.on_rows([key], sa.update(Voter).values(channel=int(Channel.PAPER_RETURNED), paper=number))


def lose_the_ledger(vote: Held, _many: int) -> None:
    ledger_file.path(vote.made.id).unlink()


def delete_with_a_cut_ledger(vote: Held, many: int) -> None:
    """Ballots that no ledger names any more are seen by the count that was signed."""
    ledger_file.path(vote.made.id).write_bytes(b"")
    vote.on_rows(vote.online[:many], sa.delete(Voter))


def spoil_the_ledger(vote: Held, many: int) -> None:
    """A bit of each line but so many, and half a line in the midst: what remains is taken."""
    lines = ledger_file.path(vote.made.id).read_bytes().splitlines(keepends=True)
    bad = [line[:40] + bytes([line[40] ^ 1]) + line[41:] for line in lines[many:]]
    ledger_file.path(vote.made.id).write_bytes(b"".join([lines[0][:77], *lines[:many], *bad]))
    vote.on_rows(vote.online[:many], sa.delete(Voter))


@dataclass(frozen=True)
class Attack:
    """An act of somebody, the number of ballots it is done to, and the figures that it changes."""

    do: Callable[[Held, int], None]
    many: int
    figures: dict
    live: int
    sheets: int = 0
    counts: int = 0
    """Signed counts that do not hold."""

    def __str__(self) -> str:
        return f"{self.do.__name__.replace('_', ' ')} ({self.many})"


LIVE = ONLINE + ASSISTED
ATTACKS = (
    Attack(delete_voters, 1, {"missing": 1}, LIVE - 1),
    Attack(put_older_rows_back, 1, {"damaged": 1}, LIVE - 1),
    Attack(flip_voters, 1, {"damaged": 1}, LIVE - 1),
    Attack(flip_promises, 1, {"lost": 1}, LIVE),
    Attack(flip_sheets, 1, {}, LIVE, sheets=1),
    Attack(add_rows_of_nobody, 1, {"foreign": 1}, LIVE),
    Attack(add_rows_of_nobody, 10, {"foreign": 10}, LIVE),
    Attack(make_paper_of_rows, 1, {"damaged": 1}, LIVE - 1),
    Attack(flip_voters, 10, {"damaged": 10}, LIVE - 10),
    Attack(flip_sheets, 10, {}, LIVE, sheets=10),
    Attack(flip_all_promises, 32, {"lost": CHANGED}, LIVE),
    Attack(delete_papers, 8, {"missing": 8}, LIVE, sheets=8),
    Attack(delete_voters, 20, {"missing": 20}, ASSISTED),
    Attack(delete_voters_and_promises, 10, {"missing": 10, "lost": 10}, LIVE - 10),
    Attack(delete_everything, VOTERS, {"missing": VOTERS, "lost": LIVE + CHANGED}, 0),
    Attack(put_older_rows_back, 10, {"damaged": 10}, LIVE - 10),
    Attack(flip_voters, VOTERS, {"damaged": VOTERS}, 0),
    Attack(flip_promises, 10, {"lost": 10}, LIVE),
    Attack(add_rows_of_nobody, 5_000, {"foreign": 5_000}, LIVE),
    Attack(make_paper_of_rows, 10, {"damaged": 10}, LIVE - 10),
    Attack(lose_the_ledger, 0, {"ledger": 0}, LIVE),
    Attack(delete_with_a_cut_ledger, 3, {}, LIVE - 3, counts=1),
    Attack(spoil_the_ledger, 3, {"missing": 3}, LIVE - 3),
)


def alarms_in(edition) -> dict:
    with zipfile.ZipFile(edition) as record:
        return json.loads(record.read("alarms.json"))


def brought_to_the_record(vote: Held, officials, *, amiss: bool) -> dict:
    """Closed, papers counted, recorded and passed by the verifier, with a reason of two officials where it needs one;
    the result."""
    made, (one, other) = vote.made, officials
    after(20_000)
    assert closing.close(made.id)
    saved(PaperBatch(box_id=made.id, number=1, sheets=PAPERS, counted=PAPERS, invalid=0,
                     choices=made.choice(2) * PAPERS, settled_at=clock.now()))
    closing.finish(made.id, by=None)
    if amiss:
        with pytest.raises(Conflict, match="이유를 적고"):
            publication.carry_on(made.id, by=one)
        two_confirm(ConfirmedAction.COUNT_ANYWAY, made.id, one, other, note=REASON)
    publication.carry_on(made.id, by=one)
    assert made.row.recorded_at is not None
    return json.loads(made.row.result)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_each_has_its_alarm_and_number_and_the_vote_goes_on(held, town, caplog, attack):
    attack.do(held, attack.many)
    db.session.commit()
    figures = CLEAN | attack.figures
    if attack.figures or attack.sheets:
        [found] = watching.look().values()
        assert found == figures | {"sheets": attack.sheets} and "does not agree with its ledger" in caplog.text
    else:
        assert watching.look() == {}
    result = brought_to_the_record(held, both(town), amiss=True)
    told = alarms_in(records.public(held.made.row))
    assert {name: told[name] for name in figures} == figures and len(told["counts"]) == attack.counts
    assert [one["text"] for one in told["reasons"]] == [REASON] and told["sheets"] == attack.sheets
    assert told == alarms_in(records.observers(held.made.row))
    assert result["rows"]["missing"] == figures["missing"] and result["rows"]["damaged"] == figures["damaged"]
    assert result["ballots"] == result["rows"]["online"] + result["rows"]["assisted"] + PAPERS == attack.live + PAPERS


@pytest.mark.both
def test_leaves_written_before_the_close_do_not_keep_a_vote_open(held, town):
    made = held.made
    saved(LogLeaf(box_id=made.id, number=0, type=EntryType.BALLOT, entry=b"planted", hash=bytes(32),
               tracker="0000-0000-0000"))
    saved(LiveToken(box_id=made.id, token=bytes(32)))
    brought_to_the_record(held, both(town), amiss=False)
    assert bytes(32) not in log.leaf_hashes(made.id) and bytes(32) not in tallies.tokens(made.id)


@pytest.mark.both
def test_a_trigger_that_deletes_what_was_there_before_is_seen(held, town):
    """Each ballot that came deleted those before it, and those who came later saw nothing."""
    made, name = held.made, "later_ones_alone"
    body = "DELETE FROM voter WHERE channel = 1 AND row_key <> NEW.row_key"
    if is_sqlite():
        db.session.execute(sa.text(f"CREATE TRIGGER {name} AFTER INSERT ON voter BEGIN {body}; END"))
    else:
        db.session.execute(sa.text(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                                   f"$$ BEGIN {body}; RETURN NULL; END $$"))
        db.session.execute(sa.text(f"CREATE TRIGGER {name} AFTER INSERT ON voter FOR EACH ROW "
                                   f"EXECUTE FUNCTION {name}()"))
    db.session.commit()
    try:
        for voter in made.voters[VOTERS:VOTERS + 3]:
            made.cast(voter, 3)
    finally:
        db.session.rollback()
        db.session.execute(sa.text(f"DROP TRIGGER {name}" + ("" if is_sqlite() else " ON voter")))
        if not is_sqlite():
            db.session.execute(sa.text(f"DROP FUNCTION {name}"))
        db.session.commit()
    [found] = watching.look().values()
    assert found["missing"] == ONLINE + 2
    result = brought_to_the_record(held, both(town), amiss=True)
    assert (result["rows"]["missing"], result["rows"]["online"]) == (ONLINE + 2, 1)
    assert result["turnout"]["total"] == VOTERS + 3


@pytest.mark.both
@pytest.mark.parametrize("many", [1, 10, pytest.param(VOTERS, marks=pytest.mark.long)])
def test_a_change_after_the_closing_head_is_an_alarm_and_changes_no_number(held, town, caplog, many):
    made = held.made
    after(20_000)
    assert closing.close(made.id)
    before = closing_file.read(made.row)
    flip_voters(held, VOTERS)
    delete_voters(held, min(many, ONLINE))
    add_rows_of_nobody(held, many)
    db.session.commit()
    saved(PaperBatch(box_id=made.id, number=1, sheets=PAPERS, counted=PAPERS, invalid=0,
                     choices=made.choice(2) * PAPERS, settled_at=clock.now()))
    closing.finish(made.id, by=None)
    assert "changed after the close" in caplog.text and closing_file.read(made.row) == before
    publication.carry_on(made.id, by=None)
    result = json.loads(made.row.result)
    assert result["turnout"]["total"] == VOTERS and result["ballots"] == LIVE + PAPERS
    told = alarms_in(records.public(made.row))
    assert {name: told[name] for name in CLEAN} == CLEAN and told["reasons"] == []


@pytest.mark.in_turns(of=5)
def test_a_vote_that_nobody_wrote_to_raises_nothing(held, town):
    assert watching.look() == {}
    result = brought_to_the_record(held, both(town), amiss=False)
    assert result["turnout"]["total"] == VOTERS and result["ballots"] == VOTERS
    told = alarms_in(records.public(held.made.row))
    assert {name: told[name] for name in CLEAN} == CLEAN and told["counts"] == []
