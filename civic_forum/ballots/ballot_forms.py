"""The ballot as a voter fills it in: what stands on it, in which order, and what comes back as a choice.

All words come from the box's definition, so what people read is what the fingerprint covers.
"""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_bytes

from civic_forum.kernel import keys
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import Language, _, language

from . import refusals
from .models import BallotBox
from .rules.choices import BoxRule, Kind, NotAccepted
from .rules.choices import Refusal as Reason
from .rules.sealing import FORM_KEY_BYTES, HASH_BYTES
from .steps.casting import CastForm

REVISION_DIGITS = 8
"""Hex digits of a revision on its way: always as many, so that nothing shows in a length."""
MOST_BYTES = 8 * 1024
"""Of a ballot with a thousand options there are some 4,200."""
BLANK = "blank"
FEW = 3
"""Fewer categories than this are no help in finding an option."""
_DIGITS = {"fingerprint": 2 * HASH_BYTES, "form_key": 2 * FORM_KEY_BYTES, "revision": REVISION_DIGITS}


@dataclass(frozen=True)
class Line:
    """One option, or one question, in the language of the page."""

    number: int
    title: str
    text: str
    kind: str | None = None
    cost: int | None = None
    cost_note: str | None = None
    neighbourhood: str | None = None
    category: str | None = None
    department: str | None = None
    proposal: str | None = None
    """The public number of the proposal it comes from."""
    sign_language_video: str | None = None


@dataclass(frozen=True)
class BallotForm:
    """A ballot as it is opened: with a form key of its own and the revision that it replaces."""

    rule: BoxRule
    title: str
    question: str
    lines: tuple[Line, ...]
    fingerprint: str
    form_key: str
    revision: str
    nothing = 0
    """Won: what nothing chosen costs. A constant in a template would be written in one language for all."""

    @property
    def changes(self) -> bool:
        """Whether a ballot was cast before."""
        return int(self.revision, 16) > 0

    @property
    def single(self) -> bool:
        """One option out of several: radio buttons."""
        return self.rule.kind is Kind.APPROVAL and self.rule.limit == 1

    @property
    def asks_each(self) -> bool:
        """A yes or no for every line."""
        return self.rule.kind is Kind.YES_NO

    @property
    def most(self) -> int:
        """How many there are to choose or to answer."""
        return self.rule.limit or self.rule.options

    @property
    def costs(self) -> bool:
        return any(line.cost is not None for line in self.lines)

    @property
    def categories(self) -> list[str]:
        """To narrow the list by, in the order of the numbers; none where that would not help."""
        found = dict.fromkeys(line.category for line in sorted(self.lines, key=lambda line: line.number)
                              if line.category)
        return list(found) if FEW <= len(found) < len(self.lines) else []


def opened(box: BallotBox, person: bytes, revision: int) -> BallotForm:
    """A new form for this person, whose newest revision is this one (0: none)."""
    definition = json.loads(box.definition)
    lines = _in_order_of(box, person, [_line(option) for option in definition["options"]])
    return BallotForm(
        BoxRule.from_json(definition["rule"]), title_of(box), _in_words(definition, "question"), tuple(lines),
        box.fingerprint.hex(), token_bytes(FORM_KEY_BYTES).hex(), f"{revision:0{REVISION_DIGITS}x}")


def title_of(box: BallotBox) -> str:
    """What the vote is called, in the language of the page."""
    definition = json.loads(box.definition)
    return _translated(definition, "title") or definition["subject_title"]


def _line(option: dict) -> Line:
    known = {name: option.get(name) for name in Line.__dataclass_fields__}
    return Line(**known | {"title": _in_words(option, "title"), "text": _in_words(option, "text")})


def _in_words(part: dict, name: str) -> str:
    return _translated(part, name) or part.get(name, "")


def _translated(part: dict, name: str) -> str:
    return "" if language() is Language.KO else part.get(str(language()), {}).get(name, "")


def _in_order_of(box: BallotBox, person: bytes, lines: list[Line]) -> list[Line]:
    """Mixed, for this person always alike: nobody stands on top for all, and nothing is kept of it."""
    mixed = list(lines)
    random.Random(keys.keyed_hash("ballots.order", box.id + person)).shuffle(mixed)
    return mixed


def from_json(body: bytes) -> CastForm:
    """What the script sends: hex text of fixed lengths. Raises Invalid."""
    try:
        value = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError) as wrong:
        raise Invalid(_not_understood()) from wrong
    if not isinstance(value, dict) or set(value) != {*_DIGITS, "choice"}:
        raise Invalid(_not_understood())
    return _cast_form(value, _hex(value["choice"]))


def from_fields(fields, rule: BoxRule) -> CastForm:
    """What the page sends without script. Raises Invalid, or Refusal with the sentence for what was chosen."""
    try:
        choice = rule.blank_choice() if _only_blank(fields) else rule.encode(selection(fields, rule))
    except NotAccepted as wrong:
        raise refusals.not_accepted(wrong, rule.limit) from wrong
    return _cast_form(fields, choice)


def selection(fields, rule: BoxRule) -> dict[int, int]:
    """Which options were chosen in the fields of the page, with their values. Raises Invalid."""
    if rule.kind is Kind.APPROVAL:
        return {_number(text): 1 for text in fields.getlist("option") if text != BLANK}
    answers = {number: fields.get(f"answer-{number}") for number in range(1, rule.options + 1)}
    return {number: _number(text) for number, text in answers.items() if text is not None}


def is_blank(fields) -> bool:
    """Whether 기권 was chosen, alone or beside others."""
    return BLANK in fields or BLANK in fields.getlist("option")


def _only_blank(fields) -> bool:
    if is_blank(fields) and (set(fields.getlist("option")) - {BLANK} or any(map(_is_answer, fields))):
        raise NotAccepted(Reason.BLANK_WITH_CHOICES)
    return is_blank(fields)


def _is_answer(name: str) -> bool:
    return name.startswith("answer-")


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
        raise Invalid(_not_understood())
    return int(text)


def _cast_form(value: Mapping, choice: bytes) -> CastForm:
    found = {name: _hex(value.get(name), digits) for name, digits in _DIGITS.items()}
    return CastForm(found["fingerprint"], found["form_key"], int.from_bytes(found["revision"], "big"), choice)


def _hex(text: object, digits: int | None = None) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(r"(?:[0-9a-f]{2})*", text) or digits not in (None, len(text)):
        raise Invalid(_not_understood())
    return bytes.fromhex(text)


def _not_understood() -> str:
    return _("투표지를 읽지 못했어요. 투표 화면을 새로 연 뒤 다시 골라 주세요.")
