"""Fields of forms: days and moments as a browser's own fields give them, in Seoul; whole numbers; choices."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput, DateTimeLocalInput

from . import periods, plain_text
from .errors import Refusal, existing
from .i18n import SEOUL, _, _l, local
from .periods import Within

YEARS = range(2000, 2101)
"""In which anything here can be: what is typed wrong is not reckoned with."""


class MomentField(StringField):
    """`2026-11-20T18:00` as people in the district read a clock; `moment` is the instant. `ends`: something is over
    then, and 00:00 is the evening before."""

    widget = DateTimeLocalInput()

    def __init__(self, *args, ends: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.ends = ends

    @property
    def warning(self) -> str:
        """Sentence about an end at 00:00, which is seldom meant."""
        return _("00:00이면 그 전날 밤 12시에 끝나요. 그날까지라면 다음 날 00:00이나 23:59로 적어 주세요.") \
            if self.ends and str(self.data or "").endswith("T00:00") else ""

    def process_data(self, value):
        self.data = f"{local(value):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value

    @property
    def moment(self) -> datetime | None:
        """Raises Refusal for what is no moment."""
        if not self.data:
            return None
        try:
            typed = datetime.fromisoformat(self.data)
        except ValueError as wrong:
            raise self._unclear() from wrong
        if typed.tzinfo is not None or typed.year not in YEARS:
            raise self._unclear()
        return typed.replace(tzinfo=SEOUL)

    def _unclear(self) -> Refusal:
        return Refusal(_("날짜와 시각을 다시 확인해 주세요."), field=self.short_name)

    @property
    def needed(self) -> datetime:
        return existing(self.moment, lambda: Refusal(_("날짜와 시각을 적어 주세요."), field=self.short_name))


class DayField(StringField):
    """`2026-11-20`."""

    widget = DateInput()

    def process_data(self, value):
        self.data = value.isoformat() if isinstance(value, date) else value

    @property
    def needed(self) -> date:
        """Raises Refusal for what is no day."""
        try:
            typed = date.fromisoformat(self.data or "")
        except ValueError as wrong:
            raise Refusal(_("날짜를 적어 주세요."), field=self.short_name) from wrong
        if typed.year not in YEARS:
            raise Refusal(_("연도를 다시 확인해 주세요."), field=self.short_name)
        return typed


class NumberField(StringField):
    """Plain digits; people may write 1,000."""

    def process_data(self, value):
        self.data = "" if value is None else str(value)

    @property
    def number(self) -> int | None:
        """None for nothing. Raises Refusal for what is no whole number."""
        text = (self.data or "").replace(",", "").replace(" ", "")
        if not text:
            return None
        return existing(plain_text.number(text, digits=14), lambda: Refusal(_("숫자로 적어 주세요."), field=self.short_name))


def offered(names: Mapping[Any, Any], nothing: Any) -> list[SelectChoice]:
    """Choices of a field: none of them, by this word, and what is named by key."""
    return [SelectChoice("", nothing), *(SelectChoice(str(key), name) for key, name in names.items())]


def chosen(field, kind: type):
    """The member that a choice names. Raises Refusal for anything else."""
    try:
        return kind(field.data)
    except ValueError as wrong:
        raise Refusal(_("하나를 골라 주세요."), field=field.short_name) from wrong


WITHIN = {Within.DAY: _l("그날까지"), Within.MONTH: _l("그달 안에"), Within.QUARTER: _l("그 분기 안에"), Within.YEAR: _l("그해 안에")}


class PeriodField(DayField):
    """A day of a period by which something is promised; words that are none stay `written` beside it."""

    written = ""

    def process_data(self, value):
        last = value if isinstance(value, date) else periods.last_day(value)
        self.written = "" if last else value or ""
        super().process_data(last)


def within_field() -> SelectField:
    """The choice beside a day of whether it is meant itself, or its month, quarter or year."""
    return SelectField(_l("날, 달, 분기, 해"), default=Within.DAY.value, validate_choice=False,
                       choices=[SelectChoice(within.value, label) for within, label in WITHIN.items()])


def last_day_of(day: date | None, within: SelectField) -> date | None:
    """The last day of the period that was chosen. Raises Refusal for a choice that there is not."""
    return None if day is None else periods.end(day, chosen(within, Within))
