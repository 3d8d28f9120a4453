"""Paper: two people type each sheet, and it counts once."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.accounts.rules import Role
from civic_forum.opinions.models import PaperTyping
from civic_forum.opinions.paper import rules, services
from civic_forum.opinions.paper.operations import State
from civic_forum.opinions.rules import Basis
from civic_forum.opinions.services import Decision, decide
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.racing import at_once

from .making import LINES, consultation, participants, people, values


@given(st.text(alphabet="123-", min_size=1, max_size=40))
def test_typed_answers_are_read_with_spaces_or_without(text):
    numbers = list(range(1, len(text) + 1))
    assert rules.read(" ".join(text), len(text)) == text == rules.read(text.replace("-", "0"), len(text))
    assert set(rules.answers(text, numbers)) == {place for place, one in enumerate(text, 1) if one != "-"}


@given(st.text(max_size=12), st.integers(1, 10))
def test_anything_else_is_refused(text, lines):
    try:
        assert set(rules.read(text, lines)) <= set("123-")
    except rules.Misread as wrong:
        assert 0 <= wrong.place <= lines


def held() -> tuple[int, int, int]:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(PaperTyping)), len(people()), len(values())


@pytest.mark.both
def test_a_sheet_counts_when_two_people_typed_the_same(town):
    asked, one, other = consultation(), town.clerk(), town.official()
    run = services.print_sheets(asked.id, 3, by=one)
    assert (run.first, run.last, run.statements) == (1, 3, [1, 2, 3, 4, 5, 6])
    assert services.type_in(asked.id, 2, "112 3-1", by=one).state is State.ONCE
    assert services.type_in(asked.id, 2, "112 3-1", by=one).state is State.ONCE, "one person is not two"
    assert held() == (1, 0, 0)
    assert services.type_in(asked.id, 2, "122 3-1", by=other) == (State.DIFFERS, [2])
    assert services.type_in(asked.id, 2, "1123-1", by=other).state is State.COUNTED
    assert held() == (0, 1, 5)
    assert participants() == [(Basis.PAPER, 5)]
    with pytest.raises(Conflict):
        services.type_in(asked.id, 2, "1123-1", by=town.clerk())


@pytest.mark.parametrize("same", [{"mobile": "010-0000-0000"}, {"confirmed_email": "one@example.com"}])
def test_one_person_with_two_accounts_types_no_sheet_twice(town, same):
    asked, first, twin = consultation(), town.clerk(**same), town.official(**same | {"confirmed_email": None,
                                                                                 "email": "One@example.com"})
    services.print_sheets(asked.id, 1, by=first)
    services.type_in(asked.id, 1, "112 3-1", by=first)
    with pytest.raises(Denied, match="같은 분의 다른 계정"):
        services.type_in(asked.id, 1, "112 3-1", by=twin)
    assert held() == (1, 0, 0)


def test_a_sheet_is_read_by_the_statements_that_stood_on_it(town):
    asked, one, other = consultation(), town.clerk(), town.official()
    services.print_sheets(asked.id, 1, by=one)
    decide(asked.id, 2, Decision.TAKE_OUT, why="주제와 달라요.", by=town.moderator())
    assert services.print_sheets(asked.id, 1, by=one).statements == [1, 3, 4, 5, 6]
    for by in (one, other):
        services.type_in(asked.id, 1, "111111", by=by)
        services.type_in(asked.id, 2, "11111", by=by)
    assert held() == (0, 2, 11)


def test_bad_typings_leave_no_trace(town):
    asked, one = consultation(), town.clerk()
    services.print_sheets(asked.id, 1, by=one)
    for sheet, typed, kind in ((1, "11111", Refusal), (1, "1111114", Refusal), (1, "------", Refusal),
                               (1, "11x111", Refusal), (2, "111111", NotFound)):
        with pytest.raises(kind):
            services.type_in(asked.id, sheet, typed, by=one)
    for by in (town.user(), town.staff(Role.OBSERVER)):
        with pytest.raises(Denied):
            services.type_in(asked.id, 1, "111111", by=by)
    for count in (0, 501):
        with pytest.raises(Refusal):
            services.print_sheets(asked.id, count, by=one)
    assert held() == (0, 0, 0)


@pytest.mark.both
def test_several_who_type_a_sheet_at_once_count_it_once(app, town):
    asked, people = consultation(), [town.clerk() for _one in range(4)]
    services.print_sheets(asked.id, 1, by=people[0])
    found = at_once(app, 4, lambda n: services.type_in(asked.id, 1, "111111", by=people[n]).state)
    assert found.count(State.COUNTED) == 1 and held()[1:] == (1, 6)
    assert sum(isinstance(one, Conflict) for one in found) == 2


@pytest.mark.both
def test_sheets_are_printed_and_typed_at_the_desk(town, browse):
    asked, clerk, other = consultation(), town.clerk(), town.official()
    here = f"/desk/consultations/{asked.slug}/paper"
    printed = browse(clerk).post(f"{here}/prints", data={"count": "2"})
    assert (printed.status_code, printed.location) == (303, f"{here}/sheets/1")
    page = browse(clerk).get(printed.location).text
    assert page.count("paper-ballot") == 2 and page.count(LINES[0]) == 2
    assert browse(clerk).post(f"{here}/typings", data={"sheet": "1", "typed": "1111"}).status_code == 422
    first = browse(clerk).post(f"{here}/typings", data={"sheet": "1", "typed": "112-11"}, follow_redirects=True).text
    assert "다른 사람이 한 번 더" in first and "한 사람이 적었어요" in first and "112-11" not in first
    again = browse(other).post(f"{here}/typings", data={"sheet": "1", "typed": "112-11"}, follow_redirects=True).text
    assert "1번 종이를 세었어요" in again and "센 종이 1장" in again
    assert browse(town.resident()).get(here).status_code == 403
