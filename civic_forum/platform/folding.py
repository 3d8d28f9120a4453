"""Text as it is compared: the form of everything that is hashed, looked for or forbidden (docs/decisions/0063). Pure.

`folded` leaves out what nobody sees, `skeleton` also what only looks like another letter. The time of each grows with
the length of the text alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from unicodedata import category, name, normalize

IGNORABLE = ("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
             "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff")
"""Default_Ignorable_Code_Point: nobody sees them by themselves, Hangul fillers among them."""
FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that are drawn as nothing: they stand for a missing part of a syllable."""
BLANK = "\u2800\U0001d159"
"""Drawn as nothing, though Unicode does not say so."""
MOST_SORTED = 16
"""Marks in a row that are put in their order: the time for that grows with the square of their number."""
_NOT_SEEN = re.compile(rf"[\s\0-\x1f\x7f-\x9f\ufff9-\uffff\ud800-\udfff{IGNORABLE}{BLANK}]+")
_LIKE_LATIN = str.maketrans(
    "АВЕКМНОРСТУХІЈЅҺԌԚԜҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧавекмнорстухіјѕһԁԛԝѵӏαεηικμνορτυχγω"
    "ՕՏՍԼքցհոռօգզսայꓮꓐꓚꓓꓰꓝꓖꓧꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜꓒꓲ"
    "ᎪᏴᏟᎠᎬᏀᏳᎻᎫᏦᏞᎷᏢᎡᏒᏕᏚᎢᏙᎳᏔᎩᎽᏃᏏᏧᏂᎥ01",
    "ABEKMHOPCTYXIJSHGQWYABEZHIKMNOPTYXabekmhopctyxijshdqwvlaenikmvoptuxyw"
    "OSULfghnnoqquwjABCDEFGHJKLMNOPRSTUVWXYZdI"
    "ABCDEGGHJKLMPRRSSTVWWYYZbdhiol")
"""Letters of Cyrillic, Greek, Armenian, Lisu and Cherokee, and digits, by the Latin letters that they, or their
capitals, look like (confusables of Unicode's report 39)."""
_LATIN = re.compile("[a-zꓐ-ꓽᎠ-Ᏽ]")
"""A letter of a name that is read as Latin: no document of here is in Lisu or Cherokee, which print as its capitals."""
_STRUCK = dict(zip("bdghijloptuy", "ƀđǥħɨɉłøᵽŧʉɏ", strict=True))
_STROKES = re.compile(f"([{''.join(_STRUCK)}])[\u0335-\u0338]+")
"""A letter with a stroke through it, as two characters."""
MOST_SWAPPED = 10
"""Letters of a name that are tried as i and as l."""
_ALIKE = str.maketrans("l1|0ıɑɡɩøđɖðłħŧƀ", "iiioiagiodddihtb")
"""Signs that are taken for one another among the letters of a word."""
_JAMO = str.maketrans(dict(zip(
    "ᅪᅫᅬᅯᅰᅱᅴᆨᆩᆪᆫᆬᆭᆮᆯᆰᆱᆲᆳᆴᆵᆶᆷᆸᆹᆺᆻᆼᆽᆾᆿᇀᇁᇂ",
    "ᅩᅡ ᅩᅢ ᅩᅵ ᅮᅥ ᅮᅦ ᅮᅵ ᅳᅵ ᄀ ᄁ ᄀᄉ ᄂ ᄂᄌ ᄂᄒ ᄃ ᄅ ᄅᄀ ᄅᄆ ᄅᄇ ᄅᄉ ᄅᄐ ᄅᄑ ᄅᄒ ᄆ ᄇ ᄇᄉ ᄉ ᄊ ᄋ ᄌ ᄎ ᄏ ᄐ ᄑ ᄒ".split(), strict=True)))
"""Vowels that are typed by two keys, and the ends of syllables, by the jamo that one types for them."""
_LOOSE = re.compile("[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]")
"""Jamo that belong to no syllable of today."""
_TAKE_NO_MARKS = ("", "HANGUL", "CJK", "IDEOGRAPHIC", "DIGIT")


