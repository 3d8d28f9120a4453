"""Form of those who have a slip in their hand."""

from wtforms import StringField

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l


class NumberForm(Form):
    number = StringField(_l("접수번호"))
    code = StringField(_l("코드"))
