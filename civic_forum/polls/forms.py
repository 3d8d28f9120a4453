"""WTForms of those who make polls, beside the parts themselves."""

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField

from civic_forum.blocks.parts import form_of
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _l

from . import labels, rules
from .parts import FIRST, OptionText


class NewPollForm(form_of(*FIRST)):  # type: ignore[misc]
    """The little that a poll begins with."""

    slug = StringField(_l("주소"))

    def refuse_the_rest(self) -> None:
        super().refuse_the_rest()
        self.refuse_besides(slug=self._address)

    def _address(self) -> None:
        if self.slug.data and not rules.slug_fits(self.slug.data):
            raise Refusal(labels.BAD_SLUG, field="slug")


class OptionForm(OptionText.form()):  # type: ignore[misc]
    """An option with its picture."""

    picture = FileField(_l("그림"))
    picture_description = StringField(_l("그림에 무엇이 보이나요"), render_kw=PUBLIC)
    most_bytes = 22 * 1024 * 1024

    def refuse(self, refusal) -> None:
        """Refusals of attachments about files are about the one picture here."""
        if refusal.field == "files":
            refusal.field = "picture"
        super().refuse(refusal)

    @classmethod
    def of(cls, record, version=None, **more):
        description = record.picture.description if record.picture else ""
        return super().of(record, version, picture_description=description, **more)

    @property
    def pictured(self) -> dict[str, object]:
        """The chosen picture, None where there is none, and its words."""
        data = self.picture.data
        return {"picture": data if data and getattr(data, "filename", "") else None,
                "description": self.picture_description.data or ""}


class NoticeForm(Form):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)


class SeasonForm(Form):
    name = StringField(_l("선거 이름"))
    first_day = DayField(_l("첫날"))
    last_day = DayField(_l("마지막 날"))
