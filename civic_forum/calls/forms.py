"""WTForms of the desk of calls, beside the parts themselves."""

from wtforms import TextAreaField

from civic_forum.blocks.parts import form_of
from civic_forum.platform.fields import MomentField
from civic_forum.platform.forms import PUBLIC, ConfirmForm
from civic_forum.platform.i18n import _l
from civic_forum.platform.text_checks import words_given

from .parts import FIRST, Times
from .rules import REASON_LEAST, REASON_MOST

NewCallForm, TimesForm = form_of(*FIRST), Times.form()


class CloseForm(ConfirmForm):
    """Another close, or with `seen` the one that waits."""

    after = MomentField(_l("새 마감"), ends=True)
    reason = TextAreaField(_l("이유"), render_kw=PUBLIC)

    def refuse_the_rest(self) -> None:
        self.refuse_besides(reason=lambda: words_given(self.reason.data, REASON_LEAST, REASON_MOST, "reason"))
