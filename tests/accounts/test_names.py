import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.accounts import rules
from civic_forum.accounts.devices import device


@pytest.mark.in_turns(of=5)
@given(st.text(max_size=40))
def test_a_sign_in_name_is_compared_in_one_form_only(text):
    key = rules.sign_in_key(text)
    assert key is None or rules.sign_in_key(key) == key and 4 <= len(key) <= 30 and key.isascii()


@given(st.text(string.ascii_letters + string.digits, min_size=4, max_size=30))
def test_letters_and_digits_make_a_sign_in_name_in_any_case_and_width(text):
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text)
    assert rules.sign_in_key(text.upper()) == rules.sign_in_key(wide) == text.lower()


@pytest.mark.parametrize("name", ["", "abc", "a" * 31, "-abcd", "abcd.", "ab cd", "가나다라", "ab\x00cd", "ab/../cd"])
def test_other_names_are_not_sign_in_names(name):
    assert rules.sign_in_key(name) is None


@pytest.mark.parametrize("name", ["admin", "administrator", "administrator2", "moderator-1", "support", "root"])
def test_names_of_the_site_itself_are_not_chosen(name):
    assert not rules.may_be_chosen(name)


@pytest.mark.parametrize("name", ["adminton", "geumcheon", "roots.music", "resident1"])
def test_names_that_only_begin_alike_are_free(name):
    assert rules.may_be_chosen(name)


PIECES = st.sampled_from(["운영자", "admin", "ＡＤＭＩＮ", "관리", "자", "산호길", "가", " ", "."]) | st.text(max_size=3)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_nickname_that_fits_is_short_and_not_the_office(text):
    if rules.nickname_fits(text):
        said = unicodedata.normalize("NFKC", text).lower()
        assert 2 <= len(text) <= 20 and "운영자" not in said and "admin" not in said


@pytest.mark.parametrize("nickname", ["운영자", "금천구청", "교통과 담당", "담 당 자", "관.리.자", "ＡＤＭＩＮ", "Staff 김",
                                      "탈퇴한 회원", "가", "!!", "가" * 21, "", "\u3164\u3164", "관\u3164리\u3164자",
                                      "금천구\u3164청\u3164담\u3164당", "αdmιn", "stаff", "관리ㅈㅏ", "가\u3164"])
def test_nicknames_that_would_be_taken_for_somebody_else_are_refused(nickname):
    assert not rules.nickname_fits(nickname)


@pytest.mark.parametrize("nickname", ["은행나무길", "Mai", "시흥동 7번지", "가나"])
def test_ordinary_nicknames_fit(nickname):
    assert rules.nickname_fits(nickname)


@pytest.mark.parametrize("text", ["01012345678", "010-1234-5678", "010 1234 5678", "+82 10-1234-5678", "０１０１２３４５６７８"])
def test_a_mobile_number_is_kept_in_one_form(text):
    assert rules.mobile_number(text) == "010-1234-5678"


@given(st.text(max_size=30))
def test_anything_else_is_no_mobile_number(text):
    number = rules.mobile_number(text)
    assert number is None or rules.mobile_number(number) == number


@pytest.mark.parametrize("text", ["a@b", "a b@example.org", "a@example.org\nBcc: b@example.org", "@example.org",
                                  "a@@example.org", "a" * 250 + "@example.org", "가@example.org"])
def test_an_address_without_mail_is_no_address(text):
    assert rules.email_address(text) is None


@given(st.text(max_size=60))
def test_an_address_never_breaks_a_header(text):
    address = rules.email_address(text)
    assert address is None or not set("\r\n\x00") & set(address)


@pytest.mark.parametrize(("agent", "shown"), [
    ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36", "Chrome · Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
    ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/120.0", "Firefox · Windows"),
    ("curl/8", ""), ("", "")])
def test_a_device_is_called_by_browser_and_system(agent, shown):
    assert device(agent) == shown


@pytest.mark.parametrize(("setting", "sample", "needed"), [("auto", True, False), ("auto", False, True),
                                                           ("required", True, True), ("optional", False, False)])
def test_staff_need_a_second_factor_on_these_conditions(setting, sample, needed):
    assert rules.second_factor_needed(setting, sample) is needed
