"""Addresses made from titles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.blocks import slugs

DAY = date(2026, 11, 24)
RESERVED = frozenset(("new", "trials", "2026-11-24"))


@pytest.mark.parametrize(("korean", "latin"), [
    ("독립문", "dongnimmun"), ("신라", "silla"), ("왕십리", "wangsimni"), ("종로", "jongno"), ("별내", "byeollae"),
    ("백마", "baengma"), ("해돋이", "haedoji"), ("같이", "gachi"), ("좋고", "joko"), ("놓다", "nota"), ("묵호", "mukho"),
    ("압구정", "apgujeong"), ("백암", "baegam"), ("옥천", "okcheon"), ("합덕", "hapdeok"), ("월곶", "wolgot"),
    ("벚꽃", "beotkkot"), ("한밭", "hanbat"), ("설악", "seorak"), ("울릉", "ulleung"), ("대관령", "daegwallyeong"),
    ("금천", "geumcheon"), ("독산3동", "doksan3dong"), ("시흥", "siheung"), ("앉아", "anja"), ("닭이", "dalgi"),
    ("많이", "mani"), ("값", "gap"), ("있어요", "isseoyo"), ("강아지", "gangaji"), ("밝혀", "balkyeo"), ("앉혀", "anchyeo"),
    ("CCTV를", "CCTVreul"), ("", "")])
def test_korean_is_written_as_it_is_pronounced(korean, latin):
    assert slugs.romanised(korean) == latin


@pytest.mark.parametrize(("title", "slug"), [
    ("밤에도 걷기 좋은 골목", "bamedo-geotgi-joeun-golmok"),
    ("2028년 주민참여예산", "2028nyeon-juminchamyeoyesan"),
    ("Été: café & 공원!", "ete-cafe-gongwon"),
    ("독산3동 빈터를 무엇으로 쓸까요? 함께 정해요, 여러분", "doksan3dong-binteoreul-mueoseuro"),
    ("가" * 60, "ga" * 20),
    ("길", "gil"), ("이", "2026-11-24-i"), ("!?", "2026-11-24-2"), ("", "2026-11-24-2"), ("new", "new-2")])
def test_a_title_becomes_an_address(title, slug):
    assert slugs.proposed(title, lambda _slug: False, on=DAY, reserved=RESERVED) == slug


@pytest.mark.in_turns(of=5)
@given(st.text(max_size=200), st.sampled_from([40, 60]), st.integers(0, 12))
def test_every_title_has_an_address_that_fits_and_is_free(title, most, busy):
    taken: set[str] = set()
    for _turn in range(busy + 1):
        slug = slugs.proposed(title, taken.__contains__, on=DAY, most=most, reserved=RESERVED)
        assert slugs.fits(slug, least=slugs.LEAST_PROPOSED, most=most, reserved=RESERVED)
        assert slug not in taken
        taken.add(slug)


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=30))
def test_every_syllable_becomes_small_latin_letters(korean):
    latin = slugs.romanised(korean)
    assert latin.isascii() and (latin.isalpha() or not korean) and latin == latin.lower()
    assert len(latin) >= len(korean)


@pytest.mark.parametrize(("slug", "fitting"), [
    ("a", True), ("night-walk", True), ("2026", True), ("", False), ("-a", False), ("a-", False), ("A", False),
    ("한글", False), ("a b", False), ("a/b", False), ("a\n", False), ("a" * 60, True), ("a" * 61, False), ("new", False)])
def test_addresses_have_one_pattern(slug, fitting):
    assert slugs.fits(slug, reserved=RESERVED) is fitting


def test_a_kind_of_thing_may_ask_for_longer_or_shorter_ones():
    assert not slugs.fits("ab", least=3)
    assert not slugs.fits("a" * 41, most=40)
