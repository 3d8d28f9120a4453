"""Likeness of texts: which words of a title say what it is about, and how much of that another text says as well.

Pure functions of words and of how often the district's own texts have them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from .rules import TITLE_LENGTH, pieces, words
from .wording import groups, is_common, is_verb, stem

MOST_TERMS = 12
VERB_SHARE, PLACE_SHARE, SHORT_SHARE = 0.35, 0.5, 0.4
"""Parts that these count beside a noun of the same rarity."""
PLACES = ("동", "역", "천", "로", "산", "구", "교", "거리", "밸리", "고개")
UNSEEN = 0.8
"""Rarity of a word that no text has: it says that another thing is wished for."""
BEGUN, INSIDE, ALIKE = 0.8, 0.6, 0.9
"""A longer word begins with it; has it inside; another word for the same stands there."""
BODY, LONG = 0.7, 800
"""A body says it rather than the title; the words of a body of which that halves."""
MUTUAL = 0.5
"""Weight of the fact that the other title is about nothing else."""
BAR, BESIDE = 0.28, 0.5
"""Least likeness that is shown, and least part of that of the likest."""


@dataclass(frozen=True)
class Term:
    """A word that says what a text is about, with other words for the same."""

    text: str
    forms: tuple[str, ...]
    share: float = 1.0
    weight: float = 1.0


@dataclass(frozen=True)
class Said:
    """A text as it is compared."""

    stems: Counter[str]
    text: str

    @classmethod
    def of(cls, text: str) -> "Said":
        some = words(text)
        return cls(Counter(map(stem, some)), f" {' '.join(some)} ")


@lru_cache(5_000)
def terms(text: str, own: Sequence[str] = ()) -> tuple[Term, ...]:
    """Subjects of a title: each word once, without those that every request has. `own`: words of the district."""
    known: dict[str, Term] = {}
    some = words(text[:TITLE_LENGTH])
    for word, following in zip(some, (*some[1:], "")):
        for term in _of_word(word, following, groups(own)):
            if not any(term.text in other.forms for other in known.values()):
                known.setdefault(term.text, term)
    return tuple(known.values())[:MOST_TERMS]


def _of_word(word: str, following: str, alike: Mapping[str, tuple[str, ...]]) -> Iterable[Term]:
    base = stem(word)
    if base not in alike and (is_common(word) or is_common(base)) or base.isdigit():
        return
    if _is_han(base[0]):
        yield from _of_characters(base, alike)
    elif len(base) > 1:
        part = base if base in alike else _part(base, alike)
        share = 1.0 if base in alike else VERB_SHARE if is_verb(word, following) else (
            PLACE_SHARE if base.endswith(PLACES) else 1.0)
        yield Term(base, tuple(dict.fromkeys((base, *([part] if part else []), *alike.get(part, ())))), share)
    elif "가" <= base <= "힣":
        yield Term(base, (base,), SHORT_SHARE)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _of_characters(base: str, alike: Mapping[str, tuple[str, ...]]) -> Iterable[Term]:
    """Terms of a text without spaces: the known words in it, else its pairs of characters."""
    known = [part for part in alike if part in base and _is_han(part[0])]
    longest = [part for part in known if not any(part != other and part in other for other in known)]
    return (Term(part, alike.get(part, (part,))) for part in longest or pieces(base))


def _part(word: str, alike: Mapping[str, tuple[str, ...]]) -> str:
    """The longest known word with which it begins or ends: of 공영주차장 that is 주차장."""
    parts = (part for size in range(len(word) - 1, 1, -1) for part in (word[:size], word[-size:]))
    return next((part for part in parts if part in alike), "")


def weighed(some: Iterable[Term], counts: Mapping[str, int], total: int) -> list[Term]:
    """Terms with the weight of their rarity in the district's own texts, the heaviest first."""
    def rarity(term: Term) -> float:
        count = min(sum(counts.get(form, 0) for form in term.forms), total)
        return log((total + 2) / (count + 1)) / log(total + 2) if count else UNSEEN

    return sorted((replace(term, weight=term.share * rarity(term)) for term in some), key=lambda term: -term.weight)


def likeness(some: Sequence[Term], title: str, body: str) -> float:
    """From 0 to 1: how much of the weight of these terms a text has; 0 where it shares no noun."""
    total, head, rest = sum(term.weight for term in some), Said.of(title), Said.of(body)
    long = BODY / (1 + rest.stems.total() / LONG)
    shared = [(_in(term, head), long * _in(term, rest) * _often(term, rest)) for term in some]
    nouns = [pair for term, pair in zip(some, shared) if term.share >= 0.9]
    is_about = any(in_title for in_title, _ in nouns) or bool(nouns) and (
        nouns[0][1] > 0 or sum(in_body > 0 for _, in_body in nouns) > 1)
    if not total or not is_about:
        return 0.0
    forms, own = {form for term in some for form in term.forms}, terms(title)
    mutual = sum(not forms.isdisjoint(term.forms) for term in own) / max(1, len(own))
    covered = sum(term.weight * max(pair) for term, pair in zip(some, shared)) / total
    return covered * (1 - MUTUAL + MUTUAL * min(1.0, 2 * mutual))


def _in(term: Term, text: Said) -> float:
    return max((1.0 if form == term.text else ALIKE) * _contains(form, text) for form in term.forms)


def _contains(form: str, text: Said) -> float:
    if form in text.stems:
        return 1.0
    if form.isascii():
        return float(f" {form}s " in text.text)
    if len(form) < 2 or form not in text.text:
        return 0.0
    return BEGUN if f" {form}" in text.text else INSIDE


def _often(term: Term, text: Said) -> float:
    """Of a body that says it once 0.8, of one that says it again and again 1."""
    times = sum(text.text.count(form) if len(form) > 1 and not form.isascii() else text.stems[form]
                for form in term.forms)
    return min(1.0, 0.7 + 0.1 * times)
