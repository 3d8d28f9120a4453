"""Paper ballots typed in: what a typist may write, where two typings differ, what a settled batch holds."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from ..rules.choices import BoxRule, Kind, NEITHER, NO, YES

INVALID = b""
"""An invalid sheet (무효) among choices."""
MOST_SHEETS = 500
"""In one batch: a pile that two people can still hold in their hands."""
LEAST_SHEETS = 10
"""In a batch beside another one: its figures are published, and of fewer sheets they would tell too much."""
MOST_TYPED = 400
"""Characters that are looked at for one sheet."""

_BLANK_WORDS = frozenset({"0", "기권", "rlrnjs"})
_INVALID_WORDS = frozenset({"x", "무효", "angy"})
"""Also as they come out when the keyboard is still set to Latin letters."""
_ANSWERS = {"1": YES, "찬": YES, "찬성": YES, "o": YES, "2": NO, "반": NO, "반대": NO, "3": NEITHER, "-": NEITHER}
_NUMBER, _POINTS = re.compile(r"([0-9]{1,4})"), re.compile(r"([0-9]{1,4})[:=]([0-9]{1,5})")


class Misread(StrEnum):
    """Reasons why typed text stands for no sheet at all."""

    EMPTY = "empty"
    UNKNOWN_WORD = "unknown_word"
    TWICE = "twice"


class Unreadable(Exception):
    """Typed text that cannot be read; `word` is the part that cannot."""

    def __init__(self, reason: Misread, word: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.word = word


def read_sheet(typed: str, rule: BoxRule) -> bytes:
    """The choice that a typist wrote, `INVALID` for an invalid sheet.

    Numbers of options apart by spaces or commas; `number:points` where points are given; where each question
    has an answer 1, 2 or 3 (yes, no, neither) in the order of the questions; 0 or 기권 for the explicit
    blank, x or 무효 for an invalid sheet. Raises Unreadable, or NotAccepted of the rule.
    """
    text = unicodedata.normalize("NFKC", typed[:MOST_TYPED]).strip().casefold()
    if not text:
        raise Unreadable(Misread.EMPTY)
    if text in _BLANK_WORDS:
        return rule.blank_choice()
    if text in _INVALID_WORDS:
        return INVALID
    words = [word for word in re.split(r"[\s,./]+", text) if word]
    if rule.kind is Kind.YES_NO:
        return _encoded(rule, _answers(words))
    if rule.kind is Kind.POINTS:
        return _encoded(rule, [_numbers(_POINTS, word) for word in words])
    return _encoded(rule, [(*_numbers(_NUMBER, word), 1) for word in words])


def _encoded(rule: BoxRule, pairs: Iterable[Sequence[int]]) -> bytes:
    selection: dict[int, int] = {}
    for option, value in pairs:
        if option in selection:
            raise Unreadable(Misread.TWICE, str(option))
        selection[option] = value
    return rule.encode(selection)


def _answers(words: Sequence[str]) -> list[tuple[int, int]]:
    if len(words) == 1 and len(words[0]) > 1 and set(words[0]) <= set("123"):
        words = list(words[0])
    for word in words:
        if word not in _ANSWERS:
            raise Unreadable(Misread.UNKNOWN_WORD, word)
    return [(option, _ANSWERS[word]) for option, word in enumerate(words, start=1)]


def _numbers(pattern: re.Pattern[str], word: str) -> list[int]:
    match = pattern.fullmatch(word)
    if match is None:
        raise Unreadable(Misread.UNKNOWN_WORD, word)
    return list(map(int, match.groups()))


def written(choice: bytes, rule: BoxRule) -> str:
    """The text a typist would write for this choice: `read_sheet` gives it back. Empty for an invalid sheet."""
    if choice == INVALID:
        return ""
    if rule.is_blank(choice):
        return "0"
    values = [int.from_bytes(choice[at:at + 2], "big") for at in range(1, len(choice), 2)]
    if rule.kind is Kind.YES_NO:
        return " ".join(str(value) for value in values)
    chosen = [(option, value) for option, value in enumerate(values, start=1) if value]
    return " ".join(f"{option}:{value}" if rule.kind is Kind.POINTS else str(option) for option, value in chosen)


def differences(first: Sequence[bytes], second: Sequence[bytes]) -> list[int]:
    """Numbers of the sheets, from 1, that two typists read differently; ValueError unless both have as many."""
    return [number for number, (left, right) in enumerate(zip(first, second, strict=True), start=1) if left != right]


def agreed(first: Sequence[bytes], second: Sequence[bytes], decided: Mapping[int, bytes]) -> list[bytes]:
    """The sheets as both read them, and as the third person decided where they differ. ValueError unless exactly the
    differing sheets are decided."""
    if set(decided) != set(differences(first, second)):
        raise ValueError("exactly the sheets that differ are decided")
    return [decided.get(number, sheet) for number, sheet in enumerate(first, start=1)]


def fits(sheets: int, left: int, others: int) -> bool:
    """True where so many of the sheets that are left make a batch beside `others` batches: all of them in the only one;
    else as many as a batch needs, while none stay behind or enough for another one."""
    if sheets == left and not others:
        return True
    return sheets >= LEAST_SHEETS and (left == sheets or left - sheets >= LEAST_SHEETS)


def settled(rule: BoxRule, sheets: Sequence[bytes]) -> tuple[bytes, int, int]:
    """The content of a batch for good: counted choices one after another in the order of the sheets, their number, and
    that of invalid sheets. Raises NotAccepted when a sheet holds anything but a choice of this box."""
    counted = [sheet for sheet in sheets if sheet != INVALID]
    for choice in counted:
        rule.check(choice)
    return b"".join(counted), len(counted), len(sheets) - len(counted)
