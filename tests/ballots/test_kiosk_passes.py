"""The kiosk: a code from the clerk, one ballot by the person alone, nothing left behind."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import ledger_file
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.voting.refusals import ChangedElsewhere, VotedOnline
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, Unavailable
from tests.racing import at_once

from .kiosks import at_kiosk, device


def admitted(vote, person, clerk) -> str:
    """The secret of a kiosk that took the person's code."""
    return kiosk.enter(kiosk.issue(vote.box_id, person.visit(clerk), by=clerk).code, device())


def passes():
    db.session.rollback()
    return db.session.scalars(sa.select(KioskPass)).all()


def test_a_person_votes_alone_and_the_pass_is_gone_with_the_ballot(vote, clerk):
    anna = vote.voter()
    secret = admitted(vote, anna, clerk)
    assert (kiosk.voter(secret, device()).person, kiosk.voter(secret, device()).box_id) == (anna.person, vote.box_id)
    receipt = kiosk.use(secret, anna.form(2), device())
    assert receipt.tracker and vote.by_channel() == {Channel.ASSISTED: 1} and vote.live() == 1
    assert passes() == [] and kiosk.voter(secret, device()) is None
    with pytest.raises(NotFound, match="이미 마쳤거나"):
        kiosk.use(secret, anna.form(3), device())
    assert vote.revisions() == [1]


def test_a_voter_online_gets_no_code_and_is_not_overridden(vote, clerk):
    anna, ben = vote.voter(), vote.voter()
    anna.casts(1)
    with pytest.raises(VotedOnline):
        kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    secret = admitted(vote, ben, clerk)
    ben.casts(1)
    with pytest.raises(VotedOnline):
        kiosk.use(secret, ben.form(2), device())
    assert vote.by_channel() == {Channel.ONLINE: 2} and vote.revisions() == [1, 1]


def test_a_ballot_that_is_refused_leaves_the_pass_to_try_again(vote, clerk):
    anna = vote.voter()
    secret = admitted(vote, anna, clerk)
    form = anna.form(1)
    with pytest.raises(Refusal):
        kiosk.use(secret, replace(form, choice=b"\x00" * len(form.choice)), device())
    with pytest.raises(Conflict):
        kiosk.use(secret, replace(form, state=bytes(16)), device())
    assert vote.by_channel() == {} and len(passes()) == 1
    kiosk.use(secret, form, device())
    assert vote.live() == 1


def test_a_code_has_eight_digits_works_once_and_may_be_typed_in_groups(vote, clerk):
    code = kiosk.issue(vote.box_id, vote.voter().visit(clerk), by=clerk).code
    assert len(code) == 8 and code.isdecimal()
    assert kiosk.enter(f"{code[:4]} {code[4:]}", device())
    with pytest.raises(NotFound, match="번호가 맞지 않거나"):
        kiosk.enter(code, device())


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "१२३४५६७८", "'; --", "0" * 10_000])
def test_a_text_that_is_no_code_is_no_code(vote, typed):
    with pytest.raises(NotFound, match="숫자 8자리"):
        kiosk.enter(typed, device())


def test_neither_code_nor_secret_nor_person_can_be_read_in_the_table(vote, clerk):
    anna = vote.voter()
    code = kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk).code
    row, = passes()
    kept = row.secret_hash + row.holder + row.sealed
    assert code.encode() not in kept and anna.person not in kept and len(row.secret_hash) == 32
    secret = kiosk.enter(code, device())
    row, = passes()
    assert secret.encode() not in row.secret_hash + row.holder + row.sealed and row.is_open


def test_a_pass_holds_ten_minutes_before_and_after_the_kiosk_took_it(vote, clerk):
    anna = vote.voter()
    code = kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk).code
    secret = admitted(vote, vote.voter(), clerk)
    clock.shift(10 * 60 + 1)
    with pytest.raises(NotFound, match="시간이 지났어요"):
        kiosk.enter(code, device())
    assert kiosk.voter(secret, device()) is None
    with pytest.raises(NotFound, match="시간이 지났어요"):
        kiosk.use(secret, anna.form(1), device())
    assert len(passes()) == 2 and kiosk.forget_expired() == 2 and passes() == []


def test_the_job_leaves_what_still_holds(vote, clerk):
    kiosk.issue(vote.box_id, vote.voter().visit(clerk), by=clerk)
    assert kiosk.forget_expired() == 0 and len(passes()) == 1


def test_a_new_code_ends_the_old_one_and_an_open_kiosk(vote, clerk):
    anna = vote.voter()
    first = kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk).code
    secret = admitted(vote, anna, clerk)
    with pytest.raises(NotFound):
        kiosk.enter(first, device())
    kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    assert kiosk.voter(secret, device()) is None and len(passes()) == 1


