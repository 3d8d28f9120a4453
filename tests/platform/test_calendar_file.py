"""The iCalendar file, read back by the rules of RFC 5545."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.platform.calendar_file import Entry, LONGEST_LINE, calendar, escaped, folded

from .calendars import events, unfolded

START = datetime(2026, 12, 11, 10, tzinfo=UTC)


def entry(**facts) -> Entry:
    return Entry(**{"uid": "forum-1@example.org", "sequence": 3, "stamped_at": START, "starts_at": START,
                    "ends_at": START + timedelta(hours=2), "title": "공론장", "text": "질문", "place": "대강당",
                    "url": "https://example.org/forums/x"} | facts)


def value(lines: list[str], name: str) -> str:
    """The value of the only property of this name, its marks taken away."""
    found = [line.partition(":")[2] for line in lines if line.startswith(f"{name}:")]
    assert len(found) == 1
    text, plain = found[0], ""
    while text:
        if text[0] == "\\":
            plain, text = plain + {"n": "\n"}.get(text[1], text[1]), text[2:]
        else:
            plain, text = plain + text[0], text[1:]
    return plain


def test_an_event_says_what_a_calendar_needs():
    lines = unfolded(calendar([entry()], "금천1번가"))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert value(lines, "DTSTART") == "20261211T100000Z" and value(lines, "DTEND") == "20261211T120000Z"
    assert value(lines, "UID") == "forum-1@example.org" and value(lines, "SEQUENCE") == "3"


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
@example("END:VEVENT\r\nBEGIN:VALARM\nATTACH:http://x", "a\\n;b,c", "\u2028\u0085\x0b대강당\ud800")
@example("가" * 200, "😀" * 80, ";" * 90)
def test_no_title_breaks_out_of_its_line(title, text, place):
    data = calendar([entry(title=title, text=text, place=place)], "금천1번가")
    assert all(len(line) <= LONGEST_LINE for line in data.split(b"\r\n"))
    lines = unfolded(data)
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR"]
    assert len(lines) == 18

    def kept(given: str) -> str:
        broken = given.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(one for one in broken if one.isprintable() or one == "\n").encode("utf-8", "replace").decode()

    assert value(lines, "SUMMARY") == kept(title) and value(lines, "DESCRIPTION") == kept(text)
    assert value(lines, "LOCATION") == kept(place)


def test_marks_of_the_format_are_marked():
    assert escaped("a,b;c\\d\r\ne\rf\ng") == "a\\,b\\;c\\\\d\\ne\\nf\\ng"


def test_a_line_of_75_octets_is_not_folded_and_one_more_is():
    assert folded("a" * 75) == b"a" * 75 + b"\r\n"
    assert folded("a" * 76) == b"a" * 75 + b"\r\n a\r\n"
    assert folded("a" * 149) == b"a" * 75 + b"\r\n " + b"a" * 74 + b"\r\n"


def test_a_whole_day_and_a_reminder():
    days = [entry(uid="a", starts_at=START.date(), ends_at=None, warns=True), entry(uid="b", ends_at=None)]
    first, second = events(calendar(days, "금천1번가", "달력"))
    assert first["DTSTART"] == START.date() and first["DTEND"] == START.date() + timedelta(days=1) and first["alarm"]
    assert second["DTSTART"] == START and "DTEND" not in second and not second["alarm"]
