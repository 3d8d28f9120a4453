"""Forms of intake."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField, chosen, offered
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l, day, local, today

from . import labels, queries
from .rules import ROW_KEY_MOST, Became, ItemForm, ItemRecord, SheetForm, Taken, TakenState

TYPED = (ItemForm.NOTE, ItemForm.SPOKEN, ItemForm.SHEET, ItemForm.INTERVIEW)


class NumberForm(Form):
    """Field of those who have a slip in their hand."""

    number = StringField(_l("접수번호"))


class CodeForm(Form):
    code = StringField(_l("코드"))


class LookUpForm(Form):
    name = StringField(_l("이름"))
    reason = StringField(_l("찾는 이유"))


class ItemTypingForm(Form):
    """One item; what was chosen for the last one stays."""

    key = HiddenField()
    visit = SelectField(_l("어디에서 받았나요"), validate_choice=False)
    form = RadioField(_l("어떻게 받았나요"), default=ItemForm.NOTE.value, validate_choice=False,
                      choices=[SelectChoice(form.value, labels.FORM[form]) for form in TYPED])
    text = TextAreaField(_l("들은 말"), render_kw=PUBLIC)
    number = StringField(_l("종이에 적힌 번호"))
    category = SelectField(_l("분야"), validate_choice=False)
    neighbourhood = SelectField(_l("동"), validate_choice=False)
    became = HiddenField()
    """Said by a button: a note that nobody can read, or an empty one."""
    sheet = HiddenField()
    """Set by the script: the row with the photograph of its sheet."""
    photograph = FileField(_l("종이를 찍은 사진"))

    def __init__(self, *args, of_visits: bool = True, may: Callable[[Any], bool] | None = None, **kwargs) -> None:
        """`may`: for which of the visits of today and later something may be done, if not for all."""
        super().__init__(*args, **kwargs)
        visits = [visit for visit in (queries.visits() if of_visits else ())
                  if may is None or local(visit.starts_at).date() >= today() and may(visit)]
        self.visit.choices = offered({visit.id: f"{visit.title} · {day(visit.starts_at)}" for visit in visits},
                                     _("창구에서 받았어요"))
        self.category.choices = offered(district.open_categories(), _("고르지 않음"))
        self.neighbourhood.choices = offered(district.open_neighbourhood_names(), _("찾아간 동"))
        self.key.data = self.key.data or str(uuid4())

    @property
    def forum_id(self) -> int | None:
        return (plain_text.number(self.visit.data) or 0) if self.visit.data else None

    @property
    def record(self) -> ItemRecord:
        """Raises Refusal."""
        if len(self.key.data or "") > ROW_KEY_MOST:
            raise Refusal(_("이 화면을 다시 열고 적어 주세요."))
        became = chosen(self.became, Became) if self.became.data else None
        self.refuse_personal_numbers()
        return ItemRecord(
            form=chosen(self.form, ItemForm), text=self.text.data or "", key=self.key.data or "", became=became,
            sheet=self.sheet.data or "", number=self.number.data or "", category=self.category.data or None,
            neighbourhood_id=(plain_text.number(self.neighbourhood.data) or 0) if self.neighbourhood.data else None)


def read_rows(rows: object) -> tuple[list[ItemRecord], list[Taken]]:
    """Rows of a batch as a browser sends them, and an answer to each that cannot be read. Raises Refusal."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("key") for row in rows):
        raise Refusal(_("이 화면을 다시 열고 보내 주세요."))
    form, records, refused = ItemTypingForm(formdata=None, meta={"csrf": False}), [], []
    for row in rows:
        form.process(MultiDict({name: value for name, value in row.items() if isinstance(value, str)}))
        try:
            records.append(form.record)
        except Refusal as refusal:
            refused.append(Taken(str(form.key.data), TakenState.REFUSED, why=str(refusal)))
    return records, refused


class SheetsForm(Form):
    """Numbers of sheets to print."""

    proposal = NumberField(_l("제안서"))
    notes = NumberField(_l("쪽지 열여섯 장"))
    supports = NumberField(_l("공감 서명"))

    @property
    def sheets(self) -> dict[SheetForm, int]:
        """Raises Refusal."""
        return {form: self[form.value].number or 0 for form in SheetForm}


class CheckForm(Form):
    text = TextAreaField()
    """As it was shown, with its lines."""
    reason = StringField(_l("무엇이 다른가요"))


class MendForm(Form):
    text = TextAreaField(_l("들은 말"), render_kw=PUBLIC)
