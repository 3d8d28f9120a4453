"""Rows that vanish from the database, or are put into it: they are seen within a minute."""

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import additions_file, ledger_file, watching
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.box.closing import Comparison
from civic_forum.ballots.models import Promise, Voter, VoteNotice
from civic_forum.ballots.paper.models import PaperSheet
from civic_forum.ballots.rules.boxes import SheetState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, speaking
from tests.ballots import boxes
from tests.ballots.test_casting import give_back, take_paper


@pytest.fixture
def made(town):
    """Eight online voters, one of whom changed, and two papers, one of them given back."""
    made = boxes.box(voters=12)
    for voter in made.voters[:8]:
        made.cast(voter, 1)
    made.cast(made.voters[0], 2)
    take_paper(made, made.voters[8])
    take_paper(made, made.voters[9])
    give_back(made, 2)
    return made


def seen(made):
    """Figures that are amiss."""
    found = watching.look().get(made.id, watching.CLEAN)
    return {name: number for name, number in found.items() if number != watching.CLEAN[name]}


def write(statement):
    db.session.execute(statement)
    db.session.commit()


def test_a_clean_box_raises_no_alarm(made, caplog):
    assert seen(made) == {} and "ALARM" not in caplog.text


def test_deleted_voters_and_promises_are_missing_and_lost(made, caplog):
    write(sa.delete(Voter).where(Voter.box_id == made.id))
    write(sa.delete(Promise).where(Promise.box_id == made.id))
    assert seen(made) == {"missing": 10, "lost": 9}
    assert f"ALARM: box {made.id.hex()} does not agree" in caplog.text


@pytest.mark.both
def test_a_paper_whose_sheet_is_gone_or_in_another_state_is_seen(made):
    write(sa.update(PaperSheet).where(PaperSheet.number == 1).values(state=SheetState.RETURNED))
    assert seen(made) == {"sheets": 1}
    write(sa.delete(PaperSheet).where(PaperSheet.box_id == made.id))
    assert seen(made) == {"sheets": 2}


def test_rows_of_nobody_are_foreign(made):
    write(sa.insert(Voter).values(box_id=made.id, row_key=b"?" * 32, channel=1, paper=0, sealed=b""))
    assert seen(made) == {"foreign": 1}


def test_a_ledger_that_is_gone_is_an_alarm(made):
    ledger_file.path(made.id).unlink()
    assert seen(made) == {"ledger": 0}


def test_a_cast_after_the_ledger_was_read_is_no_alarm(made):
    keys = keyring.box_keys(made.id)
    named = ledger_file.read(made.id, keys)
    made.cast(made.voters[1], 3)
    made.cast(made.voters[11], 3)
    added = additions_file.completed(made.row, keys, None)
    assert watching.found(made.row, keys, named, added).figures() == Comparison().figures()


def test_a_short_write_spoils_only_its_own_line(made):
    path = ledger_file.path(made.id)
    path.write_bytes(path.read_bytes() + b"0123456789")
    made.cast(made.voters[2], 3)
    assert seen(made) == {} and made.named().revisions[made.row_key(made.voters[2])] == 2


def test_a_lost_key_is_an_alarm_that_keeps_no_other_box_from_being_looked_at(made, caplog):
    other = boxes.box()
    keyring._box_key(other.id).rename(keyring._box_key(other.id).with_suffix(".away"))
    write(sa.delete(Voter).where(Voter.box_id == made.id))
    assert seen(made)["missing"] == 10 and f"box {other.id.hex()} cannot be compared" in caplog.text


def notices(made):
    db.session.rollback()
    return list(db.session.scalars(sa.select(VoteNotice.text).filter_by(subject=made.row.subject, kind=watching.KIND)
                                   .order_by(VoteNotice.id)))


@pytest.mark.both
def test_an_alarm_is_told_to_everybody_once(made):
    watching.look()
    assert notices(made) == []
    write(sa.delete(Promise).where(Promise.box_id == made.id))
    lost = "확인증을 준 투표지 가운데 1개가 없어졌어요. 확인증 파일이 있으면 증거가 돼요."
    for _again in range(2):
        watching.look()
        assert notices(made) == [lost], "the ballot that was replaced: the others stand in their rows"
    write(sa.update(PaperSheet).where(PaperSheet.number == 1).values(state=SheetState.RETURNED))
    watching.look()
    assert notices(made) == [lost, f"{lost} 종이 1장의 기록이 투표함과 달라요."]


def test_a_box_that_cannot_be_compared_says_why(made, monkeypatch):
    keyring.put_back(made.id, b"?" * 32)
    watching.look()
    assert notices(made) == ["열쇠가 이 투표함의 것이 아니어서 지금은 투표를 받을 수 없어요. 구청에 알려 주세요."]


def test_a_finding_of_the_closing_is_told_in_korean_whoever_closes_it(made):
    write(sa.insert(Voter).values(box_id=made.id, row_key=b"?" * 32, channel=1, paper=0, sealed=b""))
    clock.shift(4000)
    with speaking(Language.EN):
        assert closing.close_if_due(made.id)
    assert notices(made) == ["명부에 없는 줄이 투표함에 1개 있어요. 세지 않아요."]


def test_there_is_a_sentence_for_every_figure(made):
    for name, number in watching.CLEAN.items():
        assert watching.sentence(watching.CLEAN | {name: 1 - number})
    assert watching.sentence(watching.CLEAN) == "" and set(Comparison().figures()) < set(watching.CLEAN)
