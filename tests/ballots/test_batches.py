"""Typing paper in blind: two typists, a third for the differences, and sums that must come out."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.ballots.paper.models import PaperBatch, PaperEntry
from civic_forum.ballots.paper import batches, queries
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.paper.batches import Decision, Outcome
from civic_forum.ballots.paper.rules import LEAST_SHEETS, MOST_SHEETS, fits
from civic_forum.ballots.rules.boxes import SheetState
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.conftest import empty
from tests.racing import at_once

from .desk_scene import Vote, choice
from .officers.people import staff
from .typing_office import NOTE, Office


@pytest.fixture
def returned():
    return 4


@pytest.fixture
def office(town, returned):
    return Office(town, returned)


def of(returned):
    """An office to which so many papers came back."""
    return pytest.mark.parametrize("returned", [returned])


@pytest.mark.parametrize("sheets, left, others, made", [
    (1, 1, 0, True), (9, 9, 0, True), (8, 9, 0, False), (10, 10, 0, True), (19, 19, 0, True), (10, 19, 0, False),
    (9, 19, 0, False), (10, 20, 0, True), (11, 20, 0, False), (9, 20, 0, False), (20, 20, 0, True), (9, 9, 1, False),
    (10, 10, 1, True), (10, 11, 1, False), (500, 505, 0, False), (495, 505, 0, True)])
def test_a_batch_beside_others_has_ten_sheets_and_leaves_none_or_ten(sheets, left, others, made):
    assert fits(sheets, left, others) is made


@given(returned=st.integers(1, 1100), data=st.data())
def test_any_selection_of_returned_sheets_can_be_a_batch(returned, data):
    sizes, left = [], returned
    while left:
        possible = [size for size in range(1, min(left, MOST_SHEETS) + 1) if fits(size, left, len(sizes))]
        assert possible, f"{left} of {returned} sheets are stuck"
        sizes.append(data.draw(st.sampled_from(possible)))
        left -= sizes[-1]
    assert len(sizes) == 1 or min(sizes) >= LEAST_SHEETS


@of(12)
def test_a_batch_that_leaves_too_few_behind_is_refused_with_the_figures(office):
    for sheets in (2, 10, 11):
        with pytest.raises(Conflict, match="적어도 10장이어야 해요.*묶지 않은 종이는 12장") as refusal:
            office.batch(sheets)
        assert refusal.value.field == "sheets"
    assert office.batch(12) == 1


def test_nothing_is_put_together_while_paper_still_comes_back(town):
    vote, clerk = Vote(town), town.clerk()
    for _number in (1, 2):
        vote.voter().gets_paper(clerk)
    papers.mark_returned(vote.box_id, 1, by=clerk)
    vote.after_the_close()
    with pytest.raises(Conflict, match="까지 받아요. 더 돌아올 종이가 없을 때"):
        batches.open_batch(vote.box_id, 1, by=clerk)
    papers.mark_returned(vote.box_id, 2, by=clerk)
    vote.after_the_last_return()
    with pytest.raises(Conflict, match="까지 받았어요"):
        papers.mark_returned(vote.box_id, 2, by=clerk)
    assert batches.open_batch(vote.box_id, 2, by=clerk) == 1


@of(30)
def test_a_new_batch_takes_the_smallest_number_that_is_free(office):
    assert [office.batch(10) for _one in range(3)] == [1, 2, 3]
    batches.dissolve(office.box_id, 2, by=office.clerk)
    batches.dissolve(office.box_id, 1, by=office.clerk)
    assert (office.batch(10), office.batch(10)) == (1, 2), "the record has no gaps"


@pytest.mark.parametrize("version, number", [(2, 7), (3, 1)])
def test_numbers_of_piles_have_no_gaps_from_format_3_on(version, number):
    assert PaperBatch(number=7, sheets=10, counted=10, invalid=0).as_logged(1, version)["number"] == number


@of(20)
def test_sheets_that_make_no_batch_of_their_own_are_put_together_with_a_settled_one(office):
    number = office.batch(10)
    for typist in (office.first, office.second):
        office.typed(number, typist, *["1"] * 10)
    with pytest.raises(Conflict, match="이미 정해졌어요"):
        batches.dissolve(office.box_id, number, by=office.clerk)
    office.vote.undo_return(20)
    with pytest.raises(Conflict, match="남은 종이 9장만으로는.*다른 묶음을 풀어"):
        office.batch(9)
    assert queries.reconciliation(office.box_id).stranded
    batches.dissolve(office.box_id, number, by=office.clerk)
    assert db.session.scalars(sa.select(PaperEntry)).all() == [] and not queries.reconciliation(office.box_id).stranded
    number = office.batch(19)
    for typist in (office.first, office.second):
        office.typed(number, typist, *["2"] * 19)
    assert office.why_not_finished() is None


@of(30)
def test_a_settled_batch_stays_while_another_one_can_be_taken_apart(office):
    settled_one, waiting = office.batch(10), office.batch(10)
    for typist in (office.first, office.second):
        office.typed(settled_one, typist, *["1"] * 10)
    office.vote.undo_return(30)
    with pytest.raises(Conflict, match="이미 정해졌어요"):
        batches.dissolve(office.box_id, settled_one, by=office.clerk)
    batches.dissolve(office.box_id, waiting, by=office.clerk)
    assert office.batch(19) == 2


# Two typists and a third


def test_two_who_agree_settle_the_batch(office):
    number = office.batch()
    lines = "1 2", "기권", "무효", "5"
    assert office.typed(number, office.first, *lines) is Outcome.WAITS
    assert office.typed(number, office.second, *lines) is Outcome.SETTLED
    batch = office.found(number)
    assert (batch.counted, batch.invalid, batch.settled_by_id, batch.note) == (3, 1, None, None)
    assert batch.choices == choice(1, 2) + choice() + choice(5)
    assert len(batch.n) == len(batch.n2) == 32 and batch.n != batch.n2
    assert queries.why_not_finished(office.vote.box, database_now()) is None


def test_a_third_person_settles_what_two_read_differently(office):
    number = office.batch()
    office.typed(number, office.first, "1 2", "3", "무효", "5")
    assert office.typed(number, office.second, "1", "3", "4", "5") is Outcome.DIFFERS
    assert office.found(number).settled_at is None
    assert [one.sheet for one in queries.differences(office.found(number))] == [1, 3]
    batches.settle(office.box_id, number, {1: Decision("1 2", NOTE), 3: Decision("무효", NOTE)}, by=office.third)
    batch = office.found(number)
    assert (batch.choices, batch.counted, batch.invalid) == (choice(1, 2) + choice(3) + choice(5), 3, 1)
    assert batch.settled_by_id == office.third.id and batch.note == f"1: {NOTE}\n3: {NOTE}"


@of(1)
def test_a_typist_of_a_sheet_does_not_settle_it(office):
    number = office.batch()
    office.typed(number, office.first, "1")
    office.typed(number, office.second, "2")
    for typist in (office.first, office.second):
        with pytest.raises(Denied, match="다른 사람이 정해요"):
            batches.settle(office.box_id, number, {1: Decision("1", NOTE)}, by=typist)


@of(2)
@pytest.mark.parametrize("decisions", [{}, {2: Decision("1", NOTE)}, {1: Decision("1", NOTE), 2: Decision("1", NOTE)}])
def test_exactly_the_differing_sheets_are_decided(office, decisions):
    number = office.batch()
    office.typed(number, office.first, "1", "2")
    office.typed(number, office.second, "3", "2")
    with pytest.raises(Conflict, match="모두 정해"):
        batches.settle(office.box_id, number, decisions, by=office.third)


@of(1)
@pytest.mark.parametrize("decision, field", [(Decision("9", NOTE), "sheet-1"), (Decision("", NOTE), "sheet-1"),
                                             (Decision("1", "음"), "note-1"), (Decision("1", "가" * 201), "note-1")])
def test_a_decision_needs_a_reading_and_a_note(office, decision, field):
    number = office.batch()
    office.typed(number, office.first, "1")
    office.typed(number, office.second, "2")
    with pytest.raises(Refusal) as refusal:
        batches.settle(office.box_id, number, {1: decision}, by=office.third)
    assert refusal.value.field == field and office.found(number).settled_at is None


@pytest.mark.both
@of(1)
def test_nobody_types_a_batch_that_two_have_taken_on(office, town):
    number = office.batch()
    for typist in (office.first, office.second):
        batches.type_sheet(office.box_id, number, 1, "1", by=typist)
    with pytest.raises(Denied, match="두 사람이 이미 맡았어요"):
        batches.type_sheet(office.box_id, number, 1, "1", by=office.third)
    batches.give_up(office.box_id, number, by=office.second)
    batches.type_sheet(office.box_id, number, 1, "1", by=office.third)


@of(2)
def test_a_sheet_is_typed_again_until_the_typist_says_that_it_is_done(office):
    number = office.batch()
    for sheet, line in ((1, "1"), (2, "2"), (1, "3")):
        batches.type_sheet(office.box_id, number, sheet, line, by=office.first)
    assert batches.finish_typing(office.box_id, number, by=office.first) is Outcome.WAITS
    assert queries.own_entry(office.box_id, number, office.first.id).sheets == [choice(3).hex(), choice(2).hex()]
    with pytest.raises(Denied):
        batches.type_sheet(office.box_id, number, 1, "1", by=office.first)


@pytest.mark.both
@of(2)
def test_sheets_are_typed_in_their_order_and_no_more_than_there_are(office):
    number = office.batch()
    for wrong in (0, 2, 3):
        with pytest.raises(Conflict, match="차례대로"):
            batches.type_sheet(office.box_id, number, wrong, "1", by=office.first)
    for sheet in (1, 2):
        batches.type_sheet(office.box_id, number, sheet, "1", by=office.first)
    with pytest.raises(Conflict, match="차례대로"):
        batches.type_sheet(office.box_id, number, 3, "1", by=office.first)


def test_fewer_sheets_than_the_batch_has_are_refused_with_the_figures(office):
    number = office.batch()
    with pytest.raises(Conflict, match="4장인데 3장을"):
        office.typed(number, office.first, "1", "2", "3")
    with pytest.raises(Conflict, match="4장인데 0장을"):
        office.typed(number, office.second)


@of(23)
def test_more_sheets_than_came_back_are_refused_with_the_figures(office):
    office.batch(13)
    with pytest.raises(Conflict, match="23장 가운데 13장을 이미 묶어서 10장 남았어요. 11장은"):
        office.batch(11)
    assert office.batch(10) == 2


@pytest.mark.parametrize("sheets", [0, -1, 501, 10**12])
def test_a_batch_has_a_number_of_sheets_that_two_people_can_hold(office, sheets):
    with pytest.raises(Refusal, match="1장부터 500장까지"):
        office.batch(sheets)


def test_nothing_is_typed_before_the_close_for_that_would_be_a_running_count(town):
    vote, clerk = Vote(town), town.clerk()
    vote.voter().gets_paper(clerk)
    papers.mark_returned(vote.box_id, 1, by=clerk)
    with pytest.raises(Conflict, match="투표가 끝난 뒤에"):
        batches.open_batch(vote.box_id, 1, by=clerk)


@of(1)
def test_a_batch_that_one_has_typed_can_be_taken_apart(office):
    number = office.batch()
    office.typed(number, office.first, "1")
    batches.dissolve(office.box_id, number, by=office.clerk)
    assert db.session.scalars(sa.select(PaperEntry)).all() == []


@of(1)
def test_a_settled_batch_is_fixed(office):
    number = office.batch()
    for typist in (office.first, office.second):
        office.typed(number, typist, "1")
    before = office.found(number).choices
    with pytest.raises(Denied, match="정해진 묶음"):
        batches.type_sheet(office.box_id, number, 1, "2", by=office.third)
    with pytest.raises(Conflict, match="이미 정해졌어요"):
        batches.settle(office.box_id, number, {1: Decision("2", NOTE)}, by=office.third)
    assert office.found(number).choices == before


def test_a_batch_that_is_not_there_is_not_found(office):
    with pytest.raises(NotFound):
        batches.type_sheet(office.box_id, 9, 1, "1", by=office.first)
    with pytest.raises(NotFound):
        batches.give_up(office.box_id, 9, by=office.first)


@pytest.mark.both
@of(1)
def test_the_audit_log_has_the_steps_and_never_a_choice(office):
    number = office.batch()
    office.typed(number, office.first, "1")
    office.typed(number, office.second, "2")
    batches.settle(office.box_id, number, {1: Decision("2", NOTE)}, by=office.third)
    db.session.rollback()
    written_down = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("ballots.batch_%"))
                                      .order_by(AuditEntry.id)).all()
    assert [(one.action.removeprefix("ballots.batch_"), one.details) for one in written_down] == [
        ("opened", {"batch": 1, "sheets": 1}), ("typed", {"batch": 1}), ("typed", {"batch": 1}),
        ("differs", {"batch": 1, "sheets": 1}), ("settled", {"batch": 1, "sheets": 1})]


# Whether it adds up


def test_the_box_cannot_be_finished_until_every_sheet_is_accounted_for(office):
    vote = office.vote
    vote.after_the_close()
    assert "까지 받아요" in office.why_not_finished()
    vote.after_the_last_return()
    assert "돌아온 종이 4장을 아직 묶지 않았어요" in office.why_not_finished()
    number = office.batch()
    assert "정해지지 않은 종이 묶음이 1개" in office.why_not_finished()
    for typist in (office.first, office.second):
        office.typed(number, typist, "1", "2", "무효", "기권")
    assert office.why_not_finished() is None
    paper = queries.reconciliation(office.box_id).paper
    assert paper.to_json() == {"issued": 4, "counted": 3, "invalid": 1, "spoiled": 0, "taken_back": 0, "unreturned": 0}


def test_a_return_is_not_undone_once_its_sheet_is_in_a_batch(office):
    office.batch()
    with pytest.raises(Conflict, match="이미 모두 묶었어요"):
        office.vote.undo_return(1)


ACTS = st.lists(st.tuples(st.sampled_from(["issue", "vote_and_issue", "replace", "take_back", "return", "undo"]),
                          st.integers(0, 9)), max_size=25)


@pytest.mark.both
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, sizes=st.lists(st.integers(1, 25), max_size=6))
def test_no_sheet_is_lost_or_doubled_whatever_is_done(town, acts, sizes):
    """After any sequence of acts at the desk and any batches the two sums hold, or the box says which does not."""
    vote = Vote(town)
    clerk, typists, holders = town.clerk(), (town.clerk(), town.clerk()), {}
    two = staff(town, Role.MODERATOR), staff(town, Role.MODERATOR)
    for what, which in acts:
        _do(vote, clerk, two, holders, what, which)
        found = queries.reconciliation(vote.box_id)
        by_state = queries.counts(vote.box_id)
        assert found.paper.issued == sum(by_state.values())
    vote.after_the_last_return()
    for size in sizes:
        found = queries.reconciliation(vote.box_id)
        size = min(size, found.unbatched)
        if size and fits(size, found.unbatched, found.batches):
            number = batches.open_batch(vote.box_id, size, by=clerk)
            for typist in typists:
                for sheet in range(1, size + 1):
                    batches.type_sheet(vote.box_id, number, sheet, ("1 3", "무효", "0")[sheet % 3], by=typist)
                batches.finish_typing(vote.box_id, number, by=typist)
    found = queries.reconciliation(vote.box_id)
    paper = found.paper
    complete = found.in_batches == found.returned
    assert (queries.why_not_finished(vote.box, database_now()) is None) is complete
    if complete:
        assert paper.issued == (paper.counted + paper.invalid + paper.spoiled + paper.taken_back + paper.unreturned)
    clock.shift(0)
    empty()


def _do(vote, clerk, two, holders, what, which) -> None:
    numbers = [one.number for one in queries.sheets(vote.box_id, SheetState.ISSUED, None)]
    if what in ("issue", "vote_and_issue"):
        voter = vote.voter()
        if what == "vote_and_issue":
            voter.casts(1)
        holders[voter.gets_paper(clerk).number] = voter
    elif what == "undo":
        back = [one.number for one in queries.sheets(vote.box_id, SheetState.RETURNED, None)]
        if back:
            vote.undo_return(back[which % len(back)], by=two)
    elif numbers:
        number = numbers[which % len(numbers)]
        if what == "return":
            papers.mark_returned(vote.box_id, number, by=clerk)
        elif what == "take_back":
            holders[number].gives_back(clerk)
        else:
            holders[holders[number].spoils(clerk)] = holders[number]


@of(2)
def test_two_who_finish_at_the_same_time_are_compared_once(office, app):
    number = office.batch()
    ids = office.first.id, office.second.id
    for typist in (office.first, office.second):
        for sheet in (1, 2):
            batches.type_sheet(office.box_id, number, sheet, "1", by=typist)
    db.session.rollback()
    answers = at_once(app, 2, lambda n: batches.finish_typing(office.box_id, number, by=db.session.get(User, ids[n])))
    assert sorted(answers) == [Outcome.SETTLED, Outcome.WAITS]


@of(20)
def test_many_who_put_sheets_together_at_once_never_take_more_than_came_back(office, app):
    clerk = office.clerk.id
    db.session.rollback()
    answers = at_once(app, 6, lambda _n: batches.open_batch(office.box_id, 10, by=db.session.get(User, clerk)))
    assert sorted(str(one) for one in answers if isinstance(one, int)) == ["1", "2"]
    assert queries.reconciliation(office.box_id).unbatched == 0
