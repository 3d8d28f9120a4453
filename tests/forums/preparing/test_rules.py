"""A forum before it begins, as pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.preparing import rules
from civic_forum.forums.preparing.parts import Times
from civic_forum.forums.preparing.rules import BadTimes, Embed, Missing

START = datetime(2026, 12, 11, 10, tzinfo=UTC)
GOOD = {"place": "대강당", "starts_at": START, "ends_at": START + timedelta(hours=2), "on_site_places": 10}


@pytest.mark.parametrize(("address", "frame"), [
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=3", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("https://youtu.be/dQw4w9WgXcQ?si=abc", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("https://www.youtube.com/live/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
     "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
    ("https://tv.naver.com/v/12345", "https://tv.naver.com/embed/12345"),
    ("https://tv.kakao.com/v/12345", "https://play-tv.kakao.com/embed/player/cliplink/12345"),
])
def test_videos_of_hosts_that_are_allowed_stand_in_a_frame(address, frame):
    assert rules.embed(address) == Embed(frame=frame)
    assert frame.startswith(rules.FRAME_HOSTS)


@pytest.mark.parametrize("address", [
    "https://meet.example.org/room?x=1", "https://www.youtube.com/", "https://www.youtube.com/watch?v=",
    'https://www.youtube.com/watch?v="><script>', "https://www.youtube.com/live/a/../b",
    "https://youtu.be.evil.org/abcdefghijk",
    "https://evil.org/www.youtube.com/watch?v=dQw4w9WgXcQ", "https://tv.naver.com/v/12x",
])
def test_any_other_address_is_a_link(address):
    assert rules.embed(address) == Embed(link=address)


@pytest.mark.parametrize("text", [
    "http://www.youtube.com/watch?v=dQw4w9WgXcQ", "javascript:alert(1)", "https://a@youtube.com/live/dQw4w9WgXcQ",
    "https://", "https://x.org:99999/", "https://x.org/a b", "예시라서 영상은 없어요.",
])
def test_a_text_that_is_no_address_is_neither(text):
    assert rules.embed(text) == Embed()


def test_without_an_address_there_is_nothing():
    assert rules.embed(None) is None and rules.embed("") is None


@given(st.text(max_size=80))
def test_a_frame_is_always_of_a_host_that_is_allowed_and_holds_nothing_else(text):
    for address in (text, f"https://www.youtube.com/watch?v={text}", f"https://youtu.be/{text}",
                    f"https://tv.naver.com/v/{text}"):
        found = rules.embed(address)
        if found and found.frame:
            assert found.frame.startswith(rules.FRAME_HOSTS) and not set(found.frame) & set("\"'<> ?&#")


@pytest.mark.parametrize(("change", "wrong"), [
    ({}, None),
    ({"ends_at": START + timedelta(minutes=9)}, BadTimes.TOO_SHORT),
    ({"ends_at": START - timedelta(hours=1)}, BadTimes.TOO_SHORT),
    ({"ends_at": START + timedelta(minutes=10)}, None),
    ({"ends_at": START + timedelta(hours=13)}, BadTimes.TOO_LONG),
    ({"ends_at": START + timedelta(hours=12)}, None),
    ({"registration_from": START, "registration_to": START}, BadTimes.REGISTRATION_BACKWARDS),
    ({"registration_to": START + timedelta(hours=3)}, BadTimes.REGISTRATION_AFTER_END),
    ({"registration_from": START - timedelta(days=9), "registration_to": START}, None),
    ({"registration_to": START + timedelta(hours=2)}, None), ({"registration_from": START + timedelta(hours=2)}, None),
    ({"registration_from": START + timedelta(hours=3)}, BadTimes.REGISTRATION_AFTER_END),
])
def test_times_have_to_fit_together(change, wrong):
    assert rules.why_not_times(Times(**(GOOD | change))) is wrong


def test_gaps_are_listed_in_the_order_of_the_page():
    bare = Times(**(GOOD | {"on_site_places": 0}))
    assert rules.missing(bare, items=0, hosts=0, recording_note=None, now=START + timedelta(days=1)) == [
        Missing.TIMES,
        Missing.PROGRAMME,
        Missing.HOST,
        Missing.PLACES,
        Missing.RECORDING,
    ]
    assert rules.missing(Times(**GOOD), items=1, hosts=1, recording_note="화면만", now=START) == []
    assert rules.missing(Times(**GOOD), items=1, hosts=1, recording_note="화면만", now=GOOD["ends_at"]) == [Missing.TIMES]


@given(st.lists(st.integers(1, 120), max_size=20), st.integers(10, 600))
def test_a_programme_is_planned_without_gaps_and_compared_with_the_time_there_is(minutes, there):
    planned = rules.planned(START, minutes)
    fit = rules.fit(START, START + timedelta(minutes=there), minutes)
    assert all(first[1] == second[0] for first, second in zip(planned, planned[1:], strict=False))
    assert fit.too_long - fit.left == sum(minutes) - there and min(fit.too_long, fit.left) == 0
    if planned:
        assert planned[0][0] == START and planned[-1][1] - START == timedelta(minutes=sum(minutes))


@pytest.mark.parametrize(("slug", "fits"), [("night-walk", True), ("new", False), ("Night", False), ("-a", False),
                                            ("a" * 61, False), ("ㄱ", False), ("", False)])
def test_addresses_of_forums(slug, fits):
    assert rules.slug_fits(slug) is fits
