"""A ballot goes in once, the last one counts, and what is refused leaves nothing behind."""

from dataclasses import replace
from secrets import token_bytes

import pytest
import sqlalchemy as sa

from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.box import casting, ledger_file, locking, voters
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import Channel, ballot_leaf, commitment, mark
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.voting import refusals
from civic_forum.ballots.voting import services as service
from civic_forum.ballots.models import Promise, RollEntry, Voter
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.platform import clock, work
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, TooMany, Unavailable

from tests.common import commit
from . import boxes
from tests.ballots.proofs import holds


def cast(made, voter, form, channel=Channel.ONLINE):
    return service.cast(made.id, voter, form, channel)


def in_the_box(made):
    """Revision and choice of everybody who has an online ballot, by row key."""
    db.session.rollback()
    keys, found = keyring.box_keys(made.id), {}
    for row in voters.all_rows(made.id):
        voter = rows.open_voter(keys, made.id, *row)
        if not voter.channel.on_paper:
            found[row.row_key] = (voter.revision, voter.choice)
    db.session.rollback()
    return found


def nothing_happened(made):
    return (made.promises(), made.channels()) == (0, {}) and not (made.named() and made.named().revisions)


def take_paper(made, voter):
    """As the desk does it; whether an online ballot was withdrawn."""
    with work.unlogged_transaction():
        at = locking.take_lock(made.id)
        issued = papers.issue_to(box_queries.held(made.id), voter, at=at)
    ledger_file.append(made.id, [issued.written])
    return issued.withdrew


def give_back(made, number):
    with work.unlogged_transaction():
        at = locking.take_lock(made.id)
        written = papers.take_in(box_queries.held(made.id), number, at=at)
    ledger_file.append(made.id, [written])


def test_a_ballot_goes_in_sealed_and_gives_a_receipt_that_holds(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1, 3)
    receipt = cast(made, made.voters[0], form)
    assert holds(receipt) and receipt.mine == form.mine
    assert receipt.public_key == signing.public_key(keyring.signing_seed())
    assert receipt.fingerprint == made.fingerprint
    assert in_the_box(made) == {made.row_key(made.voters[0]): (1, made.choice(1, 3))}
    assert made.channels() == {Channel.ONLINE: 1} and made.promises() == 1


def test_receipt_promise_and_row_are_of_the_same_leaf(town):
    made = boxes.box()
    receipt, keys = made.cast(made.voters[0], 2), keyring.box_keys(made.id)
    key, voter = made.row_key(made.voters[0]), made.voter(made.voters[0])
    leaf = ballot_leaf(made.fingerprint, mark(made.fingerprint, receipt.mine),
                       commitment(keys.n(key, 1, voter.form_key), made.choice(2)))
    (name, sealed), = voters.all_promises(made.id).items()
    assert receipt.leaf == leaf.hash and name == keys.name(receipt.mine)
    assert rows.open_promise(keys, made.id, name, sealed) == (leaf.mark, leaf.commitment)


def test_the_ledger_names_row_revision_and_promise_of_every_cast(town):
    made = boxes.box()
    receipts = [made.cast(made.voters[0], option) for option in (1, 2, 3)]
    keys = keyring.box_keys(made.id)
    named = made.named()
    assert named.revisions == {made.row_key(made.voters[0]): 3}
    assert named.promises == {keys.name(receipt.mine) for receipt in receipts}
    assert ledger_file.path(made.id).stat().st_mode & 0o777 == 0o600
    assert len(ledger_file.path(made.id).read_bytes()) == 3 * 121


def test_every_change_replaces_the_row_and_keeps_the_promise(town):
    made = boxes.box()
    receipts = [made.cast(made.voters[0], option) for option in (1, 2, 3)]
    assert len({receipt.leaf for receipt in receipts}) == made.promises() == 3
    assert in_the_box(made) == {made.row_key(made.voters[0]): (3, made.choice(3))}
    assert made.channels() == {Channel.ONLINE: 1}


