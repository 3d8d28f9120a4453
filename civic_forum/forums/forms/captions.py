"""WTForms for captioners."""

from wtforms import StringField

from civic_forum.kernel import plain_text
from civic_forum.kernel.forms import PUBLIC
from civic_forum.kernel.i18n import _l

from ..rules.captions import MOST
from .acting import LiveForm


class CaptionForm(LiveForm):
    """A line, and whose words they are: an empty speaker is whoever has the floor."""

    text = StringField(_l("자막"), render_kw={"maxlength": MOST} | PUBLIC)
    speaker = StringField()

    @property
    def duty_id(self) -> int | None:
        return plain_text.number(self.speaker.data)


class CaptionCorrection(LiveForm):
    text = StringField(_l("바로잡은 자막"), render_kw={"maxlength": MOST} | PUBLIC)
