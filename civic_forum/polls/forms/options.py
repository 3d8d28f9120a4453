"""An option of a poll as a moderator writes it."""

from flask_wtf.file import FileField
from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.agendas.pickers import AGENDA
from civic_forum.blocks.pickers import PickerField
from civic_forum.district import queries as district
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.fields import NumberField
from civic_forum.kernel.forms import PUBLIC, VersionedForm
from civic_forum.kernel.i18n import _, _l
from civic_forum.proposals.pickers import PROPOSAL

from ..models import Option
from ..rules import OptionText


class OptionForm(VersionedForm):
    title = StringField(_l("이름"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)
    picture = FileField(_l("그림"))
    picture_description = StringField(_l("그림에 무엇이 보이나요"), render_kw=PUBLIC)
    cost = NumberField(_l("금액(원)"))
    cost_note = StringField(_l("금액 설명"), render_kw=PUBLIC)
    neighbourhood = SelectField(_l("동"), validate_choice=False)
    proposal_number = PickerField(_l("바탕이 된 제안"), PROPOSAL)
    agenda_slug = PickerField(_l("바탕이 된 의제"), AGENDA)
    kind = StringField(_l("종류"))
    category = StringField(_l("분야"))
    department = StringField(_l("담당 부서"))
    division = StringField(_l("분과"))
    sign_language_video = StringField(_l("수어 영상 주소"))
    title_en = StringField(_l("영어 이름"), render_kw=PUBLIC)
    text_en = TextAreaField(_l("영어 내용"), render_kw=PUBLIC)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.neighbourhood.choices = [SelectChoice("", _("구 전체")), *(
            SelectChoice(str(one.id), one.name) for one in district.neighbourhoods())]

    def refuse(self, refusal) -> None:
        """Refusals of attachments about files are about the one picture here."""
        if refusal.field == "files":
            refusal.field = "picture"
        super().refuse(refusal)

    @classmethod
    def of(cls, option: Option, version: int) -> "OptionForm":
        english = {f"{name}_en": text for name, text in (option.texts.get("en") or {}).items()}
        return cls(formdata=None, obj=option, data=english | {
            "version": version, "neighbourhood": str(option.neighbourhood_id or ""),
            "proposal_number": option.proposal.number if option.proposal else "",
            "agenda_slug": option.agenda.slug if option.agenda else "",
            "picture_description": option.picture.description if option.picture else ""})

    def part(self) -> OptionText:
        place = self.neighbourhood.data or ""
        if place not in {choice.value for choice in self.neighbourhood.choices}:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
        plain = ("cost_note", "kind", "category", "department", "division",
                 "sign_language_video")
        return OptionText(
            title=self.title.data or "", text=self.text.data or "", cost=self.cost.number,
            neighbourhood_id=int(place) if place else None, **{name: self[name].data or None for name in plain},
            proposal_number=self.proposal_number.value, agenda_slug=self.agenda_slug.value,
            texts={"en": {"title": self.title_en.data or "", "text": self.text_en.data or ""}})

    def file(self):
        """The chosen picture, None where there is none."""
        data = self.picture.data
        return data if data and getattr(data, "filename", "") else None
