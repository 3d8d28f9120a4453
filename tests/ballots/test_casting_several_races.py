"""Ballots of several boxes sent at once, in every order: nobody waits in a circle, and nothing is ever half done."""

from collections import Counter
from itertools import permutations

import pytest

from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.box import locking
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import CastingOver, ChangedElsewhere, OnPaper
from civic_forum.ballots.box import ledger_file
from civic_forum.platform import work
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.racing import at_once

from . import boxes
from .racing import CHOICES, closes_in
from .test_casting import in_the_box

pytestmark = pytest.mark.both

PERSONS = [bytes([number]) * 32 for number in range(1, 7)]


def envelopes(number=3):
    return [boxes.box(PERSONS) for _n in range(number)]


def kind_of(answer):
    return type(answer) if isinstance(answer, Refusal) else dict


def in_all(made, person):
    """The number of times this person's row was written, by box."""
    rows = [one.voter(person) for one in made]
    return [row.revision if row else 0 for row in rows]


def test_of_sixty_at_once_in_every_order_one_goes_in_everywhere(town, app):
    made, orders = envelopes(), list(permutations(range(3)))
    forms = [{made[at].id: made[at].form(PERSONS[0], *CHOICES[(n + at) % len(CHOICES)]) for at in orders[n % 6]}
             for n in range(60)]
    answers = at_once(app, 60, lambda n: casting.cast_several(forms[n], PERSONS[:1], Channel.ONLINE))
    assert Counter(map(kind_of, answers)) == {dict: 1, ChangedElsewhere: 59}
    won = next(n for n, answer in enumerate(answers) if isinstance(answer, dict))
    assert list(answers[won]) == list(forms[won])
    for one in made:
        _revision, choice = in_the_box(one)[one.row_key(PERSONS[0])]
        assert choice == forms[won][one.id].choice


def test_the_same_page_sent_again_and_again_is_one_set_of_receipts(town, app):
    made = envelopes()
    forms = {one.id: one.form(PERSONS[0], 1) for one in made}
    answers = at_once(app, 20, lambda _n: casting.cast_several(forms, PERSONS[:1], Channel.ONLINE))
    assert all(answer == answers[0] and len(answer) == 3 for answer in answers)
    assert in_all(made, PERSONS[0]) == [1, 1, 1]


def test_single_casts_and_paper_beside_it_leave_nothing_half_done(town, app):
    """Six people, each of whom sends the whole page, one ballot of it, and asks for paper in one of the boxes."""
    made = envelopes()
    forms = {(one.id, n): one.form(PERSONS[n % 6], n // 6 + 1) for one in made for n in range(24)}

    def act(n):
        person, what = PERSONS[n % 6], n // 6
        order = made if n % 2 else made[::-1]
        if what < 3:
            return casting.cast_several({one.id: forms[one.id, n] for one in order}, [person], Channel.ONLINE)
        if what == 3:
            return {made[1].id: casting.cast(made[1].id, person, forms[made[1].id, n], Channel.ONLINE)}
        with work.unlogged_transaction():
            at = locking.take_lock(made[2].id)
            issued = papers.issue_to(box_queries.held(made[2].id), person, at=at)
        ledger_file.append(made[2].id, [issued.written])
        return {"paper": issued}

    answers = at_once(app, 30, act)
    assert set(map(kind_of, answers)) <= {dict, ChangedElsewhere, OnPaper}, answers
    for number, person in enumerate(PERSONS):
        first, second, third = in_all(made, person)
        whole = [answers[number + 6 * what] for what in range(3)]
        together = sum(isinstance(answer, dict) for answer in whole)
        alone = isinstance(answers[number + 18], dict)
        assert (first, second) == (together, together + alone) and together + alone <= 1
        assert third == together + isinstance(answers[number + 24], dict)
        assert all(one.named().revisions.get(one.row_key(person), 0) == rows
                   for one, rows in zip(made, (first, second, third), strict=True))


@pytest.mark.parametrize("closing", [0, 2])
def test_one_box_that_closes_meanwhile_keeps_the_rest_in_step(town, app, monkeypatch, closing):
    monkeypatch.setattr(casting, "changed", casting.Limiter(1000))
    made = envelopes()
    for one in made:  # so that the first cast of each does not wait for its keys
        in_the_box(one)
    closes_in(made[closing], 0)

    def act(n):
        receipts = []
        for revision in range(40):
            try:
                casting.cast_several({one.id: one.form(PERSONS[n], 1 + revision % 4) for one in made}, [PERSONS[n]],
                                     Channel.ONLINE)
            except CastingOver as over:
                assert over.box_id == made[closing].id
                break
            receipts.append(1)
        return len(receipts)

    answers = at_once(app, 6, act)
    assert all(isinstance(answer, int) for answer in answers), answers
    db.session.rollback()
    for person, times in zip(PERSONS, answers, strict=True):
        assert in_all(made, person) == [times] * 3