def test_leaving_without_voting_ends_the_pass(vote, clerk):
    secret = admitted(vote, vote.voter(), clerk)
    kiosk.leave(secret)
    kiosk.leave(secret)
    assert passes() == [] and vote.by_channel() == {}


def test_no_code_for_somebody_with_paper_but_for_one_who_gave_it_back(vote, clerk):
    anna = vote.voter()
    anna.gets_paper(clerk)
    with pytest.raises(Conflict, match="종이 투표지를 받은 분"):
        kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    anna.gives_back(clerk)
    kiosk.use(admitted(vote, anna, clerk), anna.form(1), device())
    assert vote.by_channel() == {Channel.ASSISTED: 1}


def test_paper_that_is_issued_while_somebody_stands_at_the_kiosk_wins(vote, clerk):
    anna = vote.voter()
    secret = admitted(vote, anna, clerk)
    anna.gets_paper(clerk)
    with pytest.raises(Conflict, match="종이 투표지를 받아서"):
        kiosk.use(secret, anna.form(1), device())
    assert vote.live() == 0 and vote.by_channel() == {Channel.PAPER_ISSUED: 1}


def test_no_code_before_the_opening_and_none_after_the_close(vote, clerk):
    anna = vote.voter()
    clock.shift(-2 * 3600)
    with pytest.raises(Conflict, match="부터 현장에서"):
        kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    vote.after_the_close()
    with pytest.raises(Conflict, match="투표가 끝나서 현장에서"):
        kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)


def test_a_pass_does_not_carry_a_ballot_over_the_close(vote, clerk):
    anna = vote.voter()
    clock.shift(55 * 60)
    secret = admitted(vote, anna, clerk)
    form = anna.form(1)
    clock.shift(61 * 60)
    with pytest.raises(Conflict, match="투표가 끝났"):
        kiosk.use(secret, form, device())
    assert vote.by_channel() == {} and vote.box.closed_at is not None


def test_somebody_struck_from_the_roll_meanwhile_cannot_vote(vote, clerk):
    anna = vote.voter()
    secret = admitted(vote, anna, clerk)
    db.session.get(RollEntry, (vote.roll.id, anna.person)).struck_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        kiosk.use(secret, anna.form(1), device())
    assert vote.by_channel() == {}


def test_the_audit_log_says_that_the_kiosk_was_opened_and_not_for_whom_or_that_it_was_used(vote, clerk):
    anna = vote.voter()
    kiosk.use(admitted(vote, anna, clerk), anna.form(1), device())
    db.session.rollback()
    written = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("ballots.%"))
                                 .order_by(AuditEntry.id)).all()
    assert [(one.action, one.actor_id, one.details) for one in written] == [
        ("ballots.roll_looked_up", clerk.id, {"found": 1}), ("ballots.kiosk_pass_issued", clerk.id, {})]


def test_one_pass_used_by_many_at_once_casts_once(vote, town, app):
    anna = vote.voter()
    secret = admitted(vote, anna, town.clerk())
    forms = [anna.form(1 + n % 5) for n in range(8)]
    db.session.rollback()
    answers = at_once(app, 8, lambda n: kiosk.use(secret, forms[n], device()))
    assert len([one for one in answers if isinstance(one, NotFound | ChangedElsewhere)]) == 7
    assert vote.revisions() == [1] and vote.live() == 1 and passes() == []


def test_the_pass_stays_until_the_ledger_names_the_ballot(vote, clerk):
    anna = vote.voter()
    secret, path = admitted(vote, anna, clerk), ledger_file.path(vote.box_id)
    form = anna.form(1)
    path.rename(path.with_suffix(".away"))
    with pytest.raises(Unavailable):
        kiosk.use(secret, form, device())
    path.with_suffix(".away").rename(path)
    assert len(passes()) == 1 and vote.live() == 1
    assert kiosk.use(secret, form, device()).mine == form.mine
    assert vote.revisions() == [1] and passes() == []


def test_five_wrong_codes_from_one_desk_are_enough_for_ten_minutes(vote, clerk, browse):
    """Somebody who guesses has five tries; codes that are right are not counted."""
    desk = at_kiosk(browse())
    for _each in range(6):
        code = kiosk.issue(vote.box_id, vote.voter().visit(clerk), by=clerk).code
        assert at_kiosk(browse()).post("/kiosk", data={"code": code}).status_code == 303
    answers = [desk.post("/kiosk", data={"code": f"{n:08d}"}).status_code for n in range(6)]
    assert answers == [404] * 5 + [429]
    code = kiosk.issue(vote.box_id, vote.voter().visit(clerk), by=clerk).code
    assert desk.post("/kiosk", data={"code": code}).status_code == 429
    elsewhere = at_kiosk(browse())
    assert elsewhere.post("/kiosk", data={"code": code}, environ_base={"REMOTE_ADDR": "10.9.8.7"}).status_code == 303
