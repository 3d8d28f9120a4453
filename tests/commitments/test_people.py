"""Things to be done, by department and person in charge."""

from datetime import timedelta

import pytest
from flask import current_app

from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.rows import LoadRow, load_rows
from civic_forum.commitments.rules import EntryKind
from civic_forum.platform import clock
from civic_forum.platform.base import db

from .making import accepted, told, today


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
    assert desk_queries.officials_of(department).keys() == {one.id for one in pair}
    pair[1].grants[0].withdrawn_at = clock.now()
    db.session.commit()
    assert desk_queries.officials_of(department).keys() == {pair[0].id}


@pytest.mark.both
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
    assert desk_queries.held_by(pair[0].id) == "담당자인 약속 1개"
    pledge.ends_on -= timedelta(days=1)
    db.session.commit()
    assert numbers(pair[0])[pair[0].name] == {"late": 0, "soon": 0, "waiting": 0, "untold": 0, "all": 1}


@pytest.mark.both
def test_each_number_leads_to_so_many(town, pair, browse):
    first, second = pair
    other = town.official(department=town.department("도로과"))
    for days, person in ((-9, first), (-1, first), (20, None), (400, second)):
        due(told(accepted(town, *pair), EntryKind.LOG, {"text": "의자를 주문했어요."}, first), days, person)
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
