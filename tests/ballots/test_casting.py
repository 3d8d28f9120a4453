"""A ballot goes in once, the last one counts, and what is refused leaves nothing behind."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from civic_forum.ballots import keyring, refusals
from civic_forum.ballots.models import Cast, Participation, RollEntry
from civic_forum.ballots.queries import casts
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.log import leaf_hash
from civic_forum.ballots.rules.sealing import CastKind
from civic_forum.ballots.services import casting as service
from civic_forum.ballots.steps import casting, locking
from civic_forum.kernel import clock, work
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, Denied, NotFound, Refusal, Unavailable

from . import boxes


def cast(made, voter, form, channel=Channel.ONLINE):
    return service.cast(made.id, voter, form, channel)


def row_key(made, voter):
    return keyring.box_keys(made.id).row_key(made.id, voter)


def in_the_box(made):
    """Revision and choice of every cast of each row key, newest last."""
    db.session.rollback()
    keys = keyring.box_keys(made.id)
    found = {}
    for one in sorted(casts.opened(made.id, keys), key=lambda cast: cast.revision):
        found.setdefault(one.row_key, []).append((one.kind, one.choice))
    return found


def nothing_happened(made):
    db.session.rollback()
    return (made.casts(), made.participations()) == (0, {})


def take_paper(made, voter):
    """As the desk does it, as far as casting is concerned."""
    with work.plain_transaction():
        locking.take_lock(made.id)
        key = row_key(made, voter)
        casting.hold_participation(made.id, key, Channel.PAPER_ISSUED)
        casting.set_channel(made.id, key, Channel.PAPER_ISSUED, 1)
        return casting.withdraw(made.id, key)


def test_a_ballot_goes_in_sealed_and_gives_a_receipt_that_holds(town):
    made = boxes.box()
    receipt = made.cast(made.voters[0], 1, 3)
    assert receipt.holds() and receipt.public_key == keyring.public_key()
    assert receipt.fingerprint == made.fingerprint
    assert in_the_box(made) == {row_key(made, made.voters[0]): [(CastKind.BALLOT, made.rule.encode({1: 1, 3: 1}))]}
    assert made.participations() == {Channel.ONLINE: 1}


def test_the_receipt_is_of_the_leaf_that_the_cast_becomes(town):
    made = boxes.box()
    receipt = made.cast(made.voters[0], 2)
    keys = keyring.box_keys(made.id)
    opened, = casts.opened(made.id, keys)
    _type, entry = casts.entry_of(made.fingerprint, opened, keys)
    assert leaf_hash(entry) == receipt.leaf


def test_every_change_is_a_new_revision_and_the_person_takes_part_once(town):
    made = boxes.box()
    receipts = [made.cast(made.voters[0], option) for option in (1, 2, 3)]
    assert len({receipt.leaf for receipt in receipts}) == 3
    changes, = in_the_box(made).values()
    assert [choice for _kind, choice in changes] == [made.rule.encode({option: 1}) for option in (1, 2, 3)]
    assert made.participations() == {Channel.ONLINE: 1}


def test_sealed_ballots_of_all_choices_are_of_one_length(town):
    made = boxes.box(voters=4)
    for voter, chosen in zip(made.voters, [(), (1,), (1, 2), (4,)], strict=True):
        made.cast(voter, *chosen)
    assert take_paper(made, made.voters[1])
    lengths = set(db.session.scalars(sa.select(sa.func.length(Cast.sealed))))
    assert len(lengths) == 1


def test_the_same_form_sent_twice_is_one_ballot_with_one_receipt(town):
    made = boxes.box()
    form = made.form(1)
    assert cast(made, made.voters[0], form) == cast(made, made.voters[0], form)
    assert made.casts() == 1


def test_the_first_receipt_comes_again_even_after_a_change(town):
    made = boxes.box()
    form = made.form(1)
    first = cast(made, made.voters[0], form)
    made.cast(made.voters[0], 2)
    assert cast(made, made.voters[0], form) == first
    assert made.casts() == 2


def test_the_same_form_with_another_choice_is_refused(town):
    made = boxes.box()
    form = made.form(1)
    cast(made, made.voters[0], form)
    with pytest.raises(refusals.SentAlready):
        cast(made, made.voters[0], replace(form, choice=made.rule.encode({2: 1})))
    assert made.casts() == 1


def test_an_old_form_never_overtakes_a_newer_one(town):
    made = boxes.box()
    old = made.form(1)
    made.cast(made.voters[0], 2)
    with pytest.raises(refusals.ChangedElsewhere, match="다른 곳에서 투표가 바뀌었어요"):
        cast(made, made.voters[0], old)
    changes, = in_the_box(made).values()
    assert [choice for _kind, choice in changes] == [made.rule.encode({2: 1})]


@pytest.mark.parametrize("revision", [1, 7, 2**32 - 1])
def test_a_form_that_claims_revisions_that_never_were_is_refused_and_leaves_nothing(town, revision):
    made = boxes.box()
    with pytest.raises(refusals.ChangedElsewhere):
        cast(made, made.voters[0], made.form(1, revision=revision))
    assert nothing_happened(made)


def test_a_form_of_another_box_is_refused(town):
    made, other = boxes.box(), boxes.box()
    with pytest.raises(refusals.AnotherForm):
        cast(made, made.voters[0], other.form(1))
    assert nothing_happened(made)


@pytest.mark.parametrize("choice", ["", "00", "000100010001" "000000", "000000000000000000", "010001000000000000",
                                    "000002000000000000", "0000010000000000000000", "020000000000000000"])
def test_a_choice_that_is_none_is_refused_and_leaves_nothing(town, choice):
    made = boxes.box()
    with pytest.raises(Refusal) as refused:
        cast(made, made.voters[0], replace(made.form(), choice=bytes.fromhex(choice)))
    assert refused.value.status == 422 and nothing_happened(made)


def test_the_sentence_names_the_limit(town):
    made = boxes.box()
    with pytest.raises(Refusal, match="2까지만"):
        cast(made, made.voters[0], replace(made.form(), choice=bytes.fromhex("000001000100010000")))


@pytest.mark.parametrize("kind, limit", [(Kind.YES_NO, None), (Kind.POINTS, 10), (Kind.APPROVAL, 1)])
def test_every_kind_of_box_takes_an_explicit_blank(town, kind, limit):
    made = boxes.box(rule=BoxRule(kind, options=5, limit=limit))
    assert made.cast(made.voters[0]).holds()


def test_who_is_not_in_the_roll_cannot_vote(town):
    made, other = boxes.box(), boxes.box()
    with pytest.raises(refusals.NotInRoll) as refused:
        cast(made, other.voters[0], made.form(1))
    assert isinstance(refused.value, Denied) and nothing_happened(made)


def test_who_was_struck_cannot_vote_any_more_but_what_is_in_stays_and_keeps_its_receipt(town):
    made = boxes.box()
    form = made.form(1)
    receipt = cast(made, made.voters[0], form)
    db.session.execute(sa.update(RollEntry).values(struck_at=clock.now(), struck_reason="이사했어요"))
    db.session.commit()
    for voter in made.voters[:2]:
        with pytest.raises(refusals.StruckFromRoll):
            made.cast(voter, 2)
    assert cast(made, made.voters[0], form) == receipt
    assert made.casts() == 1 and made.participations() == {Channel.ONLINE: 1}


@pytest.mark.parametrize("made_how, why", [
    ({"opens": 60}, refusals.NotYetOpen), ({"opened": False}, refusals.NotYetOpen),
    ({"opens": -7200, "closes": 0}, refusals.CastingOver), ({"opens": -7200, "closes": -1}, refusals.CastingOver)])
def test_before_the_opening_and_from_the_close_on_nothing_is_taken(town, made_how, why):
    made = boxes.box(**made_how)
    with pytest.raises(why) as refused:
        cast(made, made.voters[0], made.form(1))
    assert isinstance(refused.value, Conflict) and nothing_happened(made)


def test_a_box_that_is_not_there_is_not_found(town):
    made = boxes.box()
    with pytest.raises(Unavailable):
        service.cast(bytes(16), made.voters[0], made.form(1), Channel.ONLINE)
    with pytest.raises(NotFound), work.plain_transaction():
        casting.cast(bytes(16), made.voters[0], made.form(1), Channel.ONLINE, at=clock.now())


def test_a_cast_after_the_close_closes_the_box(town):
    made = boxes.box(closes=60)
    receipt = made.cast(made.voters[0], 1)
    clock.shift(60)
    with pytest.raises(refusals.CastingOver):
        cast(made, made.voters[1], made.form(1))
    assert made.row.closed_at is not None
    assert made.casts() == 1 and receipt.holds()


def test_an_answer_that_was_lost_comes_again_after_the_close_until_the_casts_are_gone(town):
    made = boxes.box(closes=60)
    form = made.form(1)
    receipt = cast(made, made.voters[0], form)
    clock.shift(61)
    assert cast(made, made.voters[0], form) == receipt
    with pytest.raises(refusals.SentAlready):
        cast(made, made.voters[0], replace(form, choice=made.rule.blank_choice()))
    for table in (Cast, Participation):
        db.session.execute(sa.delete(table))
    db.session.commit()
    with pytest.raises(refusals.CastingOver):
        cast(made, made.voters[0], form)


def test_paper_withdraws_the_online_ballot_and_closes_the_way_back(town):
    made = boxes.box()
    form = made.form(1)
    cast(made, made.voters[0], form)
    assert take_paper(made, made.voters[0])
    for again in (form, made.form(2, revision=1), made.form(2, revision=2)):
        with pytest.raises(refusals.OnPaper):
            cast(made, made.voters[0], again)
    changes, = in_the_box(made).values()
    assert [kind for kind, _choice in changes] == [CastKind.BALLOT, CastKind.WITHDRAWAL]
    assert made.participations() == {Channel.PAPER_ISSUED: 1}


def test_paper_for_somebody_without_a_ballot_withdraws_nothing(town):
    made = boxes.box()
    assert not take_paper(made, made.voters[0])
    with pytest.raises(refusals.OnPaper):
        cast(made, made.voters[0], made.form(1))
    assert made.casts() == 0


def test_a_second_paper_writes_no_second_withdrawal(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    assert take_paper(made, made.voters[0]) and not take_paper(made, made.voters[0])
    assert casts.latest_revision(made.id, row_key(made, made.voters[0])) == 2


def test_voting_at_a_kiosk_after_voting_online_counts_as_assisted(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    made.cast(made.voters[0], 2, channel=Channel.ASSISTED)
    assert made.participations() == {Channel.ASSISTED: 1}


def test_a_refused_cast_does_not_change_the_channel(town):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    with pytest.raises(refusals.ChangedElsewhere):
        cast(made, made.voters[0], made.form(2), Channel.ASSISTED)
    assert made.participations() == {Channel.ONLINE: 1}


def test_paper_is_never_cast(town):
    made = boxes.box()
    with pytest.raises(ValueError):
        cast(made, made.voters[0], made.form(1), Channel.PAPER_RETURNED)


def test_one_transaction_can_cast_into_several_boxes(town):
    voters = [bytes(31) + b"\1"]
    made = [boxes.box(voters=voters) for _n in range(3)]
    with work.plain_transaction():
        at = locking.take_lock(*(one.id for one in made))
        receipts = [casting.cast(one.id, voters[0], one.form(1), Channel.ONLINE, at=at) for one in made]
    assert len({receipt.leaf for receipt in receipts}) == 3
    assert [one.casts() for one in made] == [1, 1, 1]
