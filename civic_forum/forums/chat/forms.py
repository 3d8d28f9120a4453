"""WTForms of the host for the chat and for people."""

from wtforms import StringField

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _, _l

from ..forms import LiveForm


class ChatForm(LiveForm):
    """WTForms for opening the chat and slowing it down."""

    open = StringField(_l("대화"))
    slow = StringField(_l("천천히"))

    @property
    def is_open(self) -> bool:
        return self.open.data == "1"

    @property
    def slow_s(self) -> int:
        """-1, which the service refuses, for what is no number."""
        number = plain_text.number(self.slow.data, digits=4)
        return -1 if number is None else number


class MuteForm(LiveForm):
    person = StringField()
    reason = StringField(_l("이유"), render_kw=PUBLIC)
    minutes = StringField(_l("얼마 동안"))

    @property
    def user_id(self) -> int:
        """0, which nobody has, for what is no number."""
        return plain_text.number(self.person.data) or 0

    def length(self) -> int | None:
        """Minutes; None for until the end of the forum. Raises Refusal for what is neither."""
        if self.minutes.data == "end":
            return None
        return existing(plain_text.number(self.minutes.data, digits=4),
                        lambda: Refusal(_("얼마 동안인지 골라 주세요."), field="minutes"))
