"""WTForms for opening a rehearsal, whatever is rehearsed."""

from wtforms import TextAreaField

from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l


class RehearsalForm(Form):
    hours = NumberField(_l("몇 시간 동안 열까요"))
    names = TextAreaField(_l("함께할 사람의 로그인 이름"))

    @property
    def people(self) -> list[str]:
        """The names, by blanks, commas or lines."""
        return (self.names.data or "").replace(",", " ").split()
