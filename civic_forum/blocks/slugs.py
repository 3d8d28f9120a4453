"""Ends of addresses: their one pattern, and one made from a title. Pure.

Korean is written in Latin letters by the Revised Romanisation (Ministry of Culture and Tourism, 2000) as a word is
pronounced, without the insertion of ㄴ, which no rule of spelling shows, and without hyphens.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
MOST = 60
WORDS_MOST = 40
"""So long the words of a title are in a proposed address: it is read out and typed."""
LEAST_PROPOSED = 3

_WORD = re.compile(r"[a-z0-9]+")
_FIRST, _LAST = ord("가"), ord("힣")
_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWELS = ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu",
           "eu", "ui", "i")
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_CLOSED = {letter: sound for letters, sound in (
    ("ㄱㄲㄳㄺㅋ", "k"), ("ㄴㄵㄶ", "n"), ("ㄷㅅㅆㅈㅊㅌㅎ", "t"), ("ㄹㄼㄽㄾㅀ", "l"), ("ㅁㄻ", "m"), ("ㅂㅄㅍㄿ", "p"),
    ("ㅇ", "ng"), (" ", "")) for letter in letters}
_BEFORE_VOWEL = {
    "ㄱ": ("", "g"), "ㄲ": ("", "kk"), "ㄳ": ("k", "s"), "ㄴ": ("", "n"), "ㄵ": ("n", "j"), "ㄶ": ("", "n"), "ㄷ": ("", "d"),
    "ㄹ": ("", "r"), "ㄺ": ("l", "g"), "ㄻ": ("l", "m"), "ㄼ": ("l", "b"), "ㄽ": ("l", "s"), "ㄾ": ("l", "t"),
    "ㄿ": ("l", "p"), "ㅀ": ("", "r"), "ㅁ": ("", "m"), "ㅂ": ("", "b"), "ㅄ": ("p", "s"), "ㅅ": ("", "s"),
    "ㅆ": ("", "ss"), "ㅇ": ("ng", ""),
    "ㅈ": ("", "j"), "ㅊ": ("", "ch"), "ㅋ": ("", "k"), "ㅌ": ("", "t"), "ㅍ": ("", "p"), "ㅎ": ("", ""), " ": ("", "")}
"""Rest of a final consonant before a vowel, and the beginning of the next syllable."""
_BEFORE_I = {"ㄷ": ("", "j"), "ㅌ": ("", "ch"), "ㄾ": ("l", "ch")}
_BEFORE_H = {"ㄺ": ("l", "k"), "ㄼ": ("l", "p"), "ㄵ": ("n", "ch"), "ㅈ": ("", "ch")}
"""Consonants that take the breath of ㅎ; ㄱ, ㄷ and ㅂ keep it apart, as nouns do (묵호 is mukho)."""
_ASPIRATED = {"g": "k", "d": "t", "j": "ch"}
_OPEN = {"ㅎ": "", "ㄶ": "n", "ㅀ": "l"}
"""Rest of these before a consonant that takes their breath."""
_MET = {("k", "n"): ("ng", "n"), ("k", "m"): ("ng", "m"), ("k", "r"): ("ng", "n"), ("t", "n"): ("n", "n"),
        ("t", "m"): ("n", "m"), ("t", "r"): ("n", "n"), ("p", "n"): ("m", "n"), ("p", "m"): ("m", "m"),
        ("p", "r"): ("m", "n"), ("n", "r"): ("l", "l"), ("l", "n"): ("l", "l"), ("l", "r"): ("l", "l"),
        ("m", "r"): ("m", "n"), ("ng", "r"): ("ng", "n")}


def fits(slug: str, *, least: int = 1, most: int = MOST, reserved: Collection[str] = ()) -> bool:
    """True if this may be the end of an address, and no page of the site has it."""
    return least <= len(slug) <= most and bool(SLUG.fullmatch(slug)) and slug not in reserved


def proposed(title: str, is_taken: Callable[[str], bool], *, on: date, most: int = MOST,
             reserved: Collection[str] = ()) -> str:
    """An address made from a title, or from a day where the title has no words for one; with a number at its end where
    another has it already. `is_taken` is asked about one after the other.
    """
    words = _words(title, min(WORDS_MOST, most - 4))
    base = words if len(words) >= LEAST_PROPOSED else "-".join(filter(None, (f"{on:%Y-%m-%d}", words)))
    number, slug = 1, base
    while slug in reserved or is_taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def romanised(text: str) -> str:
    """`text` with its Hangul in Latin letters, everything else as it was."""
    text, pieces, run = unicodedata.normalize("NFC", text), [], []
    for character in text:
        if _FIRST <= ord(character) <= _LAST:
            run.append(ord(character) - _FIRST)
        else:
            pieces += [_pronounced(run), character]
            run = []
    return "".join((*pieces, _pronounced(run)))


def _words(title: str, most: int) -> str:
    """Words of a title joined by hyphens, whole ones as far as they fit."""
    plain = unicodedata.normalize("NFKD", romanised(unicodedata.normalize("NFKC", title)))
    kept = ""
    for word in _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)).lower()):
        longer = f"{kept}-{word}" if kept else word[:most].rstrip("-")
        if len(longer) > most:
            break
        kept = longer
    return kept


def _pronounced(run: list[int]) -> str:
    """Syllables that stand together, each as its number among those of Unicode."""
    sounds: list[str] = []
    begins = _INITIALS[run[0] // 588] if run else ""
    for place, syllable in enumerate(run):
        following = run[place + 1] if place + 1 < len(run) else None
        ends, after = _boundary(_FINALS[syllable % 28], following)
        sounds += [begins, _VOWELS[syllable // 28 % 21], ends]
        begins = after
    return "".join(sounds)


def _boundary(final: str, following: int | None) -> tuple[str, str]:
    """Sound at the end of a syllable and at the beginning of the next."""
    if following is None:
        return _CLOSED[final], ""
    initial = _INITIALS[following // 588]
    if not initial:
        vowel = _VOWELS[following // 28 % 21]
        return _BEFORE_I[final] if vowel == "i" and final in _BEFORE_I else _BEFORE_VOWEL[final]
    if initial == "h" and final in _BEFORE_H:
        return _BEFORE_H[final]
    if final in _OPEN and initial in _ASPIRATED:
        return _OPEN[final], _ASPIRATED[initial]
    if final == "ㅎ" and initial == "s":
        return "", "s"
    closed = _CLOSED[final]
    return _MET.get((closed, initial), (closed, initial))
