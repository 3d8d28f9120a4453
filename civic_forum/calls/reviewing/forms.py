"""Forms of applications that are sent to departments, and of their answer."""

from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from civic_forum.district import queries as district
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import Checkboxes, Form
from civic_forum.platform.i18n import _, _l

from ..judging.forms import NOT_PASSED, PASSED, choices_of
from ..models import Call


class SendForm(Form):
    """All applications of a theme, or one by its number."""

    number = HiddenField()
    theme = SelectField(_l("어떤 신청을 보내나요?"), validate_choice=False)
    departments = Checkboxes(_l("어느 부서에 보내나요?"), coerce=int, validate_choice=False)
    due_on = DayField(_l("언제까지 답하나요?"))

    def prepare(self, call: Call) -> "SendForm":
        self.theme.choices = choices_of({theme: theme for theme in call.themes}, empty=_("모든 신청"))
        self.departments.choices = choices_of(district.open_department_names())
        return self


class ReviewForm(Form):
    passed = RadioField(_l("할 수 있는 일인가요?"), validate_choice=False, choices=choices_of({
        PASSED: _l("할 수 있어요"), NOT_PASSED: _l("할 수 없어요")}))
    reason = TextAreaField(_l("이유"))

    @property
    def is_passed(self) -> bool:
        """Raises Refusal where nothing was chosen."""
        if self.passed.data not in (PASSED, NOT_PASSED):
            raise Refusal(_("하나를 골라 주세요."), field="passed")
        return bool(self.passed.data == PASSED)
