"""WTForms of moderators and administrators beside a poll."""

from wtforms import SelectChoice, StringField, TextAreaField

from civic_forum.kernel.fields import DayField, MomentField
from civic_forum.kernel.forms import PUBLIC, Checkboxes, Form
from civic_forum.kernel.i18n import _l


class NoticeForm(Form):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)


class StepForm(Form):
    """WTForms for what came of the result."""

    at = MomentField(_l("언제"))
    step = StringField(_l("무슨 단계인가요"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)
    selected = Checkboxes(_l("하기로 한 항목"), validate_choice=False)

    def __init__(self, options, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.selected.choices = [SelectChoice(str(one.number), f"{one.number}. {one.title}") for one in options]


class SeasonForm(Form):
    name = StringField(_l("선거 이름"))
    first_day = DayField(_l("첫날"))
    last_day = DayField(_l("마지막 날"))