@pytest.mark.both
def test_rows_of_all_choices_and_channels_are_of_one_length(town):
    made = boxes.box(voters=7)
    for voter, chosen in zip(made.voters, [(), (1,), (1, 2), (4,), (3,), (2,)], strict=False):
        made.cast(voter, *chosen)
    made.cast(made.voters[5], 4)
    take_paper(made, made.voters[1])
    take_paper(made, made.voters[2])
    give_back(made, 2)
    take_paper(made, made.voters[6])
    for table in (Voter, Promise):
        assert len(set(db.session.scalars(sa.select(sa.func.length(table.sealed))))) == 1


def test_the_same_form_sent_twice_is_one_ballot_with_one_receipt(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1)
    assert cast(made, made.voters[0], form) == cast(made, made.voters[0], form)
    assert made.promises() == 1 and made.voter(made.voters[0]).revision == 1


def test_a_form_from_before_a_change_is_refused(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1)
    cast(made, made.voters[0], form)
    made.cast(made.voters[0], 2)
    with pytest.raises(refusals.ChangedElsewhere):
        cast(made, made.voters[0], form)
    assert made.promises() == 2


def test_a_mine_that_was_used_in_this_box_is_refused(town):
    made, other = boxes.box(), boxes.box()
    mine = made.cast(made.voters[0], 1).mine
    for voter in made.voters[:2]:
        with pytest.raises(refusals.AnotherForm):
            cast(made, voter, made.form(voter, 2, mine=mine))
    assert made.promises() == 1 and made.channels() == {Channel.ONLINE: 1}
    assert holds(cast(other, other.voters[0], other.form(other.voters[0], 2, mine=mine)))


@pytest.mark.parametrize("part, value", [("form_key", bytes(16)), ("mine", bytes(16)), ("mine", b"m" * 15),
                                         ("form_key", b"f" * 17), ("state", b"")])
def test_a_form_with_zeros_or_another_length_is_refused(town, part, value):
    made = boxes.box()
    with pytest.raises(refusals.AnotherForm):
        cast(made, made.voters[0], replace(made.form(made.voters[0], 1), **{part: value}))
    assert nothing_happened(made)


def test_a_ledger_that_cannot_be_written_gets_the_line_by_the_same_form_again(town):
    made = boxes.box()
    form, path = made.form(made.voters[0], 1), ledger_file.path(made.id)
    path.rename(path.with_suffix(".away"))
    with pytest.raises(Unavailable, match="같은 화면에서 다시"):
        cast(made, made.voters[0], form)
    assert made.promises() == 1
    path.with_suffix(".away").rename(path)
    assert not made.named().revisions
    assert cast(made, made.voters[0], form).mine == form.mine
    assert made.promises() == 1 and made.named().revisions == {made.row_key(made.voters[0]): 1}


def test_a_voter_who_changes_too_often_is_told_so(town, monkeypatch):
    made = boxes.box()
    for _n in range(21):
        made.cast(made.voters[0], 1)
    with pytest.raises(TooMany):
        made.cast(made.voters[0], 2)
    assert made.voter(made.voters[0]).revision == 21
    monkeypatch.setattr(service, "changed", service.Limiter(1000))
    monkeypatch.setattr(casting, "MOST_CHANGES", 21)
    made.cast(made.voters[0], 2)
    with pytest.raises(refusals.ChangedTooOften):
        made.cast(made.voters[0], 1)
    assert take_paper(made, made.voters[0])


