"""Days of commitments for a calendar (RFC 5545)."""

from collections.abc import Iterable
from datetime import timedelta

from flask import current_app

from civic_forum.forums.preparing.rules import escaped, folded, stamp
from civic_forum.platform import clock
from civic_forum.platform.i18n import _

from .models import Commitment

MOST = 500


def write(commitments: Iterable[Commitment]) -> bytes:
    """A calendar with a whole day for each of these."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//civic_forum//commitments//KO",
             f"X-WR-CALNAME:{escaped(_('구청이 한 약속'))}", *(line for one in commitments for line in _event(one)),
             "END:VCALENDAR"]
    return b"".join(map(folded, lines))


def _event(one: Commitment) -> list[str]:
    assert one.next_due_on is not None
    site = current_app.config["URL"]
    return ["BEGIN:VEVENT", f"UID:commitment-{one.id}@{site.split('//')[-1]}", f"DTSTAMP:{stamp(clock.now())}",
            f"DTSTART;VALUE=DATE:{one.next_due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.next_due_on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(_('여기까지 하기로 했어요: %(title)s', title=one.title))}",
            f"URL:{site}/commitments/{one.id}", "END:VEVENT"]
