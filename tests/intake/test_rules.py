"""Numbers of what is handed in, and what a row may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks import submissions
from civic_forum.intake import rules
from civic_forum.intake.rules import Became, ItemForm, ItemRecord, ItemState
from civic_forum.platform.errors import Refusal

MONTHS = st.builds(lambda year, month: f"{year:02d}{month:02d}", st.integers(20, 99), st.integers(1, 12))
SERIALS = st.integers(1, 999_999)


def refused(typed):
    with pytest.raises(Refusal):
        submissions.read_number(typed)
    return True


@given(MONTHS, SERIALS)
def test_a_number_is_read_with_and_without_its_dashes(month, serial):
    number = submissions.number_of(month, serial)
    assert submissions.NUMBER.fullmatch(number)
    assert all(submissions.read_number(typed) == number for typed in (
        number, number.replace("-", ""), f" {number.replace('-', ' ')} "))


@given(MONTHS, SERIALS, st.data())
def test_one_wrong_digit_or_two_exchanged_are_noticed(month, serial, data):
    digits = submissions.number_of(month, serial).replace("-", "")
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    assert refused(digits[:place] + wrong + digits[place + 1:])
    place = data.draw(st.integers(0, len(digits) - 2))
    exchanged = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2:]
    assert exchanged == digits or refused(exchanged)


def test_numbers_as_they_stand_on_printed_sheets():
    for number in ("2611-0364-8", "2611-0391-9", "2611-0423-5", "2611-0366-1", "2611-0412-6"):
        assert submissions.read_number(number) == number
    assert all(map(refused, ("", "2611", "가나다", "2611-0364-7", "٢٦١١٠٣٦٤٨", "2611-0364-8" * 3)))


@pytest.mark.parametrize(("form", "text", "taken"), [
    (ItemForm.NOTE, "가" * 80, True), (ItemForm.NOTE, "가" * 81, False), (ItemForm.SPOKEN, "가" * 2_000, True),
    (ItemForm.SHEET, "가" * 2_001, False), (ItemForm.INTERVIEW, "  ", False), (ItemForm.SIGNATURE, "이름", False)])
def test_rows_that_are_taken(form, text, taken):
    assert (rules.row_fault(ItemRecord(form=form, text=text, key="a")) is None) is taken


def test_the_state_says_first_what_ends_it():
    facts = {"withdrawn": True, "hidden": True, "became": Became.DUTY, "checked": True, "returned": True}
    states = []
    for name, nothing in (("withdrawn", False), ("hidden", False), ("became", None), ("checked", False),
                          ("returned", False)):
        states.append(rules.state_of(**facts))
        facts[name] = nothing
    assert [*states, rules.state_of(**facts)] == [
        ItemState.WITHDRAWN, ItemState.HIDDEN, ItemState.SORTED, ItemState.CHECKED, ItemState.RETURNED,
        ItemState.WRITTEN]


@pytest.mark.parametrize(("contact", "name"), [
    ("김금천 010-0000-0000", "김금천"), ("김 금천 010 0000 0000", "김 금천"), ("Kim Geumcheon +82 10 0000 0000", "Kim Geumcheon")])
def test_a_name_is_no_part_of_a_telephone(contact, name):
    assert rules.CONTACT.fullmatch(contact) and rules.name_in(contact) == name
