from datetime import date, datetime, timezone

import pytest

from civic_forum.platform import i18n


@pytest.mark.parametrize("amount, words", [
    (36_400_000, "3,640만 원"), (118_000_000, "1억 1,800만 원"), (500_000_000, "5억 원"), (5_000, "5,000원"),
    (0, "0원"), (12_345, "1만 2,345원"), (1_200_000_000, "12억 원"),
])
def test_money_reads_as_people_say_it(amount, words):
    assert i18n.won(amount) == words


def test_money_in_english_has_a_sign_and_separators():
    with i18n.speaking(i18n.Language.EN):
        assert i18n.won(118_000_000) == "₩118,000,000" and i18n.won(0) == "₩0"


@pytest.mark.parametrize("word, pair, said", [
    ("금천구청", "이/가", "금천구청이"), ("청소과", "이/가", "청소과가"), ("도로", "을/를", "도로를"),
    ("서울", "으로/로", "서울로"), ("동", "으로/로", "동으로"), ("15", "이/가", "15가"), ("CCTV", "을/를", "CCTV를"),
    ("10", "이/가", "10이"), ("7", "으로/로", "7로"), ("", "이/가", "가"),
])
def test_a_particle_follows_the_last_sound(word, pair, said):
    assert i18n.josa(word, pair) == said


def test_a_moment_is_shown_in_seoul():
    assert i18n.moment(datetime(2026, 11, 20, 15, 30, tzinfo=timezone.utc)) == "2026. 11. 21.(토) 00:30"
    assert i18n.day(datetime(2026, 11, 20, 9, tzinfo=timezone.utc), year=False) == "11. 20.(금)"


def test_a_date_is_a_day_as_it_is():
    assert i18n.day(date(2026, 11, 20)) == "2026. 11. 20.(금)"
    with i18n.speaking(i18n.Language.EN):
        assert i18n.day(date(2026, 11, 20)) == "Fri 20 Nov 2026"
    assert i18n.language() is i18n.Language.KO


def test_english_has_words_for_one_and_for_many(app):
    with app.app_context(), i18n.speaking(i18n.Language.EN):
        for number, words in ((1, "1 forum"), ("1", "1 forum"), (2, "2 forums"), ("1,021", "1,021 forums")):
            assert i18n._("공론장 %(count)s곳", count=number) == i18n.on_page("공론장 %(count)s곳", count=number) == words
        for number in (1, 2):
            assert i18n._n("%(num)s건, %(other)s", "%(num)s건, %(other)s", number, other="넷") == f"{number}건, 넷"
