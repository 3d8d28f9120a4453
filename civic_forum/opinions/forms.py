"""WTForms of consultations."""

from wtforms import TextAreaField

from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _l


class StatementForm(Form):
    """A statement of one's own."""

    text = TextAreaField(_l("내 의견 한 줄"), render_kw=PUBLIC)
