"""Text as it is compared: the form of everything that is hashed, looked for or forbidden (docs/decisions/0063). Pure.

`folded` leaves out what nobody sees, `skeleton` also what only looks like another letter. The time of each grows with
the length of the text alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

IGNORABLE = ("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
             "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff")
"""Default_Ignorable_Code_Point: nobody sees them by themselves, Hangul fillers among them."""
FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that are drawn as nothing: they stand for a missing part of a syllable."""
BLANK = "\u2800\U0001d159"
"""Drawn as nothing, though Unicode does not say so."""
MOST_SORTED = 16
"""Marks in a row that are put in their order: the time for that grows with the square of their number."""
MOST_FOLDS = 6
"""Two are enough for texts that somebody means."""
_NOT_SEEN = re.compile(rf"[\s\0-\x1f\x7f-\x9f\ufff9-\uffff\ud800-\udfff{IGNORABLE}{BLANK}]+")
_LIKE_LATIN = str.maketrans(
    "АВЕКМНОРСТУХІЈЅҺԌԚԜҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧавекмнорстухіјѕһԁԛԝѵӏαεηικμνορτυχγω",
    "ABEKMHOPCTYXIJSHGQWYABEZHIKMNOPTYXabekmhopctyxijshdqwvlaenikmvoptuxyw")
"""Letters of Cyrillic and Greek by the Latin ones that they, or their capitals, look like."""
_ALIKE = str.maketrans("l1|0ıɑɡɩ", "iiioiagi")
"""Signs that are taken for one another among the letters of a word."""
_JAMO = str.maketrans(dict(zip(
    map(chr, (0x1101, 0x1104, 0x1108, 0x110a, 0x110d, 0x1162, 0x1164, 0x1166, 0x1168, 0x116a, 0x116b, 0x116c, 0x116f,
              0x1170, 0x1171, 0x1174, *range(0x11a8, 0x11c3))),
    ("ᄀᄀ ᄃᄃ ᄇᄇ ᄉᄉ ᄌᄌ ᅡᅵ ᅣᅵ ᅥᅵ ᅧᅵ ᅩᅡ ᅩᅡᅵ ᅩᅵ ᅮᅥ ᅮᅥᅵ ᅮᅵ ᅳᅵ ᄀ ᄀᄀ ᄀᄉ ᄂ ᄂᄌ ᄂᄒ ᄃ ᄅ ᄅᄀ ᄅᄆ ᄅᄇ ᄅᄉ ᄅᄐ ᄅᄑ ᄅᄒ ᄆ ᄇ ᄇᄉ ᄉ ᄉᄉ ᄋ ᄌ ᄎ ᄏ ᄐ "
     "ᄑ ᄒ").split(), strict=True)))
"""Composed jamo, and those at the end of a syllable, by the plain ones of which they are made."""
_LOOSE = re.compile("[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]")
"""Jamo that belong to no syllable of today."""
_TAKE_NO_MARKS = ("", "HANGUL", "CJK", "IDEOGRAPHIC", "DIGIT")


def is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character in "\uff9e\uff9f"


def fewer_marks(text: str, most: int, counts: Callable[[str], object] = is_mark) -> str:
    """The text without what is beyond so many marks in a row."""
    kept, run = [], 0
    for character in text:
        run = run + 1 if counts(character) else 0
        if run <= most:
            kept.append(character)
    return "".join(kept)


def folded(text: str) -> str:
    """Compatibility form, in one case, without spaces and what nobody sees."""
    return _settled(_folded, _seen(text))


def _folded(text: str) -> str:
    return _seen(unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold()))


def _settled(fold: Callable[[str], str], text: str) -> str:
    """What is left when folding changes nothing any more: what is taken out brings together what belongs together."""
    for _again in range(MOST_FOLDS):
        before, text = text, fold(text)
        if text == before:
            break
    return text


def folded_name(name: str) -> str:
    """The name of somebody, folded: without marks that belong to no letter, in one script where it mixes Latin letters
    with those that look like them."""
    return _settled(_folded_name, _seen(name))


def _folded_name(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    text = folded(apart.translate(_LIKE_LATIN) if re.search("[A-Za-z]", apart) else name)
    return folded("".join(_with_own_marks(text)))


def _with_own_marks(text: str) -> Iterable[str]:
    script = ""
    for character in text:
        first, *_rest = unicodedata.name(character, "").split(" ")
        if not is_mark(character):
            script = first
        elif (unicodedata.category(character) == "Me" or script in _TAKE_NO_MARKS
              or first not in (script, "COMBINING")):
            continue
        yield character


def skeleton(text: str) -> str:
    """Letters and digits alone, without marks, those that look alike the same."""
    latin = unicodedata.normalize("NFKD", _seen(text)).translate(_LIKE_LATIN).casefold().translate(_LIKE_LATIN)
    plain = "".join(map(_letter, unicodedata.normalize("NFKD", latin))).casefold().translate(_ALIKE)
    return unicodedata.normalize("NFC", plain)


def holds(text: str, words: Iterable[str]) -> bool:
    """True if the text has one of these words, whatever stands between their letters and whatever these look like."""
    forms = _forms(text)
    return any(sought and sought in form for word in words for sought, form in zip(_sought(word), forms, strict=True))


def _forms(text: str) -> tuple[str, str, str]:
    bare = skeleton(text)
    return folded(text), bare, _apart(bare) if _LOOSE.search(bare) else ""


@lru_cache(maxsize=4_096)
def _sought(word: str) -> tuple[str, str, str]:
    bare = skeleton(word)
    return folded(word), bare, "" if _LOOSE.search(bare) else _apart(bare)


def _apart(text: str) -> str:
    return unicodedata.normalize("NFD", text).translate(_JAMO)


def _seen(text: str) -> str:
    return fewer_marks(_NOT_SEEN.sub("", text), MOST_SORTED)


@lru_cache(maxsize=4_096)
def _letter(character: str) -> str:
    """The letter or digit that this is drawn as; nothing for all else."""
    named = re.fullmatch("(?:REGIONAL|NEGATIVE|LATIN LETTER SMALL).* ([A-Z])", unicodedata.name(character, ""))
    return named[1] if named else character if unicodedata.category(character)[0] in "LN" else ""
