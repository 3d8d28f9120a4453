"""Tokens of a text and of a question. The same tokens are kept by both databases.

A word is cut into units: each syllable of Hangul (or character of another script written without
spaces) is one, each run of letters and digits is one. Every two neighbouring units make a token, so
that 주차장 is found inside 공영주차장을 by the phrase 주차 차장; a run of letters and digits is also a token
alone, so that CCTV is found in CCTV를.

SQLite forgets a text by being told its tokens again: a change of `tokens` needs `steps.rebuild` in a
migration.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property, lru_cache
from typing import NamedTuple

from .particles import stems
from .wording import groups, stem

TITLE_LENGTH, BODY_LENGTH = 200, 10_000
"""What is kept of a text, in characters."""
QUERY_LENGTH = 100
QUERY_WORDS = 8
UNIT_LENGTH = 40
"""Longer runs of letters are cut; a lexeme of PostgreSQL may have 2,046 bytes."""
REPEATS = 255
"""PostgreSQL keeps no more positions of one lexeme in one text, so SQLite gets no more either."""

KINDS = {"proposal": "p", "comment": "c", "agenda": "a", "forum": "f", "consultation": "o", "poll": "v", "action": "n",
         "outcome": "r", "budget_round": "b", "project": "j", "commitment": "k",
         "body": "m", "intake_item": "i", "survey": "s", "call": "l", "plan": "d", "series": "y", "evaluation": "e"}
"""What can be found; the letter stands before every token of the kind and in its ids, and never changes."""

ANY_KIND = "\x00"
"""Stands for the letter in an expression that is asked of several kinds."""
TITLE = "·"
"""Stands before tokens of titles. It is in no word, so nothing else can look the same."""

_SYLLABLES = ("가-힣々\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
              "\U00020000-\U0003ffff")
_RUN = rf"[^\W_{_SYLLABLES}]"
_WORD = re.compile(rf"(?:[{_SYLLABLES}]|[^\W_])+")
_UNIT = re.compile(rf"[{_SYLLABLES}]|{_RUN}+")
_PLAIN = re.compile(r"[가-힣]+")
_RARE = re.compile(r"[^\x00-\u02ff\u2000-\u206f\u3000-\u303f가-힣]")


def folded(text: str) -> str:
    """`text` in the form that is compared: NFC and lower case, exactly as long as its NFC form."""
    text = unicodedata.normalize("NFC", text)
    if _RARE.search(text):
        return "".join(map(_folded_character, text))
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(map(_folded_character, text))


def _folded_character(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character).casefold()
    return compatible if len(compatible) == 1 else character.lower() if len(character.lower()) == 1 else character


def words(text: str) -> list[str]:
    """The words of `text`, folded."""
    return _WORD.findall(folded(text))


def units(word: str) -> list[str]:
    return [unit[:UNIT_LENGTH] for unit in _UNIT.findall(word)]


def pairs_and_runs(word: str) -> tuple[list[str], list[str]]:
    """Every two neighbouring units of a word, and its runs of two and more letters or digits."""
    if _PLAIN.fullmatch(word):
        return [word[at:at + 2] for at in range(len(word) - 1)], []
    parts = units(word)
    return ([first + second for first, second in zip(parts, parts[1:])], [part for part in parts if len(part) > 1])


def pieces(text: str) -> list[str]:
    """The tokens of `text` in their order, runs of letters last."""
    pairs, runs = [], []
    for word in words(text):
        of_word, alone = pairs_and_runs(word)
        pairs += of_word
        runs += alone
    return pairs + runs


def tokens(kind: str, title: str, body: str) -> list[str]:
    """Tokens that the index keeps of one text: the title's tokens marked as such, then those of all of it."""
    letter = KINDS[kind]
    of_title = pieces(title)
    tokens = [f"{letter}{TITLE}{piece}" for piece in of_title]
    tokens += [letter + piece for piece in of_title]
    tokens += [letter + piece for piece in pieces(body)]
    return tokens if len(tokens) <= REPEATS else list(_at_most_repeats(tokens))