_PLAIN = re.compile("[A-Za-z가-힣 ]*")
_PERHAPS_MARKS = re.compile("[^\0-\x7f\u3131-\u318e\u4e00-\u9fff가-힣]")
"""Neither Latin without marks nor Korean nor Chinese."""


def is_mark(character: str) -> bool:
    return category(character)[0] == "M" or character in "\uff9e\uff9f"


def fewer_marks(text: str, most: int, counts: Callable[[str], object] = is_mark) -> str:
    """The text without what is beyond so many marks in a row."""
    kept, run = [], 0
    for character in text:
        run = run + 1 if counts(character) else 0
        if run <= most:
            kept.append(character)
    return "".join(kept)


def is_plain(text: str) -> bool:
    """True where only case and spaces are folded: rolls have thousands of such names."""
    return _PLAIN.fullmatch(text) is not None


def folded(text: str) -> str:
    """Compatibility form, in one case, without spaces and what nobody sees."""
    if is_plain(text):
        return text.replace(" ", "").casefold()
    text = _seen(text)
    for _again in range(3):  # what is taken out brings together what belongs together
        text = _seen(normalize("NFKC", normalize("NFD", text).casefold()))
    return text


def folded_name(typed: str) -> str:
    """The name of somebody, folded: without marks that belong to no letter, in one script where it mixes Latin letters
    with those that look like them."""
    apart = normalize("NFKD", _seen(typed))
    if _LATIN.search(apart.casefold()):
        apart = apart.translate(_LIKE_LATIN).casefold().translate(_LIKE_LATIN)
        apart = _STROKES.sub(lambda struck: _STRUCK[struck[1]], apart)
    return folded("".join(_with_own_marks(folded(apart))))


def printed_alike(name: str) -> Iterator[str]:
    """Folded names that this one may be a print of, itself first or later: a capital I is drawn as a small l. Many real
    names differ by them, so that they are looked for, and never made one."""
    parts = re.split("([il])", name, maxsplit=MOST_SWAPPED)
    return map("".join, product(*("il" if part in ("i", "l") else (part,) for part in parts)))


def _with_own_marks(text: str) -> Iterator[str]:
    script = ""
    for character in text:
        first = name(character, "").partition(" ")[0]
        if not is_mark(character):
            script = first
        elif category(character) == "Me" or script in _TAKE_NO_MARKS or first not in (script, "COMBINING"):
            continue
        yield character


def skeleton(text: str) -> str:
    """Letters and digits alone, without marks, those that look alike the same."""
    latin = normalize("NFKD", _seen(text)).translate(_LIKE_LATIN).casefold().translate(_LIKE_LATIN)
    return normalize("NFC", "".join(map(_letter, normalize("NFKD", latin))).casefold().translate(_ALIKE))


@lru_cache(maxsize=4_096)
def _letter(character: str) -> str:
    """The letter or digit that this is drawn as; nothing for all else."""
    drawn = re.fullmatch("(?:REGIONAL|NEGATIVE|LATIN LETTER SMALL).* ([A-Z])", name(character, ""))
    return drawn[1] if drawn else character if category(character)[0] in "LN" else ""


def holds(text: str, words: Iterable[str]) -> bool:
    """True if the text has one of these words, whatever stands between their letters and whatever these look like."""
    keys = _keys(text)
    return any(own and own in key for word in words for own, key in zip(_keys_of_word(word), keys, strict=True))


@lru_cache(maxsize=1_024)
def _keys_of_word(word: str) -> tuple[str, str, str]:
    return _keys(word, sought=True)


def _keys(text: str, *, sought: bool = False) -> tuple[str, str, str]:
    """Forms in which a text, or a word that is sought in one, is compared: the last apart into jamo, if a text has some
    that belong to no syllable, and a word has none."""
    plain = skeleton(text)
    apart = normalize("NFD", plain).translate(_JAMO) if bool(_LOOSE.search(plain)) != sought else ""
    return folded(text), plain, apart


def _seen(text: str) -> str:
    text = _NOT_SEEN.sub("", text)
    return fewer_marks(text, MOST_SORTED) if _PERHAPS_MARKS.search(text) else text
