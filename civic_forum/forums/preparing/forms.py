"""The parts of a forum as a moderator fills them in; each form makes the part that a service takes."""

from flask_wtf.file import FileField
from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.accounts.pickers import PersonField
from civic_forum.blocks import about
from civic_forum.blocks.pickers import PickerField
from civic_forum.kernel.fields import MomentField, NumberField, chosen
from civic_forum.kernel.forms import Form, PUBLIC, VersionedForm
from civic_forum.kernel.i18n import _l

from .. import labels
from ..models import Forum, ProgrammeItem
from ..pickers import DUTY
from ..rules import Duty
from .rules import Access, Times, Wording


class NewForumForm(Form):
    """The little that a forum begins with."""

    title = StringField(_l("제목"), render_kw=PUBLIC)
    question = StringField(_l("질문"), render_kw=PUBLIC)
    slug = StringField(_l("주소"))
    place = StringField(_l("곳"), render_kw=PUBLIC)
    starts_at = MomentField(_l("시작"))
    ends_at = MomentField(_l("끝"))

    def parts(self) -> tuple[str | None, Wording, Times]:
        """Raises Refusal for what is not of its kind."""
        return (self.slug.data or None, Wording(self.title.data or "", self.question.data or ""),
                Times(self.place.data or "", self.starts_at.needed, self.ends_at.needed))


class WordingForm(VersionedForm):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    question = StringField(_l("질문"), render_kw=PUBLIC)
    programme_name = StringField(_l("사업 이름"), render_kw=PUBLIC)
    label = StringField(_l("몇 번째인지"), render_kw=PUBLIC)
    description = TextAreaField(_l("설명"), render_kw=PUBLIC)
    about_kind = about.kind_field(_l("무엇을 바탕으로 하나요"))
    agenda_slug = PickerField(_l("바탕이 된 것"), None, kind_from="about_kind")

    @classmethod
    def of(cls, forum: Forum) -> "WordingForm":
        form = cls(formdata=None, obj=forum, data={"agenda_slug": about.name_of(forum.about)})
        form.agenda_slug.pickable = about.picker_of(forum.about)
        return form

    def part(self) -> Wording:
        return Wording(self.title.data or "", self.question.data or "", self.programme_name.data or None,
                       self.label.data or None, self.description.data or "",
                       about.named(self.about_kind, self.agenda_slug))


class TimesForm(VersionedForm):
    place = StringField(_l("곳"), render_kw=PUBLIC)
    starts_at = MomentField(_l("시작"))
    ends_at = MomentField(_l("끝"))
    on_site_places = NumberField(_l("현장 자리"))
    online_places = NumberField(_l("온라인 자리"))
    registration_from = MomentField(_l("신청을 받기 시작하는 때"))
    registration_to = MomentField(_l("신청을 마치는 때"))

    @classmethod
    def of(cls, forum: Forum) -> "TimesForm":
        return cls(formdata=None, obj=forum)

    def part(self) -> Times:
        """Raises Refusal for what is not of its kind."""
        return Times(self.place.data or "", self.starts_at.needed, self.ends_at.needed, self.on_site_places.number or 0,
                     self.online_places.number or 0, self.registration_from.moment, self.registration_to.moment)


class AccessForm(VersionedForm):
    accessibility = TextAreaField(_l("함께할 수 있게 마련한 것"), render_kw=PUBLIC)
    accessibility_note = TextAreaField(_l("더 알릴 것"), render_kw=PUBLIC)
    recording_note = TextAreaField(_l("녹화"), render_kw=PUBLIC)
    video_url = StringField(_l("실시간 영상이나 화상 회의 주소"))
    interpreter_url = StringField(_l("수어 통역 영상 주소"))

    @classmethod
    def of(cls, forum: Forum) -> "AccessForm":
        form = cls(formdata=None, obj=forum)
        form.accessibility.data = "\n".join(forum.accessibility)
        return form

    def part(self) -> Access:
        offered = tuple(line for one in (self.accessibility.data or "").splitlines() if (line := one.strip()))
        return Access(offered, self.accessibility_note.data or None, self.recording_note.data or None,
                      self.video_url.data or None, self.interpreter_url.data or None)


class ItemForm(VersionedForm):
    title = StringField(_l("순서 이름"), render_kw=PUBLIC)
    minutes = NumberField(_l("몇 분"))
    text = TextAreaField(_l("설명"), render_kw=PUBLIC)

    @classmethod
    def of(cls, item: ProgrammeItem, version: int) -> "ItemForm":
        return cls(formdata=None, obj=item, data={"version": version})


class DutyForm(VersionedForm):
    duty = SelectField(_l("맡은 일"), validate_choice=False,
                       choices=[SelectChoice(str(duty), word) for duty, word in labels.DUTY.items()])
    sign_in_name = PersonField(_l("별명이나 로그인 이름"), DUTY)
    name = StringField(_l("이름"), render_kw=PUBLIC)
    about = StringField(_l("동네나 부서"), render_kw=PUBLIC)
    topic = StringField(_l("무엇을 이야기하나요"), render_kw=PUBLIC)

    def part(self) -> tuple[Duty, dict[str, str]]:
        """Raises Refusal for an unknown duty."""
        given = {name: self[name].data or "" for name in ("name", "about", "topic")}
        given["sign_in_name"] = self.sign_in_name.sign_in_name
        return chosen(self.duty, Duty), given


class DocumentForm(VersionedForm):
    file = FileField(_l("파일"))
    description = StringField(_l("무엇이 담긴 자료인가요"), render_kw=PUBLIC)

    @property
    def chosen_file(self):
        """None where there is none."""
        data = self.file.data
        return data if data and getattr(data, "filename", "") else None


PARTS = {"wording": WordingForm, "times": TimesForm, "access": AccessForm}