def _at_most_repeats(tokens: list[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for token in tokens:
        seen[token] += 1
        if seen[token] <= REPEATS:
            yield token


def marked(piece: str, kind: str, *, title: bool = False) -> str:
    return KINDS[kind] + TITLE * title + piece


@dataclass(frozen=True)
class QueryWord:
    """A word of a question: the text to look for and the tokens that must stand side by side."""

    text: str
    """Without its particle; what has the particle has this too."""
    full: str
    """As it was asked."""
    phrase: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Other words for the same."""

    def marked(self, kind: str, *, title: bool = False) -> list[str]:
        """The phrase as tokens of `kind`."""
        return [marked(piece, kind, title=title) for piece in self.phrase]

    @cached_property
    def phrases(self) -> list[tuple[str, ...]]:
        """The phrase, those of the compound in two words, and those of the other words."""
        every = dict.fromkeys((self.phrase, *_apart(self.text), *map(_phrase, self.also)))
        return [phrase for phrase in every if phrase]

    @property
    def pattern(self) -> str:
        """A regular expression for the folded text; letters match whole runs only, as in the index."""
        return "|".join(_pattern(text) for text in dict.fromkeys((self.full, self.text, *self.also)))


def _apart(word: str) -> Iterator[tuple[str, ...]]:
    """버스정류장 as 버스 정류장 stands in a text, 무인민원발급기 as 무인 민원 발급기: without the pairs over the gaps."""
    if _PLAIN.fullmatch(word):
        pairs = _phrase(word)
        gaps = range(1, len(pairs) - 1)
        yield from (pairs[:at] + pairs[at + 1:] for at in gaps)
        yield from (pairs[:at] + pairs[at + 1:other] + pairs[other + 1:] for at in gaps for other in gaps[at + 1:])


def _pattern(text: str) -> str:
    before = rf"(?<!{_RUN})" if re.match(_RUN, text) else ""
    after = rf"(?!{_RUN})" if re.match(_RUN, text[-1]) else ""
    within = " ?".join(text) if len(text) > 3 and _PLAIN.fullmatch(text) else re.escape(text)
    return before + within + after


@lru_cache(256)
def wanted(query: str, own: Sequence[str] = ()) -> tuple[QueryWord, ...]:
    """The usable words of a question, at most eight: two syllables, letters or digits at least. `own`: groups of words
    of the district."""
    asked = dict.fromkeys(words(unicodedata.normalize("NFC", query[:QUERY_LENGTH * 4])[:QUERY_LENGTH]))
    candidates = (query_word(word, own) for word in asked)
    return tuple(word for word in candidates if word.phrase)[:QUERY_WORDS]


@lru_cache(256)
def pattern(some: tuple[QueryWord, ...]) -> re.Pattern[str] | None:
    """All words of a question, for the folded text; None for no usable word."""
    return re.compile("|".join(word.pattern for word in some)) if some else None


def query_word(word: str, own: Sequence[str] = ()) -> QueryWord:
    text = next((part for part in stems(word) if _phrase(part)), word)
    alike = groups(own)
    group = next((alike[form] for form in (word, stem(word), text) if form in alike), ())
    also = dict.fromkeys(form for form in (stem(word), *group) if form not in (text, word) and len(form) > 1)
    return QueryWord(text, word, _phrase(text), tuple(also))


def _phrase(word: str) -> tuple[str, ...]:
    pairs, runs = pairs_and_runs(word)
    return tuple(pairs or runs)


_POLITE = frozenset("주세 세요 줘요 해요 주시 시면 으면 었으 있어 어요 아요 에요 예요 합니 습니 입니 니다 하자 하기 해서 하는".split())
"""Pieces of words that every request has."""


def distinct_pieces(text: str) -> list[str]:
    """Pieces of the words of a title without particles and politeness, each once, to look for similar texts."""
    pieces = (piece for word in words(text[:TITLE_LENGTH]) for piece in query_word(word).phrase)
    return [piece for piece in dict.fromkeys(pieces) if piece not in _POLITE]


SECONDS_FROM = datetime(2000, 1, 1, tzinfo=timezone.utc)
SECOND_BITS, TIE_BITS = 33, 10
AGE_BITS = SECOND_BITS + TIE_BITS
BEYOND = 1 << 62
"""Greater than every place."""


def place(kind: str, ref_id: int, at: datetime) -> int:
    """The number of an entry in the index: it grows with the age of the text, within its kind.

    Both databases then give the newest first by walking a list backwards, without sorting. Texts of
    one second share 1,024 numbers by their own ids; who finds one taken moves on to the next.
    """
    second = min(max(int((at - SECONDS_FROM).total_seconds()), 0), (1 << SECOND_BITS) - 2)
    return _first_place(kind) + (second << TIE_BITS) + ref_id % (1 << TIE_BITS)


def _first_place(kind: str) -> int:
    return (ord(KINDS[kind]) - ord("a") + 1) << AGE_BITS


def order(number: int) -> tuple[int, int]:
    """Sorts places of several kinds by age; greater is newer."""
    kind, age = divmod(number, 1 << AGE_BITS)
    return age, kind


def places_before(kind: str, number: int) -> tuple[int, int]:
    """First and last place of `kind` that stand before `number`, a place of any kind, in that order."""
    first = _first_place(kind)
    if number >= BEYOND:
        return first, first + (1 << AGE_BITS) - 1
    age, of_kind = order(number)
    return first, first + age - (first >> AGE_BITS >= of_kind)


class Wish(NamedTuple):
    """A list to be had from the index: the newest so many that match and stand between two places."""

    expression: str
    """In the language of the database's index."""
    first: int
    last: int
    limit: int


def numbered(wishes: Sequence[Wish]) -> dict[str, int | str]:
    """The parameters of a statement that asks for several lists: `limit_0`, `limit_1` …"""
    return {f"{name}_{number}": value for number, wish in enumerate(wishes) for name, value in wish._asdict().items()}
