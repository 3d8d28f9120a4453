"""Things to be done, by department and person in charge."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, product
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts.extensions import bundles
from civic_forum.commitments import days, operations, rules, standings
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import board
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.rows import LoadRow, load_rows
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

from tests.common import today
from .making import accepted, told
from .reckoning import TODAY, reached, said, step


def due(one, days, person=None):
    """The columns that the desk asks, as entries of some other day would have made them."""
    one.next_due_on = one.sort_on = today() + timedelta(days=days)
    one.person_id, one.last_quarter = person and person.id, "2099-1"
    db.session.commit()
    return one


def rows_of(user) -> list[LoadRow]:
    with current_app.test_request_context():
        return load_rows(desk_queries.loads(user))


def numbers(user) -> dict[str, dict[str, int]]:
    return {row.name: {work: count for work, count, _url in row.numbers} for row in rows_of(user)}


@pytest.mark.both
def test_nobody_is_in_charge_whose_role_was_withdrawn(town, pair):
    [department] = pair[0].department_ids()
    assert {user.id for user in desk_queries.officials_of(department)} == {one.id for one in pair}
    pair[1].grants[0].withdrawn_at = clock.now()
    db.session.commit()
    assert [user.id for user in desk_queries.officials_of(department)] == [pair[0].id]


@pytest.mark.in_turns(of=5)
def test_each_commitment_is_counted_where_it_belongs(town, pair):
    first, second = pair
    due(accepted(town, *pair), -1, first)
    due(accepted(town, *pair), 0, first)
    due(accepted(town, *pair), 30)
    due(accepted(town, *pair), 31)
    waiting = due(told(accepted(town, *pair), EntryKind.LOG, {"text": "의자를 주문했어요."}, first), 400, second)
    waiting.last_quarter = None
    waiting.promised_on = today() - timedelta(days=200)
    db.session.commit()
    assert numbers(first) == {
        "담당자 없음": {"late": 0, "soon": 1, "waiting": 0, "untold": 0, "all": 2},
        first.name: {"late": 1, "soon": 1, "waiting": 0, "untold": 0, "all": 2},
        second.name: {"late": 0, "soon": 0, "waiting": 1, "untold": 1, "all": 1}}
    assert numbers(town.official(department=town.department("청소과"))) == {}


@pytest.mark.both
def test_nothing_is_late_of_a_pledge_whose_term_is_over_and_its_person_still_holds_it(town, pair):
    pledge = due(accepted(town, *pair), -1, pair[0])
    pledge.origin, pledge.ends_on, pledge.last_quarter = "election_pledge", today(), None
    pledge.promised_on = today() - timedelta(days=900)
    db.session.commit()
    assert numbers(pair[0])[pair[0].name] == {"late": 1, "soon": 0, "waiting": 0, "untold": 1, "all": 1}
    pledge.ends_on -= timedelta(days=1)
    db.session.commit()
    assert [bundle.ids for bundle in bundles(pair[0].id) if bundle.name == "commitments"] == [(pledge.id,)]
    assert numbers(pair[0])[pair[0].name] == {"late": 0, "soon": 0, "waiting": 0, "untold": 0, "all": 1}


@pytest.mark.both
def test_each_number_leads_to_so_many(town, pair, browse):
    first, second = pair
    other = town.official(department=town.department("도로과"))
    for ahead, person in ((-9, first), (-1, first), (20, None), (400, second)):
        due(told(accepted(town, *pair), EntryKind.LOG, {"text": "의자를 주문했어요."}, first), ahead, person)
    nobody = due(accepted(town, other, town.official(department=town.department("도로과"))), -3)
    nobody.department_id = nobody.last_quarter = None
    db.session.commit()
    browser = browse(first)
    assert browser.get("/desk/commitments/people").status_code == 200
    rows = rows_of(first)
    assert [row.name for row in rows if row.whole] and len(rows) == 6
    for row in rows:
        for _work, count, url in row.numbers:
            page = browser.get(url)
            assert page.status_code == 200 and page.text.count('class="out-name"') == count, (row.name, url)


@pytest.mark.both
@pytest.mark.parametrize("query", ["work=great", "work=late&person=x", "department=99", "person=99999999999999999999"])
def test_a_filter_that_is_none_is_said_or_finds_nothing(pair, browse, query):
    page = browse(pair[0]).get(f"/desk/commitments?{query}")
    assert page.status_code == (400 if query.startswith("work=great") else 200)


STATUSES = (None, *Status)
TOLD = (None, date(2026, 9, 1), date(2025, 7, 1))
PLANS = {"unplanned": (), "undated": ((None, False),), "dated": (("2027-06-30", False),),
         "passed": (("2026-06-30", False),), "reached": (("2026-06-30", True),)}


@pytest.fixture
def all_sorts(town, at):
    """A commitment of each sort, of two departments and of none."""
    at(datetime.combine(TODAY, time(12), UTC))
    own, other = town.department(), town.department("도로과")
    departments, told = cycle((own.id, None, other.id, None)), cycle((False, True))
    origins = cycle(product(("plan", "answer"), (None, "2026-07-31", "2028-12-31")))
    with use_case(None) as work:
        for sort in product(STATUSES, PLANS.values(), (None, "2026-06-30", "2029-12-31")):
            _made(work, *sort, next(told), next(departments), *next(origins))
    return own, other


def _made(work, status, plan, due_on, told, department, origin, ends_on) -> None:
    facts = {"title": "의자 놓기", "department": department, "due_on": due_on, "ends_on": ends_on}
    one = Commitment(origin=origin, title="의자 놓기", promised_on=date(2025, 1, 1), version=0)
    work.session.add(one)
    work.session.flush()
    entries = [("facts", facts)]
    if plan:
        entries.append(("milestones", {"milestones": [step("m1", 100, plan[0][0])]}))
    if plan and plan[0][1]:
        entries.append(reached("m1"))
    if told:
        entries.append(("quarter", {"quarter": days.quarter_before(board.today()), "text": "했어요", "executed": []}))
    if status:
        entries.append(("status", {"status": status, "why": ""}))
    operations.project(work, one, said(*entries))
    one.reported, one.told_on = told, TOLD[one.id % len(TOLD)]


def at_desk(official):
    """Ids of what stands on all pages of a desk."""
    after = None
    while True:
        page = desk_queries.of_departments(official, after=after)
        yield from (one.id for one in page.items)
        if (after := page.after) is None:
            return


@pytest.mark.both
def test_nothing_that_was_promised_is_on_no_desk(all_sorts, town):
    on_desks: set[int] = set()
    for department in all_sorts:
        official = town.official(department=department)
        staff = SimpleNamespace(id=official.id, department_ids=official.department_ids, today=board.today(),
                                elsewhere=(), stands_in=())
        listed = set(at_desk(official))
        for select in (desk_queries.to_do, desk_queries.to_plan, desk_queries.to_tell):
            found = set(db.session.scalars(select(staff).with_only_columns(Commitment.id)))
            assert found <= listed
        unowned = set(db.session.scalars(sa.select(Commitment.id).where(
            Commitment.department_id.is_(None), sa.or_(Commitment.status.is_(None),
                                                       Commitment.status.not_in(rules.OVER)))))
        assert unowned <= listed
        on_desks |= listed
    rows = list(db.session.scalars(sa.select(Commitment)))
    assert len(rows) == len(STATUSES) * len(PLANS) * 3
    assert {one.id for one in rows if one.status not in rules.OVER} == on_desks


def test_each_day_without_work_is_followed_by_one_with(all_sorts, town):
    """Whatever goes on comes to the desk by itself, by its day or the end of a quarter."""
    department, other = all_sorts
    seen: set[int] = set()
    for one in (department, other):
        official = town.official(department=one)
        for later in (0, 200, 4_000):
            staff = SimpleNamespace(id=official.id, department_ids=official.department_ids,
                                    today=board.today() + timedelta(days=later), elsewhere=(), stands_in=())
            for select in (desk_queries.to_do, desk_queries.to_plan, desk_queries.to_tell):
                seen |= set(db.session.scalars(select(staff).with_only_columns(Commitment.id)))
    going = {one.id for one in db.session.scalars(sa.select(Commitment))
             if one.status not in (*rules.OVER, Status.ON_HOLD)
             and (one.term_ends_on or board.today()) >= board.today()}
    assert going == seen


@pytest.mark.both
def test_each_is_in_one_part_of_the_board(all_sorts):
    today = board.today()
    shown = {standing: set(db.session.scalars(sa.select(Commitment.id).where(condition)))
             for standing, condition in board.IS.items()}
    for one in db.session.scalars(sa.select(Commitment)):
        assert [standing for standing, ids in shown.items() if one.id in ids] == [
            standings.standing(one, today)], (one.status, one.next_due_on)
        assert one.sort_on == (rules.FARTHER if one.status in rules.OVER
                               else rules.WITH_TERM if one.term_ends_on else one.next_due_on or rules.FAR)
    assert all(shown.values())
    totals = board.totals(board.COMMITMENTS.read({}))
    assert totals.standings == {standing: len(ids) for standing, ids in shown.items()}
