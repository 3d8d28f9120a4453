"""WTForms of those who make rounds, beside the parts themselves."""

from wtforms import StringField, TextAreaField

from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _l

from ..parts import Wording


class NewRoundForm(Wording.form("title", "year")):  # type: ignore[misc]
    """The little that a round begins with."""

    slug = StringField(_l("주소"))


class NoticeForm(Form):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)