@pytest.mark.both
def test_an_altered_row_is_noticed_and_not_replaced(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    form = made.form(made.voters[0], 2)
    commit(sa.update(Voter).values(channel=2))
    with pytest.raises(Unavailable, match="열 수 없어요"):
        cast(made, made.voters[0], form)


def test_the_same_form_with_another_choice_is_refused(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1)
    cast(made, made.voters[0], form)
    with pytest.raises(refusals.SentAlready):
        cast(made, made.voters[0], replace(form, choice=made.rule.encode({2: 1})))
    assert made.promises() == 1


def test_a_state_that_never_was_is_refused_and_leaves_nothing(town):
    made = boxes.box()
    for state in (bytes(16), token_bytes(16), made.form(made.voters[1]).state):
        with pytest.raises(refusals.ChangedElsewhere):
            cast(made, made.voters[0], replace(made.form(made.voters[0], 1), state=state))
    assert nothing_happened(made)


def test_a_form_of_another_box_is_refused(town):
    made, other = boxes.box(), boxes.box()
    with pytest.raises(refusals.AnotherForm):
        cast(made, made.voters[0], other.form(made.voters[0], 1))
    assert nothing_happened(made)


@pytest.mark.parametrize("choice", ["", "00", "000100010001" "000000", "000000000000000000", "010001000000000000",
                                    "000002000000000000", "0000010000000000000000", "020000000000000000"])
def test_a_choice_that_is_none_is_refused_and_leaves_nothing(town, choice):
    made = boxes.box()
    with pytest.raises(Refusal) as refused:
        cast(made, made.voters[0], replace(made.form(made.voters[0]), choice=bytes.fromhex(choice)))
    assert refused.value.status == 422 and nothing_happened(made)


def test_the_sentence_names_the_limit(town):
    made = boxes.box()
    with pytest.raises(Refusal, match="2까지만"):
        cast(made, made.voters[0], replace(made.form(made.voters[0]), choice=bytes.fromhex("000001000100010000")))


@pytest.mark.parametrize("kind, limit", [(Kind.YES_NO, None), (Kind.POINTS, 10), (Kind.APPROVAL, 1)])
def test_every_kind_of_box_takes_an_explicit_blank(town, kind, limit):
    made = boxes.box(rule=BoxRule(kind, options=5, limit=limit))
    assert holds(made.cast(made.voters[0]))


def test_somebody_who_is_not_in_the_roll_cannot_vote(town):
    made, other = boxes.box(), boxes.box()
    with pytest.raises(refusals.NotInRoll) as refused:
        cast(made, other.voters[0], made.form(other.voters[0], 1))
    assert isinstance(refused.value, Denied) and nothing_happened(made)


@pytest.mark.both
def test_a_struck_voter_cannot_vote_any_more_but_the_ballot_stays_and_keeps_its_receipt(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1)
    receipt = cast(made, made.voters[0], form)
    commit(sa.update(RollEntry).values(struck_at=clock.now(), struck_reason="이사했어요"))
    for voter in made.voters[:2]:
        with pytest.raises(refusals.StruckFromRoll):
            made.cast(voter, 2)
    assert cast(made, made.voters[0], form) == receipt
    assert made.promises() == 1 and made.channels() == {Channel.ONLINE: 1}


@pytest.mark.parametrize("made_how, why", [
    ({"opens": 60}, refusals.NotYetOpen), ({"opened": False}, refusals.NotYetOpen),
    ({"opens": -7200, "closes": 0}, refusals.CastingOver), ({"opens": -7200, "closes": -1}, refusals.CastingOver)])
def test_before_the_opening_and_from_the_close_on_nothing_is_taken(town, made_how, why):
    made = boxes.box(**made_how)
    with pytest.raises(why) as refused:
        cast(made, made.voters[0], made.form(made.voters[0], 1))
    assert isinstance(refused.value, Conflict) and nothing_happened(made)


def test_a_box_that_is_not_there_is_not_found(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1)
    with pytest.raises(Unavailable):
        service.cast(bytes(16), made.voters[0], form, Channel.ONLINE)
    with pytest.raises(NotFound), work.unlogged_transaction():
        casting.cast(bytes(16), made.voters[0], form, Channel.ONLINE, at=clock.now())


def test_a_cast_after_the_close_closes_the_box(town):
    made = boxes.box(closes=60)
    receipt = made.cast(made.voters[0], 1)
    clock.shift(60)
    with pytest.raises(refusals.CastingOver):
        cast(made, made.voters[1], made.form(made.voters[1], 1))
    assert made.row.closed_at is not None
    assert made.promises() == 1 and holds(receipt)


def test_an_answer_that_was_lost_comes_again_after_the_close_until_the_final_head(town):
    made = boxes.box(closes=60)
    form = made.form(made.voters[0], 1)
    receipt = cast(made, made.voters[0], form)
    clock.shift(61)
    assert cast(made, made.voters[0], form) == receipt
    assert closing.close(made.id) and cast(made, made.voters[0], form) == receipt
    with pytest.raises(refusals.SentAlready):
        cast(made, made.voters[0], replace(form, choice=made.choice()))
    with pytest.raises(refusals.SentAlready):
        cast(made, made.voters[0], replace(form, mine=token_bytes(16)))
    closing.finish(made.id, by=None)
    with pytest.raises(refusals.CastingOver):
        cast(made, made.voters[0], form)


def test_paper_withdraws_the_online_ballot_and_its_leaf_stays_promised(town):
    made = boxes.box()
    form = made.form(made.voters[0], 1)
    cast(made, made.voters[0], form)
    assert take_paper(made, made.voters[0])
    for again in (form, made.form(made.voters[0], 2)):
        with pytest.raises(refusals.OnPaper):
            cast(made, made.voters[0], again)
    voter = made.voter(made.voters[0])
    assert voter == voter.emptied() and (voter.revision, voter.paper) == (2, 1)
    assert made.channels() == {Channel.PAPER_ISSUED: 1} and made.promises() == 1
    assert made.named().revisions == {made.row_key(made.voters[0]): 2}


def test_an_online_ballot_is_never_overridden_at_a_kiosk(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    with pytest.raises(refusals.VotedOnline):
        made.cast(made.voters[0], 2, channel=Channel.ASSISTED)
    assert in_the_box(made) == {made.row_key(made.voters[0]): (1, made.choice(1))}


def test_an_assisted_ballot_may_be_changed_online_and_at_the_kiosk(town):
    made = boxes.box()
    for channel in (Channel.ASSISTED, Channel.ASSISTED, Channel.ONLINE):
        made.cast(made.voters[0], 2, channel=channel)
        assert made.channels() == {channel: 1}


def test_paper_is_never_cast(town):
    made = boxes.box()
    with pytest.raises(ValueError):
        cast(made, made.voters[0], made.form(made.voters[0], 1), Channel.PAPER_RETURNED)


def test_one_transaction_can_cast_into_several_boxes(town):
    people = [bytes(31) + b"\1"]
    made = [boxes.box(voters=people) for _n in range(3)]
    forms = [one.form(people[0], 1) for one in made]
    with work.unlogged_transaction():
        at = locking.take_lock(*(one.id for one in made))
        taken = [casting.cast(one.id, people[0], form, Channel.ONLINE, at=at) for one,
                 form in zip(made, forms, strict=True)]
    assert len({one.receipt.leaf for one in taken}) == 3
    assert [one.promises() for one in made] == [1, 1, 1]


@pytest.mark.both
def test_a_ballot_after_a_restore_is_newer_than_the_lost_one(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    older = {"sealed": db.session.scalar(sa.select(Voter.sealed))}
    made.cast(made.voters[0], 2)
    made.cast(made.voters[1], 2)
    made.cast(made.voters[1], 3)
    db.session.execute(sa.delete(Voter).where(Voter.row_key == made.row_key(made.voters[1])))
    commit(sa.update(Voter).values(**older))
    ledger_file.mark_restored(made.id)
    assert made.voter(made.voters[0]).revision == 1
    made.cast(made.voters[0], 4)
    made.cast(made.voters[1], 4)
    take_paper(made, made.voters[2])
    assert [made.voter(voter).revision for voter in made.voters] == [3, 3, 1]
    assert {key: row for key, (row, _choice) in in_the_box(made).items()}.items() <= made.named().revisions.items()
