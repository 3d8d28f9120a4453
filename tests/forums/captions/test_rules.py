"""Captions as a WebVTT file."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.record.rules import CaptionLine, LONGEST_CUE, SHORTEST_CUE, web_vtt
from tests.factories import MAY

TIMES = st.lists(st.integers(0, 7200), max_size=20).map(sorted)


def test_a_cue_stands_until_the_next_line():
    lines = [CaptionLine(MAY + timedelta(seconds=5), "별밤지기", "안녕하세요."),
             CaptionLine(MAY + timedelta(seconds=8), None, "네.")]
    assert web_vtt(lines, MAY) == ("WEBVTT\n\n1\n00:00:05.000 --> 00:00:08.000\n<v 별밤지기>안녕하세요.\n\n"
                                   "2\n00:00:08.000 --> 00:00:16.000\n네.\n")


def test_a_text_that_would_end_a_cue_or_begin_a_mark_is_text():
    text = web_vtt([CaptionLine(MAY, "<b>&", "가\n\n--> <i>나</i>")], MAY)
    assert "<v &lt;b&gt;&amp;>가 --&gt; &lt;i&gt;나&lt;/i&gt;\n" in text
    assert text.count("-->") == 1


@given(TIMES)
def test_every_line_is_one_cue_of_a_bearable_length_in_order(times):
    lines = [CaptionLine(MAY + timedelta(seconds=one), None, f"줄 {place}") for place, one in enumerate(times)]
    stamps = [line.split(" --> ") for line in web_vtt(lines, MAY).splitlines() if " --> " in line]
    assert len(stamps) == len(times)
    began = [_seconds(start) for start, _end in stamps]
    assert began == [float(one) for one in times]
    for start, end in stamps:
        assert SHORTEST_CUE.seconds <= _seconds(end) - _seconds(start) <= LONGEST_CUE.seconds


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
