"""WTForms for decisions that a host reads out and writes down."""

from wtforms import DateField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from civic_forum.district import queries as district
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.forms import PUBLIC
from civic_forum.kernel.i18n import _, _l

from ..services.decisions import MOST, DecisionText
from .acting import LiveForm


class DecisionForm(LiveForm):
    text = TextAreaField(_l("정한 것"), render_kw={"maxlength": MOST} | PUBLIC)
    department = SelectField(_l("맡을 부서"), coerce=int, validate_choice=False)
    due_on = DateField(_l("언제까지"), validators=[Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.department.choices = [SelectChoice(0, _("정하지 않음")),
                                   *(SelectChoice(one.id, one.name) for one in district.departments())]

    def decided(self) -> DecisionText:
        """Raises Refusal for a day that is none."""
        if self.due_on.raw_data and self.due_on.raw_data[0] and self.due_on.data is None:
            raise Refusal(_("날짜를 2026-11-20처럼 적어 주세요."), field="due_on")
        return DecisionText(self.text.data or "", self.department.data or None, self.due_on.data)
