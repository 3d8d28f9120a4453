"""WTForms of a running forum that several subjects share."""

from wtforms import HiddenField, StringField, TextAreaField

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l


def number_given(field: StringField) -> int | None:
    """The number that was typed; None for an empty field. Raises Refusal at the field for what is none."""
    typed = plain_text.clean(field.data or "")
    if not typed:
        return None
    return existing(plain_text.number(typed, digits=9), lambda: Refusal(_("숫자로 적어 주세요."), field=field.name))


class LiveForm(Form):
    """A form of a running forum: what it sends is applied once."""

    key = HiddenField()

    @property
    def sent_as(self) -> str:
        """The key of the thing that it sends; empty where nobody gave it one."""
        return self.key.data or ""


class TextForm(LiveForm):
    text = StringField(_l("내용"), render_kw=PUBLIC)


class TypedForm(TextForm):
    """For somebody without a device; the table is empty for those of the hall."""

    name = StringField(_l("이름"), render_kw=PUBLIC)
    table = StringField()

    @property
    def table_id(self) -> int | None:
        return plain_text.number(self.table.data)


class GroupForm(LiveForm):
    head = StringField(_l("어느 질문과 묶을까요"))

    @property
    def head_id(self) -> int:
        """0, which no question has, for what is no number."""
        return plain_text.number(self.head.data) or 0


class AnswerForm(LiveForm):
    answered_by = StringField(_l("누가 답했나요"), render_kw=PUBLIC)
    answer = TextAreaField(_l("답"), render_kw=PUBLIC)
    department = StringField(_l("나중에 답할 부서"))
    days = StringField(_l("며칠 안에 답할까요"))

    @property
    def later(self) -> tuple[int, int] | None:
        """The department that answers later, and its days; None where this is the answer."""
        if not self.department.data:
            return None
        return plain_text.number(self.department.data) or 0, plain_text.number(self.days.data) or 0


class WhyForm(LiveForm):
    why = StringField(_l("이유"), render_kw=PUBLIC)
