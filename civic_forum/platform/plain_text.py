"""Text as people type it, made safe to store and compare."""

import re
import unicodedata

from .folding import BLANK, IGNORABLE, MOST_SORTED, fewer_marks

_JOINERS = "\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Characters that nobody sees, which say how the one before them is drawn: pictures, and scripts other than ours."""
_UNWANTED = re.compile(rf"(?![{_JOINERS}\u115f\u1160])"
                       rf"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\ufffe\uffff\ud800-\udfff{IGNORABLE}]")
_BLANK = re.compile(f"[{BLANK}]")
_IDLE_FILLERS = re.compile("\u115f(?![\u1161-\u11a7\ud7b0-\ud7c6])|\u1160(?![\u11a8-\u11ff\ud7cb-\ud7fb])"
                           "|(?<![\u1100-\u115e\ua960-\ua97c])\u1160")
"""Fillers that stand for no missing letter of a syllable of old Korean."""
_IDLE_JOINERS = re.compile(
    rf"(?:\A|(?<=[\s\0-\xa8\xaa-\xad\xaf-\u058f\u1100-\u11ff\u1e00-\u1fff가-힣ㄱ-ㆎ])|(?<=[{_JOINERS}]{{2}}))"
    rf"[{_JOINERS}]+(?!\u20e3)|(?<=[\u0590-\u08ff\u2010-\U0010ffff])[\u200c\u200d]+(?=\s*\Z)")
"""Those that join nothing: behind letters of ours, more than two, at the end of the text."""
_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085]")
_SPACE = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{4,}")
_MARKS_IN_A_ROW = 4
_MOST_SECRET = 1_000


def clean(text: str, *, lines: bool = False) -> str:
    """NFC without control, bidi and invisible characters; one line unless `lines`. Empty if nobody would see any of
    it: the one test of what must not be empty."""
    text = _BLANK.sub(" ", _UNWANTED.sub("", _BREAKS.sub("\n", text)))
    if not text.isascii():
        text = fewer_marks(_IDLE_FILLERS.sub("", text), MOST_SORTED)
        text = _IDLE_JOINERS.sub("", unicodedata.normalize("NFC", text))
        text = fewer_marks(unicodedata.normalize("NFC", text), _MARKS_IN_A_ROW, unicodedata.combining)
        text = _IDLE_JOINERS.sub("", unicodedata.normalize("NFC", text))
    if lines:
        return _MANY_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n ")
    return _SPACE.sub(" ", text).strip()


def beginning(text: str, most: int) -> str:
    """So many characters of a clean text at most, clean too."""
    return _IDLE_JOINERS.sub("", text[:most]).rstrip()


def secret(text: str) -> str:
    """One password or phrase, however a keyboard composes its syllables; none is as long as what is left out."""
    return unicodedata.normalize("NFKC", text[:_MOST_SECRET])


def number(text: str | None, *, digits: int = 18) -> int | None:
    """Number written in so many plain digits at most, as addresses and hidden fields hold it; None for all else."""
    written = bool(text) and text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if written else None


def version(text: str | None) -> int:
    """The version that a page says it had read; -1, which no record has, for what is none."""
    page_version = number(text, digits=9)
    return -1 if page_version is None else page_version

