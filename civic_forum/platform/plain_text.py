"""Text as people type it, made safe to store and compare."""

import re
import unicodedata

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_OTHER = "\u200b\u2060\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff"
_UNWANTED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}{_OTHER}]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085]")
_SPACE = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{4,}")
_MARKS_IN_A_ROW = 4


def clean(text: str, *, lines: bool = False) -> str:
    """NFC without control, bidi and invisible characters; one line unless `lines`."""
    text = _UNWANTED.sub("", _BREAKS.sub("\n", text))
    text = unicodedata.normalize("NFC", _fewer_marks(unicodedata.normalize("NFC", text)))
    if lines:
        return _MANY_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n ")
    return _SPACE.sub(" ", text).strip()


def beginning(text: str, most: int) -> str:
    """So many characters of a clean text at most, clean too."""
    return text[:most].rstrip()


def _fewer_marks(text: str) -> str:
    """Cut towers of combining marks that would run over the page."""
    if text.isascii():
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def number(text: str | None, *, digits: int = 18) -> int | None:
    """Number written in so many plain digits at most, as addresses and hidden fields hold it; None for all else."""
    written = bool(text) and text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if written else None


def version(text: str | None) -> int:
    """The version that a page says it had read; -1, which no record has, for what is none."""
    given = number(text, digits=9)
    return -1 if given is None else given


def key(text: str) -> str:
    """For comparing names: compatibility form, case folded, without spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", clean(text)).casefold())
