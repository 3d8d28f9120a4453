"""Words of Korean without their endings, words that mean much the same, and words that every request has.

Lists of words are data: `words/alike.txt`, `words/common.txt`, `words/endings.txt`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from .particles import final_consonant, stems

_DATA = Path(__file__).with_name("words")
_HELPS, _STRONG, _WHOLE, _BEGUN = "주줘줄있싶없못버보봐놓놔두", "어아여해와워려겨쳐켜펴혀", "=", "~"


@cache
def _listed(name: str) -> dict[str, tuple[str, ...]]:
    """Words of a list by the sign of their lines."""
    by_sign: dict[str, list[str]] = {}
    for line in (_DATA / name).read_text("utf-8").splitlines():
        sign, *some = line.split()
        by_sign.setdefault(sign, []).extend(some)
    return {sign: tuple(some) for sign, some in by_sign.items()}


@cache
def _endings() -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Those of verbs, the longest first; all; those that nothing but a verb has; those that make a noun a verb."""
    listed = _listed("endings.txt")
    ends, alone, made = (listed[sign] for sign in ("=", "~", "+"))
    every = {*ends, *alone, *made}
    return tuple(sorted({*ends, *made}, key=len, reverse=True)), frozenset(every), listed["!"], made


def grouped(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every word with those of its groups, one group a line."""
    alike: dict[str, tuple[str, ...]] = {}
    for line in lines:
        group = tuple(line.lower().replace(",", " ").split()) if not line.startswith("#") else ()
        for word in group:
            alike[word] = tuple(dict.fromkeys((*alike.get(word, ()), *group)))
    return alike


@lru_cache(8)
def groups(own: Sequence[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """Words that mean much the same; `own`: further groups of the district."""
    return grouped([*(_DATA / "alike.txt").read_text("utf-8").splitlines(), *own])


def is_common(word: str) -> bool:
    """Does every request have it?"""
    listed = _listed("common.txt")
    whole, begun, ends = frozenset(listed[_WHOLE]), listed[_BEGUN], _endings()[1]
    if word in whole or word[:-1] in whole and word[-1] in "이가을를에은는만":
        return True
    return any(word.startswith(beginning) and (word == beginning or word[len(beginning):] in ends)
               for beginning in begun)


@lru_cache(50_000)
def stem(word: str) -> str:
    """A word without particle and ending."""
    alike = groups()
    if word in alike or len(word) < 2:
        return word
    if word[-1] == "좀" and len(word) > 2:
        return stem(word[:-1])
    cut = stems(word)
    if known := [part for part in cut if part in alike]:
        return known[-1]
    endings, _every, verbal, _made = _endings()
    long = [part for part in cut if len(part) > 1]
    if long and not word.endswith(verbal):
        return long[0]
    if cut and not long and (len(word) > 2 or word[-1] in "을를에은는"):
        return cut[-1]
    return next((word[:-len(end)] for end in endings if word.endswith(end) and len(word) - len(end) > 1), word)


def is_verb(word: str, following: str) -> bool:
    """By its end, and by the word after it: 기다릴 때, 걸어 주는."""
    _endings_, _every, verbal, made = _endings()
    final = final_consonant(word[-1])
    if word.endswith("는") and len(word) > 1 and final_consonant(word[-2]):
        return True
    if word.endswith(verbal):
        return not word.endswith(made)
    if not following:
        return word.endswith("기") and len(word) < 4
    if following.startswith(("것", "때", "곳", "수", "데", "줄", "적", "건", "게")):
        return final in (4, 8) or word.endswith("는")
    return following[0] in _HELPS and word[-1] in _STRONG


def known_words(text: Iterable[str]) -> set[str]:
    """Words of a text without particles and endings, as they are counted."""
    return {base for word in text if len(base := stem(word)) > 1}
