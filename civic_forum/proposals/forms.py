"""The shape of what people write about proposals."""

from flask import request
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.district import queries as district
from civic_forum.district.filters import EVERYWHERE
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import PUBLIC, Checkboxes, Form, VersionedForm
from civic_forum.platform.i18n import _, _l

from .rules import Basics, Body, Text



class BasicsForm(VersionedForm):
    """First step: what it is about, where, and for whom."""

    key = HiddenField()
    title = StringField(_l("제목"), render_kw=PUBLIC)
    category = SelectField(_l("분야"), validate_choice=False)
    neighbourhood = SelectField(_l("동"), validate_choice=False)
    audiences = Checkboxes(_l("누구에게 도움이 되나요"), validate_choice=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.category.choices = [SelectChoice("", _("분야를 골라 주세요")), *(
            SelectChoice(key, name) for key, name in district.open_categories().items())]
        self.neighbourhood.choices = [SelectChoice(str(EVERYWHERE), _("구 전체")), *(
            SelectChoice(str(neighbourhood.id), neighbourhood.name) for neighbourhood in district.neighbourhoods())]
        self.audiences.choices = [SelectChoice(str(audience.id), audience.name) for audience in district.audiences()]

    def part(self) -> Basics:
        """Raises Refusal for a choice that there is not."""
        category = self.category.data or None
        if category and category not in district.open_categories():
            raise Refusal(_("분야를 골라 주세요."), field="category")
        place = self.neighbourhood.data or str(EVERYWHERE)
        if place not in {choice.value for choice in self.neighbourhood.choices}:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
        chosen = self.audiences.data or []
        if not set(chosen) <= {choice.value for choice in self.audiences.choices}:
            raise Refusal(_("목록에 있는 사람들만 고를 수 있어요."), field="audiences")
        return Basics(self.title.data or "", category, int(place) or None,
                      tuple(sorted(int(audience_id) for audience_id in chosen)))


class BodyForm(VersionedForm):
    """Second step: what is the matter, and what should be done."""

    problem = TextAreaField(_l("무엇이 문제인가요"), render_kw=PUBLIC)
    wish = TextAreaField(_l("무엇을 바라나요"), render_kw=PUBLIC)

    def part(self) -> Body:
        return Body(self.problem.data or "", self.wish.data or "")


class FilesForm(Form):
    """Third step: pictures and documents."""

    files = MultipleFileField(_l("사진과 파일"))

    def chosen(self) -> list:
        return [file for file in self.files.data or [] if file and file.filename]

    def told(self) -> dict[str, str]:
        """Of files that are there already: key → sentence."""
        return {name.removeprefix("description-"): text for name, text in request.form.items()
                if name.startswith("description-")}

    def descriptions(self) -> list[str]:
        return [plain_text.clean(text) for text in request.form.getlist("descriptions")]


class EditForm(BodyForm):
    """The text of a published proposal."""

    title = StringField(_l("제목"), render_kw=PUBLIC)

    def text(self, title: str | None = None) -> Text:
        return Text(self.title.data or "" if title is None else title, self.problem.data or "", self.wish.data or "")


class ReasonForm(Form):
    """WTForms for the reason why a proposal is withdrawn or given back."""

    reason = TextAreaField(_l("이유"), render_kw=PUBLIC)
