"""Numbers in a text that tell who somebody is: noticed while it is written, masked where the writer wants it. Pure.

A resident registration number (주민등록번호) has six digits of birth date, one for sex and century, five, and a checksum.
Numbers given since October 2020 have no checksum any more (주민등록법 시행규칙 제2조). Where the two halves stand apart, the
date alone is enough for those born since, and for foreigners, who may have been registered since at any age.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from html import unescape

from .errors import Refusal
from .folding import folded, is_mark
from .i18n import _, _l

MASK = "＊"
"""Full-width, because a row of plain asterisks is Markdown."""
MOST_ROUNDS = 20


class Kind(StrEnum):
    RESIDENT = "resident"
    FOREIGNER = "foreigner"
    CARD = "card"
    PHONE = "phone"


WORDS = {Kind.RESIDENT: _l("주민등록번호"), Kind.FOREIGNER: _l("외국인등록번호"), Kind.CARD: _l("카드 번호"),
         Kind.PHONE: _l("전화번호")}
NEVER = frozenset((Kind.RESIDENT, Kind.FOREIGNER, Kind.CARD))
"""What nobody may publish; a phone number is sometimes meant to be known."""


@dataclass(frozen=True)
class Found:
    """A number in the text, from `start` to `end`; what is masked of it lies from `masked_from` to `masked_to`."""

    kind: Kind
    start: int
    end: int
    masked_from: int
    masked_to: int


class PersonalNumber(Refusal):
    """The text holds numbers that it should not; they can be masked."""

    def __init__(self, kinds: Iterable[Kind], *, field: str | None = None):
        self.kinds = frozenset(kinds)
        words = ", ".join(str(WORDS[kind]) for kind in Kind if kind in self.kinds)
        if self.kinds & NEVER:
            reason = _("%(numbers)s로 보이는 숫자가 있어요. 공개할 수 없으니 지우거나 가려 주세요.", numbers=words)
        else:
            reason = _("%(numbers)s로 보이는 숫자가 있어요. 모두에게 보여도 되는지 확인해 주세요.", numbers=words)
        super().__init__(reason, field=field)


_BETWEEN = r"[ .()*_\\-]{0,4}"
_ANYTHING = "[^0-9A-Za-z가]"
"""Between the parts of a number, line breaks too: whatever is no letter. (`_plain` writes all letters as one.)"""
_FREE = r"(?<![0-9A-Za-z])(?<![0-9]-)"
_OVER = r"(?![0-9A-Za-z])(?!-[0-9])"
_PHONE = re.compile(
    rf"(?:{_FREE}\+?82{_BETWEEN}(?:\(0\))?{_BETWEEN}(?:10|[2-6][0-9]?|70)"
    rf"|{_FREE}0(?:1[016-9]|2|[3-6][1-5]|70|50[0-9]?))"
    rf"{_ANYTHING}{{0,4}}([0-9]{{3,4}}){_ANYTHING}{{0,4}}[0-9]{{4}}{_OVER}")
_MOBILE = re.compile(r"(?:0|82\D*)1")
_REGISTERED = re.compile(rf"{_FREE}([0-9]{{6}})({_ANYTHING}{{0,8}})([0-9]{{7}}){_OVER}")
_APART = re.compile(r"[ .()*_\\~-]+|[ .()*_\\\n]*-[ .()*_\\\n-]*")
"""Signs between the halves of a registration number; numbers of a list are parted by something else."""
_IN_CARD = r"[ .()*_\\/:;~\n-]{0,4}"
_CARD = re.compile(rf"{_FREE}(?:[3-69][0-9]{{3}}(?:{_IN_CARD}[0-9]{{4}}){{3}}|3[47][0-9]{{2}}{_IN_CARD}[0-9]{{6}}"
                   rf"{_IN_CARD}[0-9]{{5}}){_OVER}")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
"""In rows; fewer of them are the mark of a note, or an exponent."""
_ADDRESS = re.compile(r"https?://\S+")
_NO_CHARACTER = re.compile(r"&#(?=[0-9]{8})")
"""Too many digits for the number of a character: Markdown leaves it as it is, and `unescape` may not even read it."""
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_NO_CHECKSUM = date(2020, 10, 1)
_CENTURY = {"9": 1800, "0": 1800, "1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000,
            "8": 2000}


def found(text: str) -> list[Found]:
    """Every number of these kinds, in order; none overlaps another."""
    plain, places = _plain(text)
    # Marked letter by letter: to compare each with all others takes minutes for a text that is nothing but numbers.
    in_address, taken = bytearray(len(plain)), bytearray(len(plain))
    for match in _ADDRESS.finditer(plain):
        _mark(in_address, *match.span())
    kept: list[Found] = []
    for hit in (*_registered(plain), *_outside(in_address, _cards(plain)), *_outside(in_address, _phones(plain))):
        if not any(taken[hit.start:hit.end]):
            _mark(taken, hit.start, hit.end)
            kept.append(hit)
    return [Found(hit.kind, places[hit.start], places[hit.end - 1] + 1, places[hit.masked_from],
                  places[hit.masked_to - 1] + 1) for hit in sorted(kept, key=lambda hit: hit.start)]


def _mark(letters: bytearray, start: int, end: int) -> None:
    letters[start:end] = b"\1" * (end - start)


def kinds(text: str) -> set[Kind]:
    return {hit.kind for hit in found(text)}


def masked(text: str) -> str:
    """The text with `010-＊＊＊＊-1234` for what was found; everything else stays as it is.

    What is masked may set free another number that overlapped it, so it is looked through again, and a text that was
    made to need it without end keeps what is left: whoever takes it looks for numbers once more.
    """
    letters = list(text)
    for _round in range(MOST_ROUNDS):
        if not (hits := found("".join(letters))):
            break
        for place in (place for hit in hits for place in range(hit.masked_from, hit.masked_to)):
            if unicodedata.digit(letters[place], None) is not None:
                letters[place] = MASK
    return "".join(letters)


def refuse_secret(**texts: str | None) -> None:
    """Raise PersonalNumber for what nobody may publish; the name of the text is the field of the form."""
    for name, text in texts.items():
        if text and (secret := secret_in(text)):
            raise PersonalNumber(secret, field=name)


def secret_in(text: str) -> set[Kind]:
    """Parts of it that nobody may publish, also where it is written as HTML would read it."""
    return kinds(unescape(_NO_CHARACTER.sub("&amp;#", text))) & NEVER


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text in ASCII with one letter for all others, without what nobody sees, and where each character stood."""
    text = text.replace("\t", " ")
    if text.isascii():
        return text, range(len(text))
    text = re.sub(f"[{_RAISED}]{{3,}}", lambda match: unicodedata.normalize("NFKC", match[0]), text)
    letters = [(plain, place) for place, character in enumerate(text) if (plain := _plain_character(character))]
    return "".join(plain for plain, _place in letters), [place for _plain, place in letters]


