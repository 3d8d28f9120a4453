"""Two phones and two taps: what is sent together counts together, once, and never after the close."""

import json

import pytest
import sqlalchemy as sa

from civic_forum.ballots import identities
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.models import Promise
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.rules.quorums import Quorum
from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.ballots.boxes import form_of
from tests.budgets.making import voter
from tests.racing import at_once

from .scene import opened

pytestmark = pytest.mark.both

CHOSEN = {0: (1, 3), 1: (1, 2, 5)}


def forms_of(made, persons) -> dict[bytes, CastForm]:
    """One page of ballots, opened now."""
    return {one.box_id: form_of(one.box, persons[0], boxes.rule_of(one.box).encode(dict.fromkeys(CHOSEN[number], 1)))
            for number, one in enumerate(made.envelopes)}


def cast_rows() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Promise))


def test_two_taps_on_one_page_are_one_ballot_in_each_envelope(app, town):
    ada = voter(town)
    made, persons = opened(town), identities.candidates(ada)
    forms = forms_of(made, persons)
    db.session.rollback()
    answers = at_once(app, 6, lambda _n: casting.cast_several(forms, persons, Channel.ONLINE))
    assert not [one for one in answers if isinstance(one, Refusal)]
    assert len({tuple(receipt.tracker for receipt in one.values()) for one in answers}) == 1 and cast_rows() == 2


def test_of_two_phones_one_counts_in_both_envelopes_and_the_other_in_none(app, town):
    ada = voter(town)
    made, persons = opened(town), identities.candidates(ada)
    pages = [forms_of(made, persons) for _page in range(6)]
    db.session.rollback()
    answers = at_once(app, 6, lambda n: casting.cast_several(pages[n], persons, Channel.ONLINE))
    taken = [one for one in answers if not isinstance(one, Refusal)]
    assert len(taken) == 1 and all(isinstance(one, Receipt) for one in taken[0].values()) and cast_rows() == 2
    assert {one.status for one in answers if isinstance(one, Refusal)} == {409}


def test_one_page_for_all_and_one_for_a_single_envelope_do_not_wait_in_a_circle(app, town):
    people = [voter(town) for _one in range(6)]
    made = opened(town)
    persons = [identities.candidates(one) for one in people]
    pages = [forms_of(made, persons[n]) for n in range(6)]
    back = [dict(reversed(page.items())) for page in pages]
    db.session.rollback()
    answers = at_once(app, 6, lambda n: casting.cast_several((pages, back)[n % 2][n], persons[n], Channel.ONLINE))
    assert not [one for one in answers if isinstance(one, Refusal)] and cast_rows() == 12


def test_at_the_instant_of_the_close_all_are_taken_or_none(app, town):
    people = [voter(town) for _one in range(6)]
    made = opened(town, quorum=Quorum.MIN_VOTERS, quorum_value=6)
    box_ids, closes_at = [one.box_id for one in made.envelopes], made.envelopes[0].box.closes_at
    persons = [identities.candidates(one) for one in people]
    pages = [forms_of(made, persons[n]) for n in range(6)]
    db.session.rollback()
    clock.shift((closes_at - clock.now()).total_seconds() - 0.05)

    def act(n):
        if n == 6:
            while clock.now() < closes_at:
                pass
            return [closing.close_if_due(box_id) for box_id in box_ids]
        return casting.cast_several(pages[n], persons[n], Channel.ONLINE)

    answers = at_once(app, 7, act)[:6]
    taken = [one for one in answers if not isinstance(one, Refusal)]
    assert {type(one).__name__ for one in answers if isinstance(one, Refusal)} <= {"CastingOver"}
    assert cast_rows() == 2 * len(taken)
    for box_id in box_ids:
        assert boxes.participations(box_id).online in (0, len(taken))
    clock.shift(clock.offset_seconds() + 2)  # the clock of the database lags by less than one
    publication.write_record(publication.count(box_ids[0], by=None).id, by=None)  # the verifier passes it
    result = json.loads(boxes.by_id(box_ids[0]).result)
    assert result["outcome"]["quorum"] == int(result["turnout"]["total"] == 6) == int(len(taken) == 6)
