"""WTForms of those who prepare a forum, beside the parts themselves."""

from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.accounts.pickers import PersonField
from civic_forum.blocks.parts import form_of
from civic_forum.platform.fields import chosen
from civic_forum.platform.forms import PUBLIC, Form, VersionedForm
from civic_forum.platform.i18n import _l

from .. import labels
from ..pickers import DUTY
from ..rules import Duty
from .parts import Access, Holder, Times, Wording


FIRST = ((Holder, ("form", "department_id", "neighbourhood_id")), (Wording, ("title", "question", "about")),
         (Times, ("place", "starts_at", "ends_at")))


class NewForumForm(form_of(*FIRST)):  # type: ignore[misc]
    """The little that a forum begins with."""

    slug = StringField(_l("주소"))


class WorkshopForm(form_of(  # type: ignore[misc]
        (Wording, ("title", "question")), (Times, ("place", "starts_at", "ends_at")), (Access, ("recording_note",)))):
    """The little that a workshop begins with, beside its proposals."""


class DutyForm(VersionedForm):
    duty = SelectField(_l("맡은 일"), validate_choice=False,
                       choices=[SelectChoice(str(duty), word) for duty, word in labels.DUTY.items()])
    sign_in_name = PersonField(_l("별명이나 로그인 이름"), DUTY)
    name = StringField(_l("이름"), render_kw=PUBLIC)
    about = StringField(_l("동네나 부서"), render_kw=PUBLIC)
    topic = StringField(_l("무엇을 이야기하나요"), render_kw=PUBLIC)

    def part(self) -> tuple[Duty, dict[str, str]]:
        """Raises Refusal for an unknown duty."""
        fields = {name: self[name].data or "" for name in ("name", "about", "topic")}
        fields["sign_in_name"] = self.sign_in_name.sign_in_name
        return chosen(self.duty, Duty), fields


class CallForm(Form):
    reason = TextAreaField(_l("왜 열지 않나요"))