@lru_cache(maxsize=4_096)
def _plain_character(character: str) -> str:
    if character in MASK + _RAISED:
        return "가"
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    if is_mark(character) or folded(character) == "" and not character.isspace():
        return ""
    compatible = unicodedata.normalize("NFKC", character)
    if compatible.isascii() and len(compatible) == 1:
        return compatible
    if unicodedata.category(character) == "Pd" or character in "\u2212\u30fc\u3161":
        return "-"
    return "가" if character.isalnum() and character != "ㆍ" else "\n" if character.isspace() else "~"


def _outside(in_address: bytearray, hits: Iterable[Found]) -> list[Found]:
    """Web addresses hold long numbers that are nobody's."""
    return [hit for hit in hits if not in_address[hit.start]]


def _fitting(pattern: re.Pattern, plain: str, fits: Callable) -> Iterator[re.Match]:
    """Matches that look so and are so. What only looks so uses up nothing: a real one may begin within it."""
    start = 0
    while hit := pattern.search(plain, start):
        start = hit.start() + 1
        if fits(hit):
            yield hit
            start = hit.end()


def _phones(plain: str) -> list[Found]:
    """Lines of an area never begin with a nought; those of a mobile may."""
    return [Found(Kind.PHONE, *hit.span(), *hit.span(1)) for hit in _fitting(
        _PHONE, plain, lambda hit: _MOBILE.match(hit[0].lstrip("+")) or hit[1][0] not in "01")]


def _cards(plain: str) -> list[Found]:
    """Four digits at each end are on every receipt; numbers of which each has its own line are a list."""
    return [Found(Kind.CARD, *hit.span(), hit.start() + 4, hit.end() - 4)
            for hit in _fitting(_CARD, plain, lambda hit: hit[0].count("\n") < 2 and _luhn(hit[0]))]


def _registered(plain: str) -> list[Found]:
    return [Found(kind, *hit.span(), *hit.span(3)) for hit in _REGISTERED.finditer(plain)
            if (kind := _registration(hit[1] + hit[3], bool(_APART.fullmatch(hit[2]))))]


def _registration(digits: str, apart: bool) -> Kind | None:
    """Kind of registration number that these thirteen digits are, if any."""
    try:
        born = date(_CENTURY[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
    foreign = digits[6] in "5678"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    if int(digits[12]) == ((13 if foreign else 11) - total % 11) % 10:
        return Kind.FOREIGNER if foreign else Kind.RESIDENT
    without = apart and (foreign or born >= _NO_CHECKSUM)
    return (Kind.FOREIGNER if foreign else Kind.RESIDENT) if without else None


def _luhn(text: str) -> bool:
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    doubled = [digit * (1 + place % 2) for place, digit in enumerate(digits)]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
