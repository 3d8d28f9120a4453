"""An entry as it is typed. Each form gives the content of its entry, and takes one to correct."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.fields import DayField, NumberField, chosen
from civic_forum.platform.forms import PUBLIC, Checkboxes, SeenForm
from civic_forum.platform.i18n import _, _l, local

from .. import amounts, labels, rules
from ..ledger import placed
from ..models import Commitment
from ..rules import EntryKind, Ledger, Status, Unit

BLANK = 3
"""Empty rows that a table of a form offers beyond those that are there."""
Row = Sequence[str]


def typed_day(text: str | None, field: str) -> date | None:
    """Raises Refusal for what is no day."""
    text = (text or "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in rules.YEARS:
        raise Refusal(_("날짜를 2027-03-31처럼 적어 주세요."), field=field)
    return day


def typed_number(text: str | None, field: str, sentence: str) -> int | None:
    text = (text or "").replace(",", "").strip()
    number = plain_text.number(text, digits=9) if text else None
    if text and number is None:
        raise Refusal(sentence, field=field)
    return number


def listed(field: SelectField, known: Mapping[int, object]) -> int | None:
    """The key that was chosen. Raises Refusal for one that is not known."""
    text = field.data or ""
    number = plain_text.number(text) if text else None
    if text and number not in known:
        raise Refusal(_("목록에 있는 것을 골라 주세요."), field=field.name)
    return number


class EntryForm(SeenForm):
    """An entry; with `corrects` one that takes the place of another."""

    kind: EntryKind
    corrects = HiddenField(default="")
    on = DayField(_l("언제 있었던 일인가요?"))
    corrected_why = StringField(_l("바로잡는 이유"))
    tables: Mapping[str, tuple[str, ...]] = {}
    """Names of tables, with the names of the columns of each: as many fields of one name as there are rows."""

    def __init__(self, commitment: Commitment, ledger: Ledger, **options: Any) -> None:
        super().__init__(**options)
        self.commitment, self.ledger = commitment, ledger
        self.unit = Unit(ledger.facts.get("unit", Unit.THOUSAND))
        self.prepare()

    def prepare(self) -> None:
        """Give fields the choices that depend on the commitment."""

    @property
    def corrected(self) -> int | None:
        return plain_text.number(self.corrects.data or "", digits=6)

    def day(self) -> date:
        return typed_day(self.on.data, "on") or local(clock.now()).date()

    def content(self) -> dict[str, Any]:
        """Raises Refusal at the field for what cannot be read."""
        return {}

    def shown(self) -> list[Any]:
        """Fields that the page shows, in their order."""
        hidden = {"csrf_token", "seen", "corrects", "corrected_why", "confirmed", *self.tables}
        return [field for field in self if field.name not in hidden]

    def rows(self, table: str) -> list[Row]:
        """Rows of a table: as they were sent, or as the ledger has them, with a few empty ones."""
        if self.is_submitted():
            return list(self._sent(table))
        return [*self.there(table), *([("",) * len(self.tables[table])] * BLANK)]

    def there(self, table: str) -> list[Row]:
        return []

    def _sent(self, table: str) -> Iterator[Row]:
        columns = [request.form.getlist(f"{table}_{name}") for name in self.tables[table]]
        for row in list(zip(*columns, strict=False))[:rules.MOST_LINES + 1]:
            yield tuple(plain_text.clean(cell) for cell in row)

    def filled_rows(self, table: str) -> list[Row]:
        """Raises Refusal for more rows than there may be."""
        rows = [row for row in self._sent(table) if any(row)]
        if len(rows) > rules.MOST_LINES:
            raise Refusal(_("이 약속의 줄이 200개보다 많아져요. 항목을 모아 주세요."), field=table)
        return rows

    def money(self, text: str, field: str) -> int | None:
        """Won of a typed sum. Raises Refusal."""
        if not text.strip():
            return None
        return existing(amounts.won_of(text, self.unit),
                        lambda: Refusal(_("돈을 %(unit)s 단위 숫자로 적어 주세요. 다른 단위면 숫자 뒤에 단위를 적어요.",
                                          unit=labels.UNIT[self.unit]), field=field))

    def in_unit(self, won: int | None) -> str:
        return "" if won is None else amounts.in_unit(won, self.unit)


class StatusForm(EntryForm):
    kind = EntryKind.STATUS
    status = RadioField(_l("지금 어떤가요?"), validate_choice=False,
                        choices=[SelectChoice(status.value, label) for status, label in labels.STATUS.items()])
    why = StringField(_l("이유"), render_kw=PUBLIC)

    def content(self) -> dict[str, Any]:
        return {"status": chosen(self.status, Status), "why": self.why.data or ""}


class TargetsForm(EntryForm):
    kind = EntryKind.TARGETS
    targets = HiddenField(_l("해마다의 목표"))
    tables = {"targets": ("label", "year", "target", "achieved")}

    def there(self, table: str) -> list[Row]:
        return [(target["label"], year, *(str(target[name].get(year, "")) for name in ("target", "achieved")))
                for target in self.ledger.targets for year in sorted({*target["target"], *target["achieved"]})]

    def content(self) -> dict[str, Any]:
        targets: dict[str, dict[str, Any]] = {}
        for label, year, *numbers in self.filled_rows("targets"):
            if not 0 < len(label) <= rules.LABEL_MOST or plain_text.number(year, digits=4) not in rules.YEARS:
                raise Refusal(_("목표마다 이름과 연도를 적어 주세요."), field="targets")
            target = targets.setdefault(label, {"label": label, "target": {}, "achieved": {}})
            for name, text in zip(("target", "achieved"), numbers, strict=True):
                number = typed_number(text, "targets", _("목표와 이룬 것은 숫자로 적어 주세요."))
                if number is not None:
                    target[name][year] = number
        if len(targets) > rules.MOST_TARGETS:
            raise Refusal(_("목표는 %(most)s개까지 적을 수 있어요.", most=rules.MOST_TARGETS), field="targets")
        return {"targets": list(targets.values())}


class SurveyForm(EntryForm):
    kind = EntryKind.SURVEY
    text = StringField(_l("무엇을 누구에게 물었나요?"), render_kw=PUBLIC)
    respondents = NumberField(_l("답한 사람"))
    satisfied = NumberField(_l("만족하거나 더 좋다고 한 사람"))

    def content(self) -> dict[str, Any]:
        return {"text": self.text.data or "", "respondents": self.respondents.number or 0,
                "satisfied": self.satisfied.number or 0}


class LogForm(EntryForm):
    kind = EntryKind.LOG
    text = TextAreaField(_l("무슨 일이 있었나요?"), render_kw=PUBLIC)
    what = Checkboxes(_l("어떤 일인가요?"), validate_choice=False)
    until = DayField(_l("언제까지 했나요?"))

    def prepare(self) -> None:
        self.before = next((entry for entry in placed(self.ledger.history) if entry.number == self.corrected), None)
        kinds = dict.fromkeys([*labels.EVENT, *(self.before.content.get("what", ()) if self.before else ())])
        self.what.choices = [SelectChoice(kind, labels.EVENT.get(kind, kind)) for kind in kinds]

    def content(self) -> dict[str, Any]:
        known, until = {choice.value for choice in self.what.choices}, typed_day(self.until.data, "until")
        if until is not None and until <= self.day():
            raise Refusal(_("끝나는 날을 시작하는 날보다 뒤로 적어 주세요."), field="until")
        what, when = [kind for kind in self.what.data or () if kind in known], until and f"{self.day()}/{until}"
        known_when = self.before.content.get("when", "/") if self.before and self.before.on == self.day() else "/"
        when = known_when if when is None and "/" not in known_when else when
        return {"text": self.text.data or "", **({"what": what} if what else {}), **({"when": when} if when else {})}


class SendBackForm(SeenForm):
    why = StringField(_l("되돌리는 이유"))
