"""WTForms for entries of commitments. Each gives the content of its entry, and takes one to correct."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms import TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.accounts.queries.people import assignable_departments
from civic_forum.district import queries as district
from civic_forum.district.labels import CATEGORY
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField, NumberField, chosen
from civic_forum.platform.forms import PUBLIC, Checkboxes, Form, SeenForm
from civic_forum.platform.i18n import _, _l, local

from . import amounts, days, labels, rules
from .queries import desk as desk_queries
from .models import Commitment
from .rules import CommitmentKind, EntryKind, Ledger, Line, Source, Status, Unit

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
    corrected_why = StringField(_l("바로잡는 까닭"))
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
        won = amounts.won_of(text, self.unit)
        if won is None:
            raise Refusal(_("돈을 %(unit)s 단위 숫자로 적어 주세요. 다른 단위면 숫자 뒤에 단위를 적어요.",
                            unit=labels.UNIT[self.unit]), field=field)
        return won

    def in_unit(self, won: int | None) -> str:
        return "" if won is None else amounts.in_unit(won, self.unit)


class FactsForm(EntryForm):
    kind = EntryKind.FACTS
    title = StringField(_l("무엇을 하기로 했나요?"), render_kw=PUBLIC)
    goal = TextAreaField(_l("무엇을 위해 하나요?"), render_kw=PUBLIC)
    field = SelectField(_l("분야"), validate_choice=False)
    code = StringField(_l("코드"))
    department = SelectField(_l("맡은 부서"), validate_choice=False)
    cooperating = Checkboxes(_l("함께 하는 부서"), validate_choice=False)
    with_all = BooleanField(_l("모든 부서가 함께 해요"))
    kinds = Checkboxes(_l("갈래"), validate_choice=False)
    neighbourhoods = Checkboxes(_l("어느 동의 일인가요?"), validate_choice=False)
    begins_on = DayField(_l("시작하는 날"))
    ends_on = DayField(_l("끝나는 날"))
    due_on = DayField(_l("언제까지 하기로 했나요?"))
    unit_of_money = RadioField(_l("돈의 단위"), validate_choice=False)

    def prepare(self) -> None:
        if self.commitment.id is None:
            self.on.label.text = _("언제 약속했나요?")
        fields = [str(label) for label in CATEGORY.values()]
        chosen = str(self.field.data or "")
        self.field.choices = [SelectChoice("", _("골라 주세요")), *(
            SelectChoice(field, field) for field in dict.fromkeys([*fields, *filter(None, [chosen])]))]
        self.department.choices = [SelectChoice("", _("골라 주세요")), *(
            SelectChoice(str(key), name) for key, name in assignable_departments().items())]
        if self.ledger.first_due_on:
            del self.due_on
        self.cooperating.choices = [SelectChoice(str(key), name) for key, name in district.department_names().items()]
        self.kinds.choices = [SelectChoice(kind.value, labels.KIND[kind]) for kind in CommitmentKind]
        self.neighbourhoods.choices = [SelectChoice(str(key), name)
                                       for key, name in district.neighbourhood_names().items()]
        self.unit_of_money.choices = [SelectChoice(unit.value, labels.UNIT[unit]) for unit in Unit]

    @staticmethod
    def filled(facts: Mapping[str, Any]) -> dict[str, Any]:
        days = {name: rules.day(facts.get(name)) for name in ("begins_on", "ends_on", "due_on")}
        several = {name: [str(choice) for choice in facts.get(name, ())] for name in ("cooperating", "kinds",
                                                                                 "neighbourhoods")}
        return {**facts, **days, **several, "department": str(facts.get("department") or ""),
                "unit_of_money": facts.get("unit", Unit.THOUSAND)}

    def content(self) -> dict[str, Any]:
        known = {"department": district.department_names(), "neighbourhoods": district.neighbourhood_names()}
        several = {name: [key for text in self[name].data or () if (key := plain_text.number(text)) in known[among]]
                   for name, among in (("cooperating", "department"), ("neighbourhoods", "neighbourhoods"))}
        days = {name: typed_day(self[name].data, name) for name in ("begins_on", "ends_on", "due_on") if name in self}
        if days["begins_on"] and days["ends_on"] and days["ends_on"] < days["begins_on"]:
            raise Refusal(_("끝나는 날을 시작하는 날보다 뒤로 적어 주세요."), field="ends_on")
        unit = chosen(self.unit_of_money, Unit) if self.unit_of_money.data else Unit.THOUSAND
        return {"title": self.title.data or "", "goal": self.goal.data or "", "field": self.field.data or "",
                "code": self.code.data or "", "with_all": bool(self.with_all.data),
                "kinds": [kind for kind in self.kinds.data or () if kind in list(CommitmentKind)], "unit": unit,
                "department": listed(self.department, known["department"]), **several,
                **{name: day and day.isoformat() for name, day in days.items()}}

    def is_handed(self, department: int | None) -> bool:
        """True if it goes to another department, which says itself who is in charge."""
        return self.corrected is None and department != self.commitment.department_id

    def shown(self) -> list[Any]:
        """Fields; a correction keeps the department (`ledger.placed`)."""
        return [field for field in super().shown() if not self.corrected or field.name != "department"]


class MilestonesForm(EntryForm):
    kind = EntryKind.MILESTONES
    milestones = HiddenField(_l("단계"))
    tables = {"milestones": ("key", "title", "weight", "due")}

    def there(self, table: str) -> list[Row]:
        """The milestones; before there are any one that is the whole, so that a small promise needs no typing. It does
        not say the title again, which may be that of a proposal that is hidden one day."""
        rows = [(step.key, step.title, str(step.weight), step.due_on.isoformat() if step.due_on else "")
                for step in self.ledger.milestones]
        due_on = self.ledger.due_on
        return rows or [("", _("약속 전체"), str(rules.WHOLE), due_on.isoformat() if due_on else "")]

    def content(self) -> dict[str, Any]:
        """Keys of new steps have the version in them, so that none is given twice: evidence that waits or is corrected
        never counts for another step."""
        steps, known = [], {milestone.key for milestone in self.ledger.milestones}
        for key, title, weight, due in self.filled_rows("milestones"):
            if not title:
                continue
            if len(title) > rules.TITLE_MOST:
                raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=rules.TITLE_MOST), field="milestones")
            if key not in known:
                key = f"m{self.commitment.version}-{len(steps) + 1}"
            number = typed_number(weight, "milestones", _("몫은 1부터 100까지의 숫자로 적어 주세요."))
            day = typed_day(due, "milestones")
            steps.append({"key": key, "title": title, "weight": number or 0, "due_on": day and day.isoformat()})
        return {"milestones": steps}


class _OfMilestone(EntryForm):
    milestone = SelectField(_l("어느 단계인가요?"), validate_choice=False)
    open_only = True

    def prepare(self) -> None:
        self.milestone.choices = [SelectChoice(milestone.key, milestone.title) for milestone in self.ledger.milestones
                                  if self.corrected or milestone.is_shown is not self.open_only]


class ReachedForm(_OfMilestone):
    kind = EntryKind.REACHED
    text = TextAreaField(_l("무엇을 보면 알 수 있나요?"), render_kw=PUBLIC)
    files = MultipleFileField(_l("사진과 파일"))
    link = StringField(_l("더 볼 수 있는 주소"))

    def content(self) -> dict[str, Any]:
        return {"milestone": self.milestone.data or "", "text": self.text.data or "", "link": self.link.data or "",
                "files": []}

    def chosen(self) -> list[Any]:
        return [file for file in self.files.data or [] if file and file.filename]


class WithdrawnForm(_OfMilestone):
    kind = EntryKind.WITHDRAWN
    open_only = False
    why = StringField(_l("왜 거두나요?"), render_kw=PUBLIC)

    def content(self) -> dict[str, Any]:
        return {"milestone": self.milestone.data or "", "why": self.why.data or ""}


class SlipForm(_OfMilestone):
    kind = EntryKind.SLIP
    to = DayField(_l("언제로 옮기나요?"))
    why = StringField(_l("왜 옮기나요?"), render_kw=PUBLIC)

    def prepare(self) -> None:
        super().prepare()
        self.milestone.choices.insert(0, SelectChoice("", _("약속 전체")))

    def content(self) -> dict[str, Any]:
        to = typed_day(self.to.data, "to")
        if to is None:
            raise Refusal(_("옮길 날을 2027-03-31처럼 적어 주세요."), field="to")
        return {"milestone": self.milestone.data or "", "to": to.isoformat(), "why": self.why.data or ""}


class StatusForm(EntryForm):
    kind = EntryKind.STATUS
    status = RadioField(_l("지금 어떤가요?"), validate_choice=False,
                        choices=[SelectChoice(status.value, label) for status, label in labels.STATUS.items()])
    why = StringField(_l("까닭"), render_kw=PUBLIC)

    def content(self) -> dict[str, Any]:
        return {"status": chosen(self.status, Status), "why": self.why.data or ""}


class MoneyForm(EntryForm):
    kind = EntryKind.MONEY
    total = StringField(_l("총사업비"))
    lines = HiddenField(_l("돈"))
    confirmed = BooleanField(_l("이 숫자가 맞아요"))
    tables = {"lines": ("year", "source", "item", "planned", "secured", "executed")}

    def there(self, table: str) -> list[Row]:
        return [(str(line.year), line.source, line.item,
                 *map(self.in_unit, (line.planned, line.secured, line.executed))) for line in self.ledger.lines]

    def content(self) -> dict[str, Any]:
        lines = [self.line(row) for row in self.filled_rows("lines") if any(row[:1]) or any(row[2:])]
        return {"total": self.money(self.total.data or "", "total"), "lines": list(map(rules.row_of, lines))}

    def line(self, row: Row) -> Line:
        year, source, item, *sums = row
        number = plain_text.number(year, digits=4)
        if number not in rules.YEARS:
            raise Refusal(_("연도를 2026처럼 적어 주세요."), field="lines")
        if source not in list(Source):
            raise Refusal(_("재원을 골라 주세요."), field="lines")
        if len(item) > rules.ITEM_MOST:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=rules.ITEM_MOST), field="lines")
        return Line(number or 0, Source(source), item, *(self.money(text, "lines") for text in sums))


class ShiftForm(EntryForm):
    kind = EntryKind.SHIFT
    item_from = StringField(_l("어느 통계목에서"))
    item_to = StringField(_l("어느 통계목으로"))
    of = StringField(_l("원래 있던 돈"))
    moved = StringField(_l("옮긴 돈"))
    why = StringField(_l("누가 어떻게 의결했나요?"), render_kw=PUBLIC)

    def content(self) -> dict[str, Any]:
        sums = {name: self.money(self[name].data or "", name) for name in ("of", "moved")}
        for name in ("item_from", "item_to"):
            if not 0 < len(self[name].data or "") <= rules.ITEM_MOST:
                raise Refusal(_("통계목 이름을 적어 주세요."), field=name)
        return {"item_from": self.item_from.data, "item_to": self.item_to.data, "of": sums["of"] or 0,
                "moved": sums["moved"] or 0, "why": self.why.data or ""}


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


class QuarterForm(EntryForm):
    kind = EntryKind.QUARTER
    quarter = HiddenField()
    text = TextAreaField(_l("이번 분기에 한 일"), render_kw=PUBLIC)
    next = TextAreaField(_l("앞으로 석 달은 무엇을 하나요?"), render_kw=PUBLIC)
    people = NumberField(_l("함께한 사람 수"))
    confirmed = BooleanField(_l("이 숫자가 맞아요"))
    tables = {"executed": ("year", "source", "item", "won")}

    def prepare(self) -> None:
        if not days.QUARTER.fullmatch(self.quarter.data or ""):
            self.quarter.data = days.quarter_before(local(clock.now()).date())

    @property
    def year(self) -> int:
        return int((self.quarter.data or "")[:4])

    def current_lines(self) -> list[Line]:
        return [line for line in self.ledger.lines if line.year == self.year]

    @property
    def last(self) -> Any:
        """The entry of the quarter before, which the page shows beside the fields."""
        return max(self.ledger.quarters, key=lambda entry: entry.content["quarter"], default=None)

    def shown(self) -> list[Any]:
        return [self.people]

    def content(self) -> dict[str, Any]:
        executed = []
        for year, source, item, won in self._sent("executed"):
            number = plain_text.number(year, digits=4)
            if number not in rules.YEARS or source not in list(Source):
                raise Refusal(_("연도와 재원이 맞지 않아요. 화면을 새로 열어 주세요."), field="executed")
            executed.append([number, source, item, self.money(won, "executed")])
        people = self.people.number
        return {"quarter": self.quarter.data, "text": self.text.data or "", "next": self.next.data or "",
                "executed": executed, **({} if people is None else {"people": people})}


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

    def content(self) -> dict[str, Any]:
        return {"text": self.text.data or ""}


class SendBackForm(SeenForm):
    why = StringField(_l("되돌리는 까닭"))


class PersonForm(SeenForm):
    """The official in charge."""

    person = SelectField(_l("담당자"), validate_choice=False)

    def __init__(self, commitment: Commitment, **options: Any) -> None:
        super().__init__(**options)
        self.officials = desk_queries.officials_of(commitment.department_id)
        self.person.choices = [SelectChoice("", _("아직 없어요")), *(
            SelectChoice(str(key), name) for key, name in self.officials.items())]

    @property
    def person_id(self) -> int | None:
        """Raises Refusal for one who is not in the list."""
        return listed(self.person, self.officials)


class MoneyTableForm(Form):
    file = FileField(_l("돈이 적힌 표"))


class MoneyConfirmForm(Form):
    """Changes that were looked at, packed, with a seal over them and over who looked."""

    rows = HiddenField(default="")
    seal = HiddenField(default="")
    confirmed = BooleanField(_l("천 배쯤 다른 숫자도 이대로 맞아요"))


FORMS: dict[str, type[EntryForm]] = {form.kind.value: form for form in (
    FactsForm, MilestonesForm, ReachedForm, WithdrawnForm, SlipForm, StatusForm, MoneyForm, ShiftForm, TargetsForm,
    QuarterForm, SurveyForm, LogForm)}
"""The last part of the address of each form → the form."""
