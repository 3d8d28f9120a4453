"""Days of commitments for a calendar (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import current_app

from civic_forum.platform import clock
from civic_forum.platform.i18n import _

from .models import Commitment

MOST = 500
OCTETS = 73
"""Of a line, before it goes on in the next one."""


def write(commitments: Iterable[Commitment]) -> str:
    """A calendar with a whole day for each of these."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//civic_forum//commitments//KO",
             f"X-WR-CALNAME:{_escaped(_('구청이 한 약속'))}"]
    for one in commitments:
        lines += _event(one)
    return "\r\n".join(part for line in [*lines, "END:VCALENDAR"] for part in _folded(line)) + "\r\n"


def _event(one: Commitment) -> list[str]:
    assert one.next_due_on is not None
    url = f"{current_app.config['URL']}/commitments/{one.id}"
    return ["BEGIN:VEVENT", f"UID:commitment-{one.id}@{current_app.config['URL'].split('//')[-1]}",
            f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}", f"DTSTART;VALUE=DATE:{one.next_due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.next_due_on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(_('여기까지 하기로 했어요: %(title)s', title=one.title))}", f"URL:{url}", "END:VEVENT"]


def _escaped(text: object) -> str:
    return str(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, each after the first with a space before it; no character is cut."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > OCTETS:
            yield piece
            piece = " "
        piece += character
    yield piece
