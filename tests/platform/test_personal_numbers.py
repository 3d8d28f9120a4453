"""Numbers that tell who somebody is: found however they are written, masked, and nothing else touched."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform import personal_numbers
from civic_forum.platform.personal_numbers import MASK, Kind, PersonalNumber, found, kinds, masked, refuse_secret

from .numbers import FREE, HOLDS

SEPARATORS = st.sampled_from(["", "-", " ", ".", " - ", "－", "–", "·", "\u00a0", "\t", "\n", "-\n", "/", "\u3164", "～"])
DIGITS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "⓪①②③④⑤⑥⑦⑧⑨"])
AROUND = st.sampled_from(["", "제 번호는 ", "전화:", "(", "\n"]), st.sampled_from(["", "예요.", "입니다", ")", "\n다음"])
SCRIPT = Path(__file__).parents[2] / "static" / "js" / "personal-numbers.js"


@pytest.mark.parametrize("text, shown, kinds_in_it", HOLDS)
def test_numbers_that_tell_who_somebody_is_are_found_and_masked(text, shown, kinds_in_it):
    assert kinds(text) == kinds_in_it
    assert masked(text) == shown


@pytest.mark.parametrize("text", FREE)
def test_numbers_that_only_look_so_stay(text):
    assert found(text) == [] and masked(text) == text


@st.composite
def phones(draw):
    digits, between = draw(DIGITS), draw(SEPARATORS)
    head = draw(st.sampled_from(["010", "011", "02", "031", "064", "070"]))
    middle = str(draw(st.integers(2, 9))) + str(draw(st.integers(10, 999))).rjust(2, "0")
    return between.join([head, middle, f"{draw(st.integers(0, 9999)):04d}"]).translate(
        str.maketrans("0123456789", digits))


@st.composite
def registrations(draw):
    """With the checksum of before October 2020."""
    born = date(1900, 1, 1) + timedelta(draw(st.integers(0, 44_000)))
    foreign = draw(st.booleans())
    code = str((5 if foreign else 1) + draw(st.integers(0, 1)) + (2 if born.year >= 2000 else 0))
    head = f"{born:%y%m%d}{code}{draw(st.integers(0, 99_999)):05d}"
    total = sum(weight * int(digit) for weight, digit in zip((2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), head, strict=True))
    whole = head + str(((13 if foreign else 11) - total % 11) % 10)
    return draw(SEPARATORS).join([whole[:6], whole[6:]]).translate(str.maketrans("0123456789", draw(DIGITS)))


@st.composite
def cards(draw):
    head = draw(st.sampled_from("34569")) + f"{draw(st.integers(0, 10**14 - 1)):014d}"
    total = sum(number - 9 if number > 9 else number
                for number in (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(head))))
    whole = head + str(-total % 10)
    between = draw(SEPARATORS.filter(lambda one: "\n" not in one))
    return between.join(whole[place:place + 4] for place in range(0, 16, 4)).translate(
        str.maketrans("0123456789", draw(DIGITS)))


@pytest.mark.in_turns(of=5)
@given(st.one_of(phones(), registrations(), cards()), *AROUND)
def test_every_number_is_found_in_every_writing(number, before, after):
    text = before + number + after
    hit, = found(text)
    assert text[hit.start:hit.end].strip("()") in number or number in text[hit.start:hit.end]
    assert found(masked(text)) == []


@given(st.lists(st.one_of(st.text("0123456789-. ()０１９가나\n*", max_size=30), phones(), registrations(), cards())))
def test_masking_changes_digits_only_and_leaves_nothing_to_find(parts):
    text = " ".join(parts)
    shown = masked(text)
    assert len(shown) == len(text)
    assert all(new == old or (new == MASK and old.isdigit()) for new, old in zip(shown, text, strict=True))
    assert masked(shown) == shown


@pytest.mark.in_turns(of=5)
@given(st.text(max_size=300))
def test_any_text_is_read_to_its_end(text):
    hits = found(text)
    assert all(one.end <= other.start for one, other in zip(hits, hits[1:], strict=False))


def test_a_number_that_nobody_may_publish_is_refused_at_its_field_and_not_repeated():
    with pytest.raises(PersonalNumber) as refusal:
        refuse_secret(title="골목", problem="900101-1234568")
    assert refusal.value.field == "problem" and "1234568" not in str(refusal.value)
    assert refusal.value.kinds == {Kind.RESIDENT}
    refuse_secret(title="010-0000-1234", problem=None)


def seconds(text):
    """Of our own processor, the least of three times."""
    taken = []
    for _time in range(3):
        began = time.process_time()
        masked(text)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("part, numbers", [
    ("0", 0), ("010-", 0), ("4111 ", 0), ("9 ", 0), ("02)", 0), ("(", 0), ("010-1234-5678 ", 1),
    ("010-1234-5678 https://example.org/ ", 1), ("4111 1111 1111 1111 ", 1), ("900101-1234568 ", 1),
    ("０１０-1234-5678 가", 1), ("9\u0301\ufe0f", 0), ("\n", 0), ("900101\n", 0), ("²", 0), ("010~", 0), ("가~\n", 0)])
def test_a_text_eight_times_as_long_takes_little_more_than_eight_times_as_long(part, numbers):
    """Letters that were compared with each other one by one would take sixty-four times as long."""
    text = part * (10_000 // len(part))
    assert len(found(text)) == numbers * (10_000 // len(part))
    assert found(masked(text)) == []
    assert seconds(text * 8) < 24 * seconds(text)


def test_numbers_that_hang_together_are_masked_in_a_few_rounds(monkeypatch):
    """Cards that share their ends: each that is masked sets the next one free."""
    groups = ["4000"] * 3
    while len(groups) < 4_000:
        is_end = len(groups) % 3 == 0
        groups.append(next(one for one in map("40{:02}".format, range(100)) if _sums_up([*groups[-3:], one]) is is_end))
    rounds = []
    monkeypatch.setattr(personal_numbers, "found", lambda text: rounds.append(text) or found(text))
    masked(" ".join(groups))
    assert 1 < len(rounds) <= 5


def _sums_up(groups) -> bool:
    digits = [int(one) for one in "".join(groups)]
    doubled = [digit if place % 2 else digit * 2 for place, digit in enumerate(digits)]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def test_a_text_that_is_no_character_is_only_a_text():
    for text in ("&#" + "1" * 5_000 + ";", "&#" + "0" * 8 + "57;", "&#x" + "f" * 5_000 + ";"):
        refuse_secret(text=text)
    with pytest.raises(PersonalNumber):
        refuse_secret(text="9&#48;0101-1234568")


@pytest.mark.in_turns(of=5)
def test_the_script_of_the_page_finds_and_masks_the_same(window):
    texts = [text for text, _shown, _kinds in HOLDS] + FREE
    told = window().evaluate("""async ([script, texts]) => {
        const { kinds, masked } = await import("data:text/javascript," + encodeURIComponent(script));
        return texts.map((text) => [[...kinds(text)].sort(), masked(text)]);
    }""", [SCRIPT.read_text(), texts])
    assert told == [[sorted(kinds(text)), masked(text)] for text in texts]
