"""Sheets as they are typed: read as they were, refused with a reason, compared two by two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.ballots.paper.rules import (INVALID, Misread, Unreadable, agreed,
                                             differences, read_sheet, settled, written)
from civic_forum.ballots.rules.choices import NEITHER, NO, YES, BoxRule, Kind, NotAccepted

from .desk_scene import TWO_OF_FIVE, choice

RULES = [TWO_OF_FIVE, BoxRule(Kind.APPROVAL, 18, 6), BoxRule(Kind.APPROVAL, 7, 1), BoxRule(Kind.APPROVAL, 6, 3, True),
         BoxRule(Kind.YES_NO, 4), BoxRule(Kind.YES_NO, 1), BoxRule(Kind.POINTS, 5, 10)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.options}")
@given(data=st.data())
def test_any_sheet_can_be_typed_and_is_read_as_it_was(rule, data):
    if rule.kind is Kind.YES_NO:
        chosen = {n: data.draw(st.integers(1, 3)) for n in range(1, rule.options + 1)}
    elif rule.kind is Kind.POINTS:
        chosen = {data.draw(st.integers(1, rule.options)): data.draw(st.integers(1, rule.limit))}
    else:
        least = rule.limit if rule.exactly else 1
        chosen = dict.fromkeys(data.draw(st.sets(st.integers(1, rule.options), min_size=least, max_size=rule.limit)), 1)
    sheet = rule.encode(chosen)
    assert read_sheet(written(sheet, rule), rule) == sheet
    assert read_sheet(f"  {written(sheet, rule).replace(' ', ' , ')} ", rule) == sheet


@given(st.text(max_size=60))
def test_nothing_that_is_typed_becomes_a_choice_that_the_box_does_not_take(typed):
    for rule in RULES:
        try:
            sheet = read_sheet(typed, rule)
        except (Unreadable, NotAccepted):
            continue
        if sheet != INVALID:
            rule.check(sheet)


@pytest.mark.parametrize("typed", ["기권", "0", "rlrnjs", " 기권 "])
def test_the_blank_is_typed_in_either_keyboard(typed):
    assert read_sheet(typed, TWO_OF_FIVE) == TWO_OF_FIVE.blank_choice()


@pytest.mark.parametrize("typed", ["무효", "x", "X", "angy"])
def test_an_invalid_sheet_is_typed_in_either_keyboard(typed):
    assert read_sheet(typed, TWO_OF_FIVE) == INVALID


@pytest.mark.parametrize("typed, reason", [("", Misread.EMPTY), ("1 1", Misread.TWICE), ("one", Misread.UNKNOWN_WORD),
                                           ("1-2", Misread.UNKNOWN_WORD), ("99999", Misread.UNKNOWN_WORD)])
def test_a_sheet_that_cannot_be_read_says_why(typed, reason):
    with pytest.raises(Unreadable) as unread:
        read_sheet(typed, TWO_OF_FIVE)
    assert unread.value.reason is reason


@pytest.mark.parametrize("typed", ["1 2 3", "6", "0 1"])
def test_a_choice_that_the_rule_does_not_allow_is_not_read_as_something_else(typed):
    with pytest.raises(NotAccepted):
        read_sheet(typed, TWO_OF_FIVE)


@pytest.mark.parametrize("typed", ["123", "1 2 3", "1,2,3", "찬 반 -"])
def test_answers_are_typed_one_by_one_or_together(typed):
    rule = BoxRule(Kind.YES_NO, 3)
    assert read_sheet(typed, rule) == rule.encode({1: YES, 2: NO, 3: NEITHER})


def test_two_typings_of_one_pile_have_as_many_sheets():
    with pytest.raises(ValueError):
        differences([INVALID, INVALID], [INVALID])


SHEETS = st.one_of(st.just(INVALID), st.just(choice()), st.sets(st.integers(1, 5), min_size=1, max_size=2).map(
    lambda numbers: choice(*numbers)))


@given(st.lists(st.tuples(SHEETS, SHEETS), min_size=1, max_size=30), st.data())
def test_of_any_two_typings_exactly_the_differing_sheets_are_found_and_decided(pairs, data):
    first, second = [one for one, _other in pairs], [other for _one, other in pairs]
    found = differences(first, second)
    assert found == [n for n, (one, other) in enumerate(pairs, 1) if one != other]
    decided = {n: data.draw(SHEETS) for n in found}
    together = agreed(first, second, decided)
    assert [decided.get(n, first[n - 1]) for n in range(1, len(pairs) + 1)] == together
    choices, counted, invalid = settled(TWO_OF_FIVE, together)
    assert counted + invalid == len(pairs)
    assert choices == b"".join(one for one in together if one != INVALID)
    if found:
        with pytest.raises(ValueError, match="exactly the sheets"):
            agreed(first, second, dict(list(decided.items())[1:]))
