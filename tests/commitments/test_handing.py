"""A commitment handed from one department to another: approved by the one that takes it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.commitments import handing
from civic_forum.commitments.ledger import fold
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import Entry, EntryKind, EntryState
from civic_forum.commitments.services import entries as services
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.waiting import Staff
from tests.common import today
from tests.running.turns import share

from .making import accepted, told
from .reckoning import TODAY

A, B, C = 1, 2, 3
MOVES = st.tuples(st.sampled_from(("write", "approve", "return", "correct", "log")), st.integers(0, 9),
                  st.sampled_from((A, B, C)))
"""Attempts: what is tried, on which of the entries that wait, by an official of which department."""


@settings(max_examples=share(200))
@given(st.sampled_from((None, A)), st.lists(st.tuples(MOVES, st.sampled_from((A, B, C))), max_size=30))
def test_a_department_changes_only_by_leave_of_the_one_that_takes_it(begun, attempts):
    history = [Entry(1, EntryKind.FACTS, TODAY, {"title": "의자", "department": begun})]
    waiting: list[Entry] = []
    number = 1

    def department():
        return fold(history).facts["department"]

    for (act, at, by), to in attempts:
        before = department()
        if act in ("write", "correct", "log") and before in (None, by):
            number += 1
            facts = {"title": "의자", "department": to}
            waiting.append({
                "write": Entry(number, EntryKind.FACTS, TODAY, facts | {handing.FROM: before}),
                "correct": Entry(number, EntryKind.FACTS, TODAY, facts, 1),
                "log": Entry(number, EntryKind.LOG, TODAY, {"text": "주문했어요."})}[act])
        elif act == "return" and waiting:
            waiting.pop(at % len(waiting))
        elif act == "approve" and waiting:
            entry = waiting[at % len(waiting)]
            if handing.receiver(before, entry) in (None, by) and not handing.is_outdated(before, entry):
                waiting.remove(entry)
                history.append(entry)
                if entry.corrects is None and entry.kind is EntryKind.FACTS:
                    assert department() == entry.content["department"] == by and entry.content["from"] == before
                else:
                    assert department() == before
        if act != "approve":
            assert department() == before
        assert before is None or department() is not None


@pytest.fixture
def receiving(town):
    roads = town.department("도로과")
    return town.official(department=roads), town.official(department=roads)


def handed(one: Commitment, to, by) -> tuple[Commitment, int]:
    [department] = to.department_ids()
    one = told(one, EntryKind.FACTS, {"title": one.title, "department": department, "due_on": None}, by)
    [entry] = queries.entries(one.id, EntryState.WAITING)
    return one, entry.number


def to_approve(user) -> list[str]:
    found = desk_queries.to_approve(Staff.of(user, today()))
    return [] if found is None else [row.ref for row in db.session.execute(found)]


@pytest.mark.both
def test_the_receiving_department_approves(town, pair, receiving):
    (first, second), (taker, _other) = pair, receiving
    one, number = handed(accepted(town, *pair), taker, first)
    assert one.department_id in first.department_ids() and one.id in [row.id for row in desk_queries.of_departments(
        first).items]
    assert (to_approve(second), to_approve(taker)) == ([], [str(one.id)])
    for stranger in (first, second, town.official(department=town.department("청소과"))):
        with pytest.raises(Denied):
            services.approve(one.id, number, seen=one.version, by=stranger)
    with pytest.raises(Denied):
        services.propose(one.id, services.Given(EntryKind.LOG, today(), {"text": "먼저 적어요."}), seen=one.version,
                         by=taker)
    services.approve(one.id, number, seen=one.version, by=taker)
    db.session.expire_all()
    assert queries.commitment(one.id).department_id in taker.department_ids()
    assert to_approve(taker) == [] and one.id not in [row.id for row in desk_queries.of_departments(first).items]


def test_it_stays_where_it_is_if_the_other_sends_it_back(town, pair, receiving):
    one, number = handed(accepted(town, *pair), receiving[0], pair[0])
    services.send_back(one.id, number, "우리 부서의 일이 아니에요.", by=receiving[1])
    db.session.expire_all()
    one = queries.commitment(one.id)
    assert one.department_id in pair[0].department_ids() and one.waiting == 0 and to_approve(receiving[0]) == []


@pytest.mark.both
def test_nothing_that_was_written_before_takes_it_back(town, pair, receiving):
    first, second = pair
    one = told(accepted(town, *pair), EntryKind.FACTS, {"title": "정류장 의자 셋", "due_on": None, "department": min(
        first.department_ids())}, first)
    [mine] = queries.entries(one.id, EntryState.WAITING)
    one = told(one, EntryKind.FACTS, {"title": one.title, "due_on": None, "department": min(
        receiving[0].department_ids())}, second)
    services.approve(one.id, mine.number + 1, seen=one.version, by=receiving[0])
    db.session.expire_all()
    with pytest.raises(Denied):
        services.approve(one.id, mine.number, seen=queries.commitment(one.id).version, by=second)
    services.send_back(one.id, mine.number, "부서가 바뀌었어요.", by=receiving[1])


def test_a_correction_keeps_the_department(town, pair, receiving):
    content = {"title": "정류장 의자 셋", "due_on": None, "department": min(receiving[0].department_ids())}
    one = told(accepted(town, *pair), EntryKind.FACTS, content, *pair, corrects=1, why="이름을 잘못 적었어요.")
    assert one.title == "정류장 의자 셋" and one.department_id in pair[0].department_ids()


@pytest.mark.in_turns(of=5)
def test_one_without_a_department_is_taken_by_a_second_official_of_the_taker(town, pair, receiving):
    one = accepted(town, *pair)
    with services.use_case(None) as work:
        services.operations.put(work, queries.locked(one.id), EntryKind.FACTS, today(),
                                {"title": one.title, "department": None})
    with pytest.raises(Refusal):
        told(queries.commitment(one.id), EntryKind.FACTS, {"title": one.title, "department": None}, receiving[0])
    one, number = handed(queries.commitment(one.id), *receiving[:1], receiving[0])
    assert one.department_id is None and to_approve(pair[0]) == [] and to_approve(receiving[1]) == [str(one.id)]
    for other in (pair[0], receiving[0]):
        with pytest.raises(Denied):
            services.approve(one.id, number, seen=one.version, by=other)
    services.approve(one.id, number, seen=one.version, by=receiving[1])
    db.session.expire_all()
    assert queries.commitment(one.id).department_id in receiving[0].department_ids()


def test_a_site_without_second_officials_asks_the_other_department_all_the_same(app, town, pair, receiving):
    one = accepted(town, *pair)
    app.config["ANSWERS_NEED_APPROVAL"] = False
    try:
        one, number = handed(one, receiving[0], pair[0])
        services.approve(one.id, number, seen=one.version, by=receiving[0])
        db.session.expire_all()
        assert queries.commitment(one.id).department_id in receiving[0].department_ids()
    finally:
        app.config["ANSWERS_NEED_APPROVAL"] = True


@pytest.mark.in_turns(of=5)
def test_the_receiving_department_reads_and_decides_on_the_page(town, pair, receiving, browse):
    one, number = handed(accepted(town, *pair), receiving[0], pair[0])
    taker, stranger = browse(receiving[0]), browse(town.official(department=town.department("청소과")))
    here = f"/desk/commitments/{one.id}"
    page = taker.get(here)
    assert page.status_code == 200 and f"{number}/approvals" in page.text and f"{here}/quarter" not in page.text
    assert "도로과" in page.text and f"{number}/approvals" not in browse(pair[1]).get(here).text
    assert stranger.get(here).status_code == 403 and taker.get(f"{here}/quarter").status_code == 403
    sent = taker.post(f"{here}/entries/{number}/returns", data={"why": "우리 부서의 일이 아니에요."})
    assert (sent.status_code, sent.location) == (303, "/desk") and taker.get(here).status_code == 403


@pytest.mark.in_turns(of=5)
def test_a_new_step_never_gets_the_key_of_one_that_was_removed(town, pair, browse):
    first, second = pair
    one = accepted(town, *pair)
    here = f"/desk/commitments/{one.id}"

    def split(*rows: tuple[str, str, str]) -> dict[str, str]:
        """Keys of the steps by their titles, after these rows were sent."""
        db.session.expire_all()
        seen = queries.commitment(one.id).version
        sent = browse(first).post(f"{here}/milestones", data={
            "seen": str(seen), **{f"milestones_{name}": [row[at] for row in rows] for at, name in enumerate((
                "key", "title", "weight"))}, "milestones_due": [""] * len(rows)})
        assert sent.status_code == 303, sent.text
        db.session.expire_all()
        entry = queries.entries(one.id, EntryState.WAITING)[-1]
        services.approve(one.id, entry.number, seen=seen + 1, by=second)
        return {step.title: step.key for step in queries.ledger(one.id).milestones}

    keys = split(("", "자리 고르기", "40"), ("", "의자 놓기", "60"))
    one = told(one, EntryKind.REACHED, {"milestone": keys["의자 놓기"], "text": "의자를 놓았어요.", "link": "", "files": []},
               first)
    [evidence] = queries.entries(one.id, EntryState.WAITING)
    split((keys["자리 고르기"], "자리 고르기", "100", ""))
    after = split((keys["자리 고르기"], "자리 고르기", "40"), ("", "나무 심기", "60"))
    assert after["나무 심기"] not in keys.values() and after["자리 고르기"] == keys["자리 고르기"]
    with pytest.raises(Refusal):
        services.approve(one.id, evidence.number, seen=queries.commitment(one.id).version, by=second)
    assert queries.ledger(one.id).progress == 0


@pytest.mark.in_turns(of=5)
def test_a_department_in_which_nobody_answers_is_marked_where_a_promise_is_handed_on(town, browse, pair, receiving):
    town.department("길과")
    page = browse(pair[0]).get(f"/desk/commitments/{accepted(town, *pair).id}/facts").text
    assert "길과(담당자가 아직 없어요)" in page and ">도로과</option>" in page
