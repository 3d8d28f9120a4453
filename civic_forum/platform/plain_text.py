"""Text as people type it, made safe to store and compare."""

import re
import unicodedata
from collections.abc import Callable

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_OTHER = "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
_JOINERS = "\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Characters that nobody sees, which say how the one before them is drawn: pictures, and scripts other than ours."""
_UNSEEN = ("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8"
           "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff")
"""All others that Unicode calls default-ignorable, Hangul fillers among them."""
_UNWANTED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}{_OTHER}{_UNSEEN}]")
_BLANK = re.compile("[\u2800\U0001d159]")
_IDLE_JOINERS = re.compile(rf"(?:\A|(?<=[\s\0-\xa8\xaa-\xad\xaf-\u036f\u1100-\u11ff가-힣ㄱ-ㆎ]))[{_JOINERS}]+(?!\u20e3)")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085]")
_SPACE = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{4,}")
_MARKS_IN_A_ROW = 4
_MOST_SORTED = 16
"""Marks in a row that are put in their order: the time for that grows with the square of their number."""
_MOST_SECRET = 1_000
_READ_AS = str.maketrans("авекмнорстухіјѕһԁԛԝαεηικμνορτυχıɑ", "abekmhopctyxijshdqwaenikmnoptuxia")
"""Small Cyrillic and Greek letters by the Latin ones that they, or their capitals, look like."""


def clean(text: str, *, lines: bool = False) -> str:
    """NFC without control, bidi and invisible characters; one line unless `lines`. Empty if nobody would see any of
    it: the one test of what must not be empty."""
    text = _BLANK.sub(" ", _UNWANTED.sub("", _BREAKS.sub("\n", text)))
    if not text.isascii():
        text = _fewer_marks(text, _MOST_SORTED, _is_mark)
        text = _IDLE_JOINERS.sub("", unicodedata.normalize("NFC", text))
        text = unicodedata.normalize("NFC", _fewer_marks(unicodedata.normalize("NFC", text), _MARKS_IN_A_ROW,
                                                         unicodedata.combining))
    if lines:
        return _MANY_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n ")
    return _SPACE.sub(" ", text).strip()


def beginning(text: str, most: int) -> str:
    """So many characters of a clean text at most, clean too."""
    return text[:most].rstrip()


def secret(text: str) -> str:
    """One password or phrase, however a keyboard composes its syllables; none is as long as what is left out."""
    return unicodedata.normalize("NFKC", text[:_MOST_SECRET])


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character in "\uff9e\uff9f"


def _fewer_marks(text: str, most: int, is_mark: Callable[[str], object]) -> str:
    """Cut towers of combining marks, which would run over the page."""
    kept, run = [], 0
    for character in text:
        run = run + 1 if is_mark(character) else 0
        if run <= most:
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


def letters(text: str) -> str:
    """Letters and digits alone, small, of Cyrillic and Greek ones the Latin that they look like: for words that nobody
    may write whatever stands between their letters."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean(text)).casefold())
    return unicodedata.normalize("NFC", "".join(
        character for character in apart if unicodedata.category(character)[0] in "LN")).translate(_READ_AS)


def key(text: str) -> str:
    """For comparing names: compatibility form, case folded, without spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", clean(text)).casefold())
