"""A pasted report as the form of a meeting shows it. What nobody understood stays visible as text."""

import re
from datetime import date, timedelta
from typing import Any

from civic_forum.forums.record import report
from civic_forum.forums.record.report import Part, ReportItem
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from .rules import ItemKind, ItemResult

KINDS = {"report": ItemKind.REPORT, "discussion": ItemKind.DISCUSSION, "decision": ItemKind.DECISION,
         "election": ItemKind.ELECTION}
RESULTS = {"rejected": ItemResult.REJECTED, "postponed": ItemResult.DEFERRED, "carried": ItemResult.CARRIED,
           "agreed": ItemResult.NO_OBJECTION, "reported": ItemResult.NOTED}
MOST = 100_000
"""Characters: thirty pages are a third of it."""
_HOURS = r"\.[^\n]{0,8}? ?(\d{1,2}:\d\d)(?: ?[~∼〜～–-] ?(\d{1,2}:\d\d))?"


def values_of(text: str, body: str) -> dict[str, Any]:
    """Values of the form's fields that a report of this body, or of several sections with it among them, says. Raises
    Refusal for one that is too long."""
    if len(text) > MOST:
        raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{MOST:,}"), field="report")
    read = report.read(text)
    section = next((item.section for item in read.items if item.section and item.section in (body, f"{body}분과")), "")
    day = read.days.get(section) or read.days.get("")
    items = [_item(item) for item in read.items if item.section == section or not section]
    values = {"items": items, "place": read.place, "left_over": _left_over(read)} | (_times(text, day) if day else {})
    return {name: words for name, words in values.items() if words}


def _left_over(read: report.Report) -> str:
    """Lines that are in no item, with the headings above them."""
    kept: list[str] = []
    is_kept = False
    for row in reversed(read.rows):
        is_kept = row.part in (Part.HEAD, Part.TEXT) or is_kept and row.part is Part.HEADING
        kept += ["".join(row.lines)] if is_kept else []
    return "".join(reversed(kept)).strip()


def _item(item: ReportItem) -> dict[str, Any]:
    """Nobody carries, rejects or puts off what was only said."""
    outcome, votes = item.result
    counts = (votes.get(word) for word in ("찬성", "반대", "기권"))
    kind = KINDS.get(item.kind, ItemKind.DECISION if outcome in ("carried", "rejected", "postponed") else "")
    return {"title": re.sub(r" ?\((?:보고|논의|결정|선출|심의)\)$", "", item.rows[0].text), "kind": kind,
            "opinions": "\n".join(row.text for row in item.of(Part.OPINION)), "result": RESULTS.get(outcome, ""),
            "reported": "\n".join([*(row.text for row in item.of(Part.ITEM)), *item.more])} | dict(zip(
                ("yes", "no", "abstained"), ("" if not votes else str(count or 0) for count in counts), strict=True))


def _times(text: str, day: date) -> dict[str, str]:
    """Beginning and end, as far as the report has the hours beside the day. What ends earlier ends on the next day."""
    times = re.search(rf"(?<!\d){day.month}\. ?{day.day}{_HOURS}", text)
    if times is None:
        return {"starts_at": f"{day}T00:00"}
    begins, ends = (hours and hours.zfill(5) for hours in times.groups())
    last = day + timedelta(days=1) if ends and ends <= begins else day
    return {"starts_at": f"{day}T{begins}"} | ({"ends_at": f"{last}T{ends}"} if ends else {})
