"""Fields of answers to questions that were made at the desk: choices among options, steps of a scale, lines of money.

A choice is kept by the place of its option, from 0: options stay as they are from the first answer on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, RadioField, SelectChoice

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Checkboxes
from civic_forum.platform.i18n import _, won
from civic_forum.platform.personal_numbers import refuse_secret

from .part_files import Entry
from .part_fields import PartField

MOST_LINES = 12
PURPOSE_MOST = 60


@dataclass(frozen=True, kw_only=True)
class AnswerField(PartField):
    """Base of these."""

    def of_file(self, entry: Entry, key: str) -> object:
        """None: no file names answers."""
        return None


@dataclass(frozen=True, kw_only=True)
class Choice(AnswerField):
    """One of some options, by its place."""

    options: Sequence[str]
    macro = "radios"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: RadioField(self.label, validate_choice=False, choices=_choices(self.options))}

    def typed(self, record: Any, name: str) -> dict[str, object]:
        value = getattr(record, name)
        return {name: None if value is None else str(value)}

    def read(self, form: Any, name: str) -> int | None:
        place = form[name].data
        return _place(place, self.options, name) if place else None

    def shown(self, value: int | None) -> str:
        return "" if value is None else self.options[value]


@dataclass(frozen=True, kw_only=True)
class Several(AnswerField):
    """Some of the options, at most so many."""

    options: Sequence[str]
    most: int | None = None
    macro = "checkboxes"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: Checkboxes(self.label, validate_choice=False, choices=_choices(self.options))}

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {name: [str(place) for place in getattr(record, name) or ()]}

    def read(self, form: Any, name: str) -> list[int]:
        return sorted({_place(place, self.options, name) for place in form[name].data or ()})

    def check(self, name: str, value: Sequence[int] | None) -> None:
        if self.most is not None and len(value or ()) > self.most:
            raise Refusal(_("%(most)s개까지 고를 수 있어요.", most=self.most), field=name)

    def shown(self, value: Sequence[int] | None) -> str:
        return ", ".join(self.options[place] for place in value or ())


@dataclass(frozen=True, kw_only=True)
class Scale(AnswerField):
    """A step from 1 to `most`; `ends` are words of the lowest and the highest."""

    most: int
    ends: Sequence[str] = ()
    macro = "chips"

    def controls(self, name: str) -> dict[str, Any]:
        steps = range(1, self.most + 1)
        return {name: RadioField(self.label, validate_choice=False, choices=[
            SelectChoice(str(step), self.word(step)) for step in steps])}

    def word(self, step: int) -> str:
        word = {1: self.ends[0], self.most: self.ends[-1]}.get(step) if self.ends else None
        return f"{step} {word}" if word else str(step)

    def read(self, form: Any, name: str) -> int | None:
        typed = form[name].data
        step = plain_text.number(typed) if typed else None
        if typed and (step is None or not 1 <= step <= self.most):
            raise Refusal(_("하나를 골라 주세요."), field=name)
        return step

    def typed(self, record: Any, name: str) -> dict[str, object]:
        value = getattr(record, name)
        return {name: None if value is None else str(value)}

    def shown(self, value: int | None) -> str:
        return "" if value is None else f"{value} / {self.most}"


class MoneyField(Field):  # type: ignore[misc]
    """Lines of a purpose and a sum in won, typed beside each other; `data` has them as they were typed."""

    def __init__(self, label: Any, most: int | None, **options: Any) -> None:
        super().__init__(label, **options)
        self.most = most

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is not None:
            columns = (formdata.getlist(f"{self.name}-for"), formdata.getlist(f"{self.name}-won"))
            self.data = [(plain_text.clean(purpose), plain_text.clean(number))
                         for purpose, number in zip(*columns, strict=False)][:MOST_LINES]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Lines as the page shows them, with empty ones behind."""
        there = [(purpose, str(number)) for purpose, number in self.data or () if purpose or number]
        return there + [("", "")] * max(3 - len(there), min(1, MOST_LINES - len(there)))


@dataclass(frozen=True, kw_only=True)
class Money(AnswerField):
    """Lines of a budget, together at most so many won."""

    most: int | None = None
    macro = "money_lines"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: MoneyField(self.label, self.most)}

    def read(self, form: Any, name: str) -> list[list[Any]]:
        """Raises Refusal for a line without a purpose or a sum."""
        lines = []
        for purpose, typed in form[name].data or ():
            if not purpose and not typed:
                continue
            number = plain_text.number(typed.replace(",", ""), digits=12)
            if not purpose or not number or len(purpose) > PURPOSE_MOST:
                raise Refusal(_("줄마다 어디에 쓰는지와 얼마인지를 적어 주세요."), field=name)
            refuse_secret(**{name: purpose})
            lines.append([purpose, number])
        return lines

    def check(self, name: str, value: Sequence[Sequence[Any]] | None) -> None:
        if self.most is not None and total(value) > self.most:
            raise Refusal(_("모두 %(most)s을 넘지 않게 적어 주세요. 지금은 %(sum)s이에요.", most=won(self.most),
                            sum=won(total(value))), field=name)

    def shown(self, value: Sequence[Sequence[Any]] | None) -> str:
        lines = [f"{purpose} {won(number)}" for purpose, number in value or ()]
        return ", ".join([*lines, _("모두 %(sum)s", sum=won(total(value)))]) if lines else ""


def total(lines: Sequence[Sequence[Any]] | None) -> int:
    """Won of all lines."""
    return sum(number for _purpose, number in lines or ())


def _choices(options: Sequence[str]) -> list[SelectChoice]:
    return [SelectChoice(str(place), option) for place, option in enumerate(options)]


def _place(typed: str, options: Sequence[str], name: str) -> int:
    place = plain_text.number(str(typed))
    if place is None or place >= len(options):
        raise Refusal(_("목록에 있는 것 가운데 골라 주세요."), field=name)
    return place
