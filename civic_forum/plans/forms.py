"""Forms of plans."""

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import PUBLIC, ConfirmForm, Form
from civic_forum.platform.i18n import _l


class VersionForm(ConfirmForm):
    """A button of the desk of a version, with what it needs."""

    act = HiddenField()
    label = StringField(_l("이 판의 이름"), render_kw=PUBLIC)
    about = SelectField(_l("어디에서 정했나요?"), validate_choice=False)
    on = DayField(_l("언제"))
    document = StringField(_l("문서번호"))


class TableForm(Form):
    """A table as a file or pasted; once it was read its rows, packed, with what its columns are."""

    file = FileField(_l("과제가 적힌 표"))
    pasted = TextAreaField(_l("아니면 표를 붙여 넣기"), render_kw=PUBLIC)
    rows = HiddenField(default="")
    seen = HiddenField(default="")
    act = HiddenField(default="")
