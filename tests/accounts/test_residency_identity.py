"""Names and birth dates, compared without being readable."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.accounts.identity import identity_hash, normalised, parsed_date, plausible
from civic_forum.accounts.rules import age_on, old_enough

letters = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "Z")), max_size=40)
days = st.dates(date(1900, 1, 1), date(2040, 12, 31))


@given(letters)
def test_normalising_twice_changes_nothing(name):
    assert normalised(normalised(name)) == normalised(name)


@given(letters, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_way_a_keyboard_composes_letters_does_not_matter(name, form):
    assert normalised(unicodedata.normalize(form, name)) == normalised(name)


@given(st.text("김이박최민서준희정ABCXYZabcxyzé", min_size=1, max_size=12), st.data())
def test_spaces_dots_hyphens_and_case_do_not_matter(name, data):
    pieces = [data.draw(st.sampled_from(["", " ", "-", "·", "ㆍ", "・", ".", "'", "\u3000"])) + letter for letter in name]
    assert normalised("".join(pieces)) == normalised(name) == normalised(name.upper()) == normalised(name.lower())


@pytest.mark.parametrize("one, other", [
    ("김서윤", "김서연"), ("LE VAN AN", "LE VAN ANH"), ("남궁 민", "남궁민수"), ("José", "Jose")])
def test_different_names_stay_different(one, other):
    assert normalised(one) != normalised(other)


@given(name=st.text("가나다라마바사abc", min_size=2, max_size=6), one=days, other=days)
def test_the_hash_depends_on_name_and_day_and_tells_neither(sqlite_app, name, one, other):
    with sqlite_app.app_context():
        first, second = identity_hash(name, one), identity_hash(name, other)
    assert len(first) == 32
    assert (first == second) == (one == other)
    assert name.encode() not in first


@given(birth=days, day=days)
def test_an_age_grows_by_one_a_year(birth, day):
    if birth <= day and (day.month, day.day) != (2, 29):
        assert age_on(birth, day.replace(year=day.year + 1)) == age_on(birth, day) + 1


def test_somebody_is_old_enough_on_the_fourteenth_birthday():
    assert not old_enough(date(2012, 11, 20), date(2026, 11, 19))
    assert old_enough(date(2012, 11, 20), date(2026, 11, 20))
    assert not old_enough(date(2012, 2, 29), date(2026, 2, 28))


@pytest.mark.parametrize("typed", ["19490301", "1949-03-01", "1949. 3. 1.", "1949/3/1", "1949년 3월 1일", " 1949.03.01 "])
def test_a_birth_date_is_read_as_people_write_it(typed):
    assert parsed_date(typed) == date(1949, 3, 1)


@pytest.mark.parametrize("typed", ["", "490301", "490301-1", "490301-1234567", "1949-13-01", "1949-02-30", "오늘",
                                   "0301-1949", "1949-3", "１９４９０３０１", "1949--", "9" * 400])
def test_anything_else_is_no_birth_date(typed):
    assert parsed_date(typed) is None


def test_a_birth_date_lies_in_the_past_and_not_too_far():
    assert plausible(date(1920, 1, 1), date(2026, 1, 1))
    assert not plausible(date(2026, 1, 2), date(2026, 1, 1))
    assert not plausible(date(1890, 1, 1), date(2026, 1, 1))
