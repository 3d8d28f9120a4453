"""WTForms of captions and decisions."""

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from civic_forum.accounts.queries import people
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import last_day_of, within_field
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _, _l

from ..forms import LiveForm
from .decisions import DecisionText, LONGEST_DECISION
from .rules import MOST


class CaptionForm(LiveForm):
    """A line, and whose words they are: an empty speaker is whoever has the floor."""

    text = StringField(_l("자막"), render_kw={"maxlength": MOST} | PUBLIC)
    speaker = StringField()

    @property
    def duty_id(self) -> int | None:
        return plain_text.number(self.speaker.data)


class CaptionCorrection(LiveForm):
    text = StringField(_l("바로잡은 자막"), render_kw={"maxlength": MOST} | PUBLIC)


class DecisionForm(LiveForm):
    text = TextAreaField(_l("정한 것"), render_kw={"maxlength": LONGEST_DECISION} | PUBLIC)
    department = SelectField(_l("맡을 부서"), coerce=int, validate_choice=False)
    due_on = DateField(_l("언제까지"), validators=[Optional()])
    due_within = within_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.department.choices = [SelectChoice(0, _("정하지 않음")),
                                   *(SelectChoice(*choice) for choice in people.assignable_departments().items())]

    def decided(self) -> DecisionText:
        """Raises Refusal for a day that is none."""
        if self.due_on.raw_data and self.due_on.raw_data[0] and self.due_on.data is None:
            raise Refusal(_("날짜를 2026-11-20처럼 적어 주세요."), field="due_on")
        return DecisionText(self.text.data or "", self.department.data or None,
                            last_day_of(self.due_on.data, self.due_within))
