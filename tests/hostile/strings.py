"""Hostile strings for every text field, file name and query parameter.

`STRINGS` are Hostile(name, text, runs); `runs` is the number that the text's script reports.
What shows them is looked at with `DETECTOR_INIT_SCRIPT`, `ran` and `injected`.
"""

from . import markdown, markup, texts
from .case import Hostile, running, still
from .detector import DETECTOR_INIT_SCRIPT, injected, ran

__all__ = ["DETECTOR_INIT_SCRIPT", "RUNNING", "STRINGS", "SURROGATES", "Hostile", "injected", "ran"]

# Everything with a script in it.
RUNNING = [
    *running(1001, "element", markup.ELEMENTS),
    *running(2001, "svg", markup.SVG),
    *running(3001, "breakout", markup.BREAKOUTS),
    *running(4001, "encoding", markup.ENCODINGS),
    *running(5001, "markdown", markdown.LINKS),
]

STRINGS = [
    *RUNNING,
    *still("markdown", markdown.STILL),
    *still("template", texts.TEMPLATES),
    *still("query", texts.QUERIES),
    *still("machine", texts.MACHINES),
    *still("sheet", texts.SHEETS),
    *still("characters", texts.CHARACTERS),
    *still("size", texts.SIZES),
    *still("slow", texts.SLOW),
    *still("word", texts.WORDS),
    *still("number", texts.NUMBERS),
    *still("date", texts.DATES),
    *still("format", texts.FORMATS),
]

SURROGATES = still("surrogate", texts.SURROGATES)
