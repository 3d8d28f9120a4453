"""The ballot as a voter fills it in: what stands on it, in which order, and what comes back as a choice.

All words come from the box's definition, so what people read is what the fingerprint covers.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_bytes

from werkzeug.datastructures import MultiDict

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
    place: str | None = None
    scope: str | None = None
    condition: str | None = None
    """What must be fulfilled before it can be done."""
    one_of: tuple[int, ...] = ()
    """Numbers of the options, this one among them, of which only one can win."""


@dataclass(frozen=True)
class Group:
    """Lines with a least and a most of their own."""

    name: str
    least: int
    most: int
    lines: tuple[Line, ...]


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
    groups: tuple[Group, ...] = ()
    """All lines, each in one of them, or nothing where no group has limits of its own."""
    money: int | None = None
    """Won that all that is chosen may cost together; None: no matter how much."""
    key: str = ""
    """Stands before the names of its fields where a page holds several ballots."""
    name: str = ""
    """What tells it from the other ballots of a page."""
    finds: bool = False
    """Whether its list is searched by place, subject and words, rather than by subject alone."""
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

    def field(self, name: str) -> str:
        """What a field of this ballot is called on its page."""
        return f"{self.key}.{name}" if self.key else name

    def id(self, name: str) -> str:
        """The same for what labels point at."""
        return f"{self.key}-{name}" if self.key else name

    @property
    def sets(self) -> tuple[Group, ...]:
        """Its groups, or all lines as one."""
        return self.groups or (Group("", 0, self.most, self.lines),)

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


def opened(box: BallotBox, person: bytes, revision: int, *, key: str = "") -> BallotForm:
    """A new form for this person, whose newest revision is this one (0: none).

    `key` stands before the names of its fields where a page holds several ballots.
    """
    definition = json.loads(box.definition)
    exclusive = definition.get("budget", {}).get("exclusions", ())
    lines = tuple(_in_order_of(box, person, [_line(option, exclusive) for option in definition["options"]]))
    return BallotForm(
        BoxRule.from_json(definition["rule"]), title_of(box), _in_words(definition, "question"), lines,
        box.fingerprint.hex(), token_bytes(FORM_KEY_BYTES).hex(), f"{revision:0{REVISION_DIGITS}x}",
        _groups(definition, lines), definition["rule"].get("money", {}).get("limit"), key, name_of(definition),
        "envelope" in definition)


def name_of(definition: Mapping) -> str:
    """What tells one ballot from the others of its page: the envelope, else the whole title."""
    return _in_words(definition, "envelope") or definition["subject_title"]


def _groups(definition: Mapping, lines: tuple[Line, ...]) -> tuple[Group, ...]:
    """In the order of the definition, their lines in the order of the page."""
    return tuple(
        Group(one["name"], one["min"], one["max"], tuple(line for line in lines if line.number in one["options"]))
        for one in definition.get("groups", ()))


def title_of(box: BallotBox) -> str:
    """What the vote is called, in the language of the page."""
    definition = json.loads(box.definition)
    return _translated(definition, "title") or definition["subject_title"]


def _line(option: dict, exclusive: Iterable[Sequence[int]]) -> Line:
    known = {name: option.get(name) for name in Line.__dataclass_fields__}
    one_of = next((tuple(numbers) for numbers in exclusive if option["number"] in numbers), ())
    return Line(**known | {"title": _in_words(option, "title"), "text": _in_words(option, "text"), "one_of": one_of})


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


def several_from_json(body: bytes, keys: Sequence[str]) -> dict[str, CastForm]:
    """The same for several ballots of one page, by their keys: all of them and no other. Raises Invalid."""
    try:
        value = json.loads(body) if len(body) <= MOST_BYTES * len(keys) else None
    except (ValueError, RecursionError) as wrong:
        raise Invalid(_not_understood()) from wrong
    if not isinstance(value, dict) or set(value) != set(keys):
        raise Invalid(_not_understood())
    for one in value.values():
        if not isinstance(one, dict) or set(one) != {*_DIGITS, "choice"}:
            raise Invalid(_not_understood())
    return {key: _cast_form(value[key], _hex(value[key]["choice"])) for key in keys}


def fields_of(fields: MultiDict, key: str) -> MultiDict:
    """Those of one ballot among the fields of a page with several, under their own names."""
    return MultiDict([(name.removeprefix(f"{key}."), value) for name, value in fields.items(multi=True)
                      if name.startswith(f"{key}.")])


def from_fields(fields, rule: BoxRule) -> CastForm:
    """What the page sends without script. Raises Invalid, or Refusal with the sentence for what was chosen."""
    try:
        choice = rule.blank_choice() if _only_blank(fields) else rule.encode(selection(fields, rule))
    except NotAccepted as wrong:
        raise refusals.not_accepted(wrong, rule) from wrong
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
