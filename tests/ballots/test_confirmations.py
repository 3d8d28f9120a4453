"""Four eyes: who may propose, who may confirm, and when a proposal is void."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts import proofs
from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.queries import users
from civic_forum.accounts.operations import use_second_factor
from civic_forum.ballots.models import Confirmation, VoteNotice
from civic_forum.ballots import identities
from civic_forum.ballots import operations as opening
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import queries, shown
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import services as rolls
from civic_forum.ballots.rules.boxes import ConfirmationState, ConfirmedAction
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Denied, NotFound, ProofNeeded, Refusal
from civic_forum.platform.i18n import moment
from civic_forum.platform.work import use_case
from tests.accounts.people import PASSWORD, password_hash
from tests.accounts.test_second_factor import NOON, code
from tests.ballots.boxes import box
from tests.ballots.people import verified
from tests.ballots.officials import CLOSE_EARLY, EARLY, FIRST, OPEN, after, both, two_confirm, with_codes
from tests.common import commit, user
from tests.factories import count, signed_in
from tests.racing import at_once


def closed(town, **facts):
    """Not opened yet, its roll fixed and everything there."""
    return box(12, opened=False, **facts)


def test_one_proposes_and_another_confirms(town):
    made, (one, other) = closed(town), both(town)
    confirmed = two_confirm(OPEN, made.id, one, other)
    assert (confirmed.proposed_by_id, confirmed.confirmed_by_id) == (one.id, other.id)
    assert confirmed.ended_at == confirmed.confirmed_at is not None and made.row.opened_at is not None
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["ballots.open_proposed", "ballots.open_confirmed"]


def test_two_accounts_of_one_person_are_one_person(town):
    """A unique constraint keeps a person to one account; should it ever fall, four eyes still are four."""
    one, other = both(town)
    one.person_id = other.person_id = 1
    with db.session.no_autoflush, pytest.raises(Denied):
        confirmations._refuse_same_person(Confirmation(proposed_by_id=one.id, proposed_by=one), other)
    db.session.rollback()


@pytest.mark.parametrize(("hours", "void"), [(23.9, False), (24, True), (100, True)])
def test_a_proposal_is_void_after_24_hours(town, hours, void):
    made, (one, other) = closed(town, closes=14 * 24 * 3600), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    after(hours * 3600)
    if void:
        with pytest.raises(Conflict, match="24시간"):
            confirmations.confirm(proposed.id, by=other)
        again = confirmations.propose(OPEN, made.id, by=other)
        confirmations.confirm(again.id, by=one)
    else:
        confirmations.confirm(proposed.id, by=other)
    assert made.row.opened_at is not None


def change(made, **parts):
    with use_case(None):
        row = db.session.get_one(type(made.row), made.id)
        opening.refresh(row, opening.parts_of(row) | parts, roll_id=row.roll_id)


def test_a_proposal_is_void_when_anything_changed(town):
    made, (one, other) = closed(town), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    change(made, question="무엇이 먼저일까요?")
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirmations.confirm(proposed.id, by=other)
    again = confirmations.propose(OPEN, made.id, by=other)
    assert db.session.get(Confirmation, proposed.id).ended_at is not None
    confirmations.confirm(again.id, by=one)


@pytest.mark.both
def test_one_struck_and_another_brought_back_is_another_roll(town):
    back, (one, other) = verified(town), both(town)
    made = box([identities.of_person(back.person), b"!" * 32], opened=False)
    rolls.strike(made.roll_id, made.voters[0], "다른 구로 이사했어요", by=one)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    rolls.add(made.roll_id, back, "아직 살고 있어요", by=one)
    rolls.strike(made.roll_id, made.voters[1], "다른 구로 이사했어요", by=one)
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirmations.confirm(proposed.id, by=other)


def test_a_step_that_an_official_did_not_see_is_not_proposed_and_not_confirmed(town):
    made, (one, other) = closed(town), both(town)
    seen = queries.fingerprint(OPEN, made.row)
    change(made, question="무엇이 먼저일까요?")
    with pytest.raises(Conflict, match="다시 읽고"):
        confirmations.propose(OPEN, made.id, seen=seen, by=one)
    proposed = confirmations.propose(OPEN, made.id, seen=queries.fingerprint(OPEN, made.row), by=one)
    with pytest.raises(Conflict, match="다시 읽고"):
        confirmations.confirm(proposed.id, seen=seen, by=other)


def test_the_same_is_not_proposed_twice(town):
    made, (one, other) = closed(town), both(town)
    confirmations.propose(OPEN, made.id, by=one)
    for official in (one, other):
        with pytest.raises(Conflict, match="이미 제안"):
            confirmations.propose(OPEN, made.id, by=official)
    key_copies.propose(made.id, FIRST, by=one)
    assert count(Confirmation) == 2


def test_a_withdrawn_proposal_is_over(town):
    made, (one, other) = closed(town), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    confirmations.withdraw(proposed.id, by=other)
    with pytest.raises(Conflict, match="거둔"):
        confirmations.confirm(proposed.id, by=other)
    with pytest.raises(Conflict):
        confirmations.withdraw(proposed.id, by=one)
    confirmations.propose(OPEN, made.id, by=other)


def test_a_confirmed_step_is_not_confirmed_again(town):
    made, (one, other) = closed(town), both(town)
    confirmed = two_confirm(OPEN, made.id, one, other)
    with pytest.raises(Conflict, match="이미 확인"):
        confirmations.confirm(confirmed.id, by=town.administrator())


def test_a_proposer_who_is_no_official_any_more_proposed_nothing(town):
    made, (one, other) = closed(town), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one)
    commit(sa.update(RoleGrant).where(RoleGrant.user_id == one.id).values(withdrawn_at=database_now()))
    db.session.expire_all()
    with pytest.raises(Conflict, match="담당관이 아니에요"):
        confirmations.confirm(proposed.id, by=other)


def test_there_is_no_such_proposal_or_box(town):
    one, _other = both(town)
    with pytest.raises(NotFound):
        confirmations.confirm(99, by=one)
    with pytest.raises(NotFound):
        confirmations.propose(OPEN, b"?" * 16, by=one)


def test_of_many_who_confirm_at_once_one_succeeds(town, app):
    made, (one, _other) = closed(town), both(town)
    proposed = confirmations.propose(OPEN, made.id, by=one).id
    officials = [town.official().id for _each in range(6)]
    db.session.rollback()
    answers = at_once(app, 6, lambda n: confirmations.confirm(proposed, by=user(officials[n])))
    assert len([answer for answer in answers if not isinstance(answer, Refusal)]) == 1
    assert all(answer.status == 409 for answer in answers if isinstance(answer, Refusal))
    found = db.session.get(Confirmation, proposed, populate_existing=True)
    assert found.confirmed_by_id in officials


def test_of_many_who_propose_at_once_one_succeeds(town, app):
    made, officials = closed(town), [town.official().id for _each in range(6)]
    db.session.rollback()
    answers = at_once(app, 6, lambda n: confirmations.propose(OPEN, made.id, by=user(officials[n])))
    assert len([answer for answer in answers if not isinstance(answer, Refusal)]) == 1 and count(Confirmation) == 1


def test_closing_early_takes_two_and_tells_everybody(town):
    made, (one, other) = box(12), both(town)
    made.cast(made.voters[0], 1)
    for note in (None, " ", "비", "비" * 501):
        with pytest.raises(Refusal, match="왜 일찍") as refused:
            confirmations.propose(CLOSE_EARLY, made.id, note=note, by=one)
        assert refused.value.field == "note" and count(Confirmation) == 0
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=f" {EARLY} ", by=one)
    assert made.row.closed_at is None and proposed.note == EARLY
    confirmations.confirm(proposed.id, by=other)
    row = made.row
    assert row.closed_at < row.closes_at and row.fingerprint == made.fingerprint
    told = dict(shown.rows(row, {}))
    assert moment(row.closed_at) in told["언제 하나요"] and moment(row.closes_at) not in told["언제 하나요"]
    assert told["일찍 마감한 이유"] == EARLY
    [notice] = db.session.scalars(sa.select(VoteNotice))
    assert notice.subject == row.subject and notice.by_id == other.id and "일찍" in notice.title
    assert EARLY in notice.text
    with pytest.raises(Refusal):
        made.cast(made.voters[1], 1)


def test_the_reason_is_confirmed_as_it_was_proposed(town):
    made, (one, other) = box(12), both(town)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one)
    with pytest.raises(Conflict, match="적힌 그대로"):
        confirmations.confirm(proposed.id, note="다른 이유예요.", by=other)
    with pytest.raises(Conflict, match="다시 읽고"):
        confirmations.confirm(proposed.id, seen=queries.fingerprint(CLOSE_EARLY, made.row), by=other)
    commit(sa.update(Confirmation).values(note="누가 바꾼 이유예요."))
    with pytest.raises(Conflict, match="바뀌었어요"):
        confirmations.confirm(proposed.id, by=other)
    assert queries.state_of(db.session.get(Confirmation, proposed.id), made.row) is ConfirmationState.CHANGED
    assert made.row.closed_at is None


@pytest.mark.parametrize("action", [CLOSE_EARLY, ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH])
def test_nothing_is_closed_destroyed_or_published_before_the_opening(town, action):
    made, (one, _other) = closed(town), both(town)
    with pytest.raises(Conflict):
        confirmations.propose(action, made.id, by=one)


def test_a_vote_whose_time_is_over_cannot_be_closed_early(town):
    made, (one, other) = box(12), both(town)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one)
    after(3700)
    with pytest.raises(Conflict):
        confirmations.confirm(proposed.id, by=other)


@pytest.mark.parametrize("action", [OPEN, CLOSE_EARLY])
def test_nobody_waits_for_what_the_end_has_overtaken(town, action):
    made = box(12, opened=action is not OPEN)
    proposed = confirmations.propose(action, made.id, note=EARLY, by=both(town)[0])
    assert queries.state_of(proposed, made.row) is ConfirmationState.PENDING
    after(3700)
    assert queries.state_of(proposed, made.row) is ConfirmationState.TOO_LATE
    assert queries.alive(made.id, action) is None


def test_the_password_is_asked_before(town):
    official = town.official(password_hash=password_hash())
    proofs.prove(PASSWORD, by=official)
    with pytest.raises(Refusal) as refused:
        proofs.prove("바람 부는 언덕의 집", by=official)
    assert refused.value.field == "password"


def test_a_confirmation_needs_a_proof_of_the_last_ten_minutes(town):
    made, (one, other) = box(12), both(town)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one)
    other.session_key = signed_in(other)
    after(600)
    with pytest.raises(ProofNeeded):
        confirmations.confirm(proposed.id, by=other)
    assert queries.state_of(proposed, made.row) is ConfirmationState.PENDING
    other.password_hash = password_hash()
    db.session.commit()
    proofs.prove(PASSWORD, by=other)
    assert confirmations.confirm(proposed.id, by=other).confirmed_by_id == other.id


def test_a_code_of_the_second_factor_is_asked_too_and_works_once(town, at):
    at(NOON)
    official = with_codes(town.official(password_hash=password_hash()))
    for wrong in (None, "", "000000"):
        with pytest.raises(Refusal) as refused:
            proofs.prove(PASSWORD, wrong, by=official)
        assert refused.value.field == "code"
    typed = code(official)
    with pytest.raises(Refusal) as refused:
        proofs.prove("바람 부는 언덕의 집", typed, by=official)
    assert refused.value.field == "password"
    proofs.prove(PASSWORD, typed, by=official)
    with pytest.raises(Refusal) as refused:
        proofs.prove(PASSWORD, typed, by=official)
    assert refused.value.field == "code"
    with pytest.raises(Refusal):
        use_second_factor(users.held(official.id), typed, NOON)
