"""Captions as text and as a WebVTT file: https://www.w3.org/TR/webvtt1/."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST = 500
"""Characters of one caption; half a sentence may be sent."""
SHOWN = 12
"""So many of the last lines stand in the hall; the rest is in the history."""
CORRECTABLE = 10
"""So many of the last lines can still be corrected."""
LONGEST_CUE = timedelta(seconds=8)
SHORTEST_CUE = timedelta(seconds=1)


@dataclass(frozen=True)
class CaptionLine:
    """One caption as it is read."""

    at: datetime
    speaker: str | None
    text: str


def web_vtt(lines: Sequence[CaptionLine], began: datetime) -> str:
    """The captions of a recording that began at `began`, one cue each: it stands until the next, never longer than
    eight seconds and never shorter than one."""
    cues = []
    for place, line in enumerate(lines):
        starts = max(line.at - began, timedelta(0))
        following = lines[place + 1].at - began if place + 1 < len(lines) else starts + LONGEST_CUE
        ends = min(max(following, starts + SHORTEST_CUE), starts + LONGEST_CUE)
        voice = f"<v {_escaped(line.speaker)}>" if line.speaker else ""
        cues.append(f"{place + 1}\n{_stamp(starts)} --> {_stamp(ends)}\n{voice}{_escaped(line.text)}\n")
    return "\n".join(["WEBVTT\n", *cues])


def _stamp(since: timedelta) -> str:
    whole, thousandths = divmod(since // timedelta(milliseconds=1), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def _escaped(text: str) -> str:
    """Without what would end a cue or begin a mark."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
