"""The ballot as a voter fills it in: what stands on it, in which order, and what comes back as a choice.

All words come from the box's definition, so what people read is what the fingerprint covers.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from secrets import token_bytes
from typing import NamedTuple, Self

from werkzeug.datastructures import MultiDict

from civic_forum.platform import keys
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import Language, _, language, won

from ..box.casting import CastForm
from ..box.sealing import FORM_KEY_BYTES, HASH_BYTES, MINE_BYTES, STATE_BYTES
from ..box.voters import Participation
from ..models import BallotBox
from ..queries import asked
from ..rules.choices import BoxRule, Kind, NotAccepted
from ..rules.choices import Refusal as Reason
from . import refusals

MOST_BYTES = 8 * 1024
"""Of a ballot with a thousand options there are some 4,200."""
BLANK = "blank"
FEW = 3
"""Fewer categories than this are no help in finding an option."""
_DIGITS = {"fingerprint": 2 * HASH_BYTES, "form_key": 2 * FORM_KEY_BYTES, "state": 2 * STATE_BYTES,
           "mine": 2 * MINE_BYTES}
"""Hex digits of each part: always as many, so that nothing shows in a length."""
OF_A_LINE = ("number", "title", "text", "kind", "cost", "cost_note", "neighbourhood", "category", "department",
             "proposal", "sign_language_video", "place", "scope", "condition")
"""An option or a question as a ballot shows it: `proposal` is the number of the one it comes from, `condition` must
be fulfilled first. Beside these stands `one_of`: numbers of options, this one too, of which only one can win."""


class FormGroup(NamedTuple):
    """Lines with a least and a most of their own."""

    name: str
    least: int
    most: int
    lines: tuple[dict, ...]


@dataclass(frozen=True)
class BallotForm:
    """A ballot as it is opened: with a form key of its own and the state of the row that it replaces."""

    rule: BoxRule
    title: str
    question: str
    lines: tuple[dict, ...]
    """In the language of the page."""
    fingerprint: str
    form_key: str
    state: str
    mine: str
    """For a page without script; with it the browser draws its own."""
    changes: bool
    """True after a ballot was cast before."""
    groups: tuple[FormGroup, ...] = ()
    """All lines, each in one of them, or nothing where no group has limits of its own."""
    money: int | None = None
    """Won that all that is chosen may cost together; None: no matter how much."""
    key: str = ""
    """Stands before the names of its fields where a page holds several ballots."""
    name: str = ""
    """The name that tells it from the other ballots of a page."""
    finds: bool = False
    """True where its list is searched by place, subject and words, rather than by subject alone."""
    nothing = 0
    """Won: what nothing chosen costs. A constant in a template would be written in one language for all."""

    @property
    def single(self) -> bool:
        """One option out of several: radio buttons."""
        return self.rule.kind is Kind.APPROVAL and self.rule.limit == 1

    @property
    def asks_each(self) -> bool:
        """A yes or no for every line."""
        return self.rule.kind is Kind.YES_NO

    def field(self, name: str) -> str:
        """The name of a field of this ballot on its page."""
        return f"{self.key}.{name}" if self.key else name

    def id(self, name: str) -> str:
        """The same for what labels point at."""
        return f"{self.key}-{name}" if self.key else name

    @property
    def sets(self) -> tuple[FormGroup, ...]:
        """Its groups, or all lines as one."""
        return self.groups or (FormGroup("", 0, self.most, self.lines),)

    @property
    def most(self) -> int:
        """The number of options to choose or of questions to answer."""
        return self.rule.limit or self.rule.options

    @property
    def costs(self) -> bool:
        return any(line["cost"] is not None for line in self.lines)

    @property
    def categories(self) -> list[str]:
        """To narrow the list by, in the order of the numbers; none where that would not help."""
        names = dict.fromkeys(line["category"] for line in sorted(self.lines, key=itemgetter("number"))
                              if line["category"])
        return list(names) if FEW <= len(names) < len(self.lines) else []


@dataclass(frozen=True)
class LastLook:
    """A ballot that was sent without script, to be looked at before it is cast."""

    form: BallotForm
    sent: Mapping[str, str]
    """Hidden fields as they came."""
    chosen: Mapping[int, int]
    blank: bool

    @classmethod
    def of(cls, form: BallotForm, fields: MultiDict) -> Self:
        """Of fields that `from_fields` took."""
        return cls(form, {name: fields[name] for name in _DIGITS}, selection(fields, form.rule), is_blank(fields))

    @property
    def sum(self) -> int:
        return sum(line["cost"] or 0 for line in self.form.lines if line["number"] in self.chosen)

    @property
    def fill(self) -> str:
        """Makes the sum as long as any other."""
        return "x" * (LONGEST_SUM - len(won(self.sum).encode()))


LONGEST_SUM = 60
"""Bytes of a sum in words."""


def opened(box: BallotBox, person: bytes, standing: Participation, *, key: str = "",
           form_key: bytes | None = None) -> BallotForm:
    """A new form for this person, who stands like this. `key`: before names of fields where a page has several;
    `form_key`: of `box.casting.opened_for`."""
    definition = asked(box)
    rule, exclusive = BoxRule.from_json(definition["rule"]), definition.get("budget", {}).get("exclusions", ())
    lines = [_line(option, exclusive) for option in definition["options"]]
    # mixed, for this person always alike: nobody stands on top for all, and nothing is kept of it
    random.Random(keys.keyed_hash("ballots.order", box.id + person, keys.FIRST)).shuffle(lines)
    groups = tuple(FormGroup(group["name"], group["min"], group["max"],
                         tuple(line for line in lines if line["number"] in group["options"]))
                   for group in definition.get("groups", ()))
    return BallotForm(
        rule, title_of(box), _in_words(definition, "question"), tuple(lines), box.fingerprint.hex(),
        (form_key or token_bytes(FORM_KEY_BYTES)).hex(), standing.state.hex(), token_bytes(MINE_BYTES).hex(),
        standing.channel is not None, groups, rule.money and rule.money.limit, key, name_of(definition),
        "envelope" in definition)


def name_of(definition: Mapping) -> str:
    """The name that tells one ballot from the others of its page: the envelope, else the whole title."""
    return _in_words(definition, "envelope") or definition["subject_title"]


def title_of(box: BallotBox) -> str:
    """The title of the vote, in the language of the page."""
    definition = asked(box)
    return _translated(definition, "title") or definition["subject_title"]


def _line(option: dict, exclusive: Iterable[Sequence[int]]) -> dict:
    one_of = next((numbers for numbers in exclusive if option["number"] in numbers), ())
    return {name: option.get(name) for name in OF_A_LINE} | {
        "title": _in_words(option, "title"), "text": _in_words(option, "text"), "one_of": one_of}


def _in_words(part: dict, name: str) -> str:
    return _translated(part, name) or part.get(name, "")


def _translated(part: dict, name: str) -> str:
    return "" if language() is Language.KO else part.get(str(language()), {}).get(name, "")


def from_json(body: bytes) -> CastForm:
    """The ballot that the script sends: hex text of fixed lengths. Raises Invalid."""
    return _from_script(_loaded(body, MOST_BYTES))


def several_from_json(body: bytes, keys: Sequence[str]) -> dict[str, CastForm]:
    """The same for several ballots of one page, by their keys: all of them and no other. Raises Invalid."""
    ballots = _named(_loaded(body, MOST_BYTES * len(keys)), set(keys))
    return {key: _from_script(ballots[key]) for key in keys}


def _loaded(body: bytes, most: int) -> object:
    try:
        return json.loads(body) if len(body) <= most else None
    except (ValueError, RecursionError) as wrong:
        raise Invalid(_not_understood()) from wrong


def _named(value: object, names: set[str]) -> dict:
    if not isinstance(value, dict) or set(value) != names:
        raise Invalid(_not_understood())
    return value


def _from_script(value: object) -> CastForm:
    parts = _named(value, {*_DIGITS, "choice"})
    return _cast_form(parts, _hex(parts["choice"]))


def fields_of(fields: MultiDict, key: str) -> MultiDict:
    """Those of one ballot among the fields of a page with several, under their own names."""
    return MultiDict([(name.removeprefix(f"{key}."), value) for name, value in fields.items(multi=True)
                      if name.startswith(f"{key}.")])


def from_fields(fields, rule: BoxRule) -> CastForm:
    """The ballot of a page without script. Raises Invalid, or Refusal with the sentence for what was chosen."""
    try:
        choice = rule.blank_choice() if _only_blank(fields) else rule.encode(selection(fields, rule))
    except NotAccepted as wrong:
        raise refusals.not_accepted(wrong, rule) from wrong
    return _cast_form(fields, choice)


def selection(fields, rule: BoxRule) -> dict[int, int]:
    """Options that were chosen in the fields of the page, with their values. Raises Invalid."""
    if rule.kind is Kind.APPROVAL:
        return {_number(text): 1 for text in fields.getlist("option") if text != BLANK}
    answers = {number: fields.get(f"answer-{number}") for number in range(1, rule.options + 1)}
    return {number: _number(text) for number, text in answers.items() if text is not None}


def is_blank(fields) -> bool:
    """True where 기권 was chosen, alone or beside others."""
    return BLANK in fields or BLANK in fields.getlist("option")


def _only_blank(fields) -> bool:
    answered = any(name.startswith("answer-") for name in fields)
    if is_blank(fields) and (answered or set(fields.getlist("option")) - {BLANK}):
        raise NotAccepted(Reason.BLANK_WITH_CHOICES)
    return is_blank(fields)


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
        raise Invalid(_not_understood())
    return int(text)


def _cast_form(value: Mapping, choice: bytes) -> CastForm:
    return CastForm(**{name: _hex(value.get(name), digits) for name, digits in _DIGITS.items()}, choice=choice)


def _hex(text: object, digits: int | None = None) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(r"(?:[0-9a-f]{2})*", text) or digits not in (None, len(text)):
        raise Invalid(_not_understood())
    return bytes.fromhex(text)


def _not_understood() -> str:
    return _("투표지를 읽지 못했어요. 투표 화면을 새로 연 뒤 다시 골라 주세요.")
