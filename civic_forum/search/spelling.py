"""Words beside a word: by its first consonants (ㄷㅅㄹ), and with one syllable or letter wrong, missing or too many.

Every known word lies under keys: itself, what is left of it without one of its parts, and its first consonants. Two
words that differ in one part share a key.
"""

import unicodedata
from collections.abc import Mapping

TYPED = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
INITIALS = "".join(chr(0x1100 + at) for at in range(len(TYPED)))
"""First consonants as they stand in a folded text."""
LONGEST, KEY_LENGTH = 12, 40
"""Longer words are kept without neighbours; a key in letters is three times as long as its word."""


def initials(word: str) -> str:
    """First consonants of a word of Hangul; nothing of another."""
    if not all("가" <= syllable <= "힣" for syllable in word):
        return ""
    return "".join(INITIALS[(ord(syllable) - 0xAC00) // 588] for syllable in word)


def is_initials(word: str) -> bool:
    return len(word) > 1 and all(letter in INITIALS for letter in word)


def typed(word: str) -> str:
    """First consonants as people type them."""
    return word.translate(dict(zip(map(ord, INITIALS), TYPED)))


def unaccented(word: str) -> str:
    """A Latin word without its marks."""
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) if letters[0] < "\u0250" else word


def _parts(word: str) -> str:
    """Of two syllables their letters are compared, of more the syllables."""
    return unicodedata.normalize("NFD", word) if len(word) == 2 else word


def _without_one(word: str) -> set[str]:
    parts = _parts(word)
    return {parts[:at] + parts[at + 1:] for at in range(len(parts))} if 2 <= len(word) <= LONGEST else set()


def keys(word: str) -> set[str]:
    """Under which a known word lies."""
    return {word, initials(word), unaccented(word), *_without_one(word)} - {""}


def asked(word: str) -> set[str]:
    """Keys at which words beside this one lie."""
    return {word} if is_initials(word) else {word, unaccented(word), *_without_one(word)}


def apart(word: str, other: str) -> int:
    """Number of letters between two words."""
    first, second = (unicodedata.normalize("NFD", unaccented(each)) for each in (word, other))
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        before, row[0] = row[0], at
        for place, beside in enumerate(second, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != beside))
    return row[-1]


def nearest(word: str, counts: Mapping[str, int]) -> list[str]:
    """Known words that may have been meant, the likeliest first: the least letters apart, the most frequent."""
    near = (other for other in counts if other != word and len(other) > 1)
    return sorted(near, key=lambda other: (apart(word, other), abs(len(other) - len(word)), -counts[other], other))
