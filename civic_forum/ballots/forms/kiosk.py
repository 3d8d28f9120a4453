"""The code that somebody types at a kiosk."""

from wtforms import StringField

from civic_forum.kernel.forms import Form
from civic_forum.kernel.i18n import _l


class CodeForm(Form):
    code = StringField(_l("창구에서 받은 숫자 8자리"))
