"""Ballots of several boxes go in together: all of them or none, each with a receipt of its own."""

from dataclasses import replace
from secrets import token_bytes

import pytest

from civic_forum.ballots.box import locking
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.voting import refusals
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.services import Limiter, cast_several
from civic_forum.ballots.models import RollEntry
from civic_forum.platform import clock, work
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, TooMany

from . import boxes
from .test_casting import take_paper
from tests.ballots.proofs import holds

PERSON = bytes(range(32))


def envelopes(number=3, **parts):
    """As many boxes, open, in each of which the same person may vote."""
    return [boxes.box([PERSON, token_bytes(32)], **parts) for _n in range(number)]


def forms_of(made, *chosen, person=PERSON):
    return {one.id: one.form(person, *chosen) for one in made}


def send(forms, persons=(PERSON,)):
    return cast_several(forms, persons, Channel.ONLINE)


def nothing_in(made):
    return all((one.promises(), one.channels()) == (0, {}) for one in made)


def test_every_box_takes_its_ballot_and_gives_its_receipt_in_the_order_of_the_page(town):
    made = envelopes()
    forms = {one.id: one.form(PERSON, number) for number, one in enumerate(made, start=1)}
    receipts = send(forms)
    assert list(receipts) == [one.id for one in made]
    for number, one in enumerate(made, start=1):
        assert holds(receipts[one.id]) and receipts[one.id].fingerprint == one.fingerprint
        assert one.voter(PERSON).choice == one.choice(number) and one.channels() == {Channel.ONLINE: 1}
        assert one.named().revisions == {one.row_key(PERSON): 1}


def test_the_order_of_the_locks_is_nobodys_order_of_receipts(town):
    made = envelopes()
    for order in (made, made[::-1], sorted(made, key=lambda one: locking.lock_key(one.id))):
        forms = forms_of(order, 1)
        assert list(send(forms)) == [one.id for one in order]


def test_sent_again_they_are_the_same_receipts(town):
    made = envelopes()
    forms = forms_of(made, 1)
    first = send(forms)
    assert send(forms) == first
    assert [one.promises() for one in made] == [1, 1, 1]


def test_also_after_the_close(town, monkeypatch):
    made = envelopes(2)
    forms = forms_of(made, 1)
    first = send(forms)
    now = clock.now()
    monkeypatch.setattr(clock, "read", lambda: now + boxes.timedelta(days=366))
    monkeypatch.setattr(clock, "offset_seconds", lambda: 366 * 86_400)
    assert send(forms) == first


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_one_that_is_refused_keeps_all_out_and_is_named(town, bad):
    made = envelopes()
    forms = forms_of(made, 1)
    forms[made[bad].id] = replace(forms[made[bad].id], state=bytes(16))
    with pytest.raises(refusals.ChangedElsewhere) as refused:
        send(forms)
    assert refused.value.box_id == made[bad].id and nothing_in(made)


def test_a_choice_that_its_box_does_not_allow_keeps_all_out(town):
    made = envelopes()
    forms = forms_of(made, 1)
    forms[made[1].id] = replace(forms[made[1].id], choice=b"\0" * 9)
    with pytest.raises(Refusal) as refused:
        send(forms)
    assert (refused.value.status, refused.value.box_id) == (422, made[1].id) and nothing_in(made)


def test_a_form_of_another_box_is_refused(town):
    made = envelopes(2)
    with pytest.raises(refusals.AnotherForm):
        send(dict(zip((made[0].id, made[1].id), reversed(forms_of(made, 1).values()), strict=True)))
    assert nothing_in(made)


def test_a_voter_with_a_paper_ballot_of_one_of_them_is_told_so(town):
    made = envelopes()
    take_paper(made[2], PERSON)
    with pytest.raises(refusals.OnPaper) as refused:
        send(forms_of(made, 1))
    assert refused.value.box_id == made[2].id and nothing_in(made[:2])


def test_one_that_is_closed_keeps_all_out_and_is_closed_by_it(town, monkeypatch):
    made = [*envelopes(1), boxes.box([PERSON], closes=60)]
    now = clock.now()
    monkeypatch.setattr(clock, "read", lambda: now.replace(microsecond=0) + boxes.timedelta(seconds=120))
    monkeypatch.setattr(clock, "offset_seconds", lambda: 120)
    with pytest.raises(refusals.CastingOver) as refused:
        send(forms_of(made, 1))
    assert refused.value.box_id == made[1].id and nothing_in(made)
    assert made[1].row.closed_at is not None and made[0].row.closed_at is None


def test_each_box_finds_the_person_in_its_own_roll(town):
    by_account = token_bytes(32)
    verified, declared = boxes.box([PERSON]), boxes.box([by_account])
    forms = forms_of([verified], 2) | forms_of([declared], 2, person=by_account)
    receipts = send(forms, (PERSON, by_account))
    assert len(receipts) == 2 and verified.promises() == declared.promises() == 1


def test_a_voter_in_one_roll_only_casts_nothing(town):
    made = [*envelopes(1), boxes.box([token_bytes(32)])]
    with pytest.raises(refusals.NotInRoll) as refused:
        send(forms_of(made, 1))
    assert refused.value.box_id == made[1].id and nothing_in(made)


def test_a_voter_struck_in_one_casts_nothing(town):
    made = envelopes(2)
    entry = db.session.get(RollEntry, (made[0].roll_id, PERSON))
    entry.struck_at = clock.now()
    db.session.commit()
    with pytest.raises(refusals.StruckFromRoll):
        send(forms_of(made, 1))
    assert nothing_in(made)


def test_too_often_is_too_often_in_each_box(town, monkeypatch):
    monkeypatch.setattr(casting, "changed", Limiter(most=1))
    made = envelopes(2)
    send(forms_of(made, 1))
    send(forms_of(made, 2))
    with pytest.raises(TooMany):
        send(forms_of(made, 3))
    assert [one.promises() for one in made] == [2, 2]


def test_no_ballot_at_all_is_a_fault_of_the_page(town):
    with pytest.raises(ValueError):
        send({})


def test_it_is_one_transaction(town, monkeypatch):
    begun, forms = [], forms_of(envelopes(), 1)
    plain = work.unlogged_transaction
    monkeypatch.setattr(work, "unlogged_transaction", lambda: begun.append(1) or plain())
    send(forms)
    assert begun == [1]
