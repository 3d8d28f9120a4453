"""Forms of the window."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from wtforms import (BooleanField, HiddenField, IntegerField, RadioField, SelectChoice, SelectField, StringField,
                     TextAreaField)

from civic_forum.blocks.pickers import PickerField
from civic_forum.comments.labels import STANCES
from civic_forum.district import queries as district
from civic_forum.forums.labels import WAY
from civic_forum.opinions import queries as consultations
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import offered
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l, day, won
from civic_forum.proposals.pickers import PROPOSAL

from ..rules import CONTACT, ROW_KEY_MOST, ItemForm, ItemRecord, WindowAct
from . import queries


class _WindowForm(Form):
    """Fields of everything that is taken at a window; `windows`: id → name of those of the clerk."""

    key = HiddenField()
    place = SelectField(_l("창구"), validate_choice=False)
    contact = StringField(_l("이름과 전화번호"))

    def __init__(self, *args, windows: dict[int, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.place.choices = [SelectChoice(str(key), name) for key, name in windows.items()]
        self.key.data = self.key.data or str(uuid4())

    def _record(self, form: ItemForm, text: str, **facts: Any) -> ItemRecord:
        if len(self.key.data or "") > ROW_KEY_MOST:
            raise Refusal(_("이 화면을 다시 열고 적어 주세요."))
        place = plain_text.number(self.place.data or "") or 0
        return ItemRecord(form=form, text=text, key=self.key.data or "", neighbourhood_id=place, **facts)

    @property
    def told(self) -> str:
        """Name and telephone, or nothing. Raises Refusal."""
        if self.contact.data and not CONTACT.fullmatch(self.contact.data):
            raise Refusal(_("이름과 전화번호를 「홍길동 010-0000-0000」처럼 적어 주세요."), field="contact")
        return self.contact.data or ""


class RequestForm(_WindowForm):
    text = TextAreaField(_l("무엇을 바라나요"), render_kw=PUBLIC)

    @property
    def record(self) -> ItemRecord:
        """Raises Refusal."""
        self.refuse_personal_numbers()
        return self._record(ItemForm.SPOKEN, self.text.data or "")


def _categories() -> list[SelectChoice]:
    return offered(district.open_categories(), _("분야를 골라 주세요"))


def _neighbourhoods() -> list[SelectChoice]:
    return offered(district.open_neighbourhood_names(), _("구 전체"))


def _envelopes() -> list[SelectChoice]:
    return [SelectChoice(str(purse.id), f"{purse.round.title}: {purse.name} ({won(purse.amount)})")
            for purse in queries.envelopes()]


def _gatherings() -> list[SelectChoice]:
    return [SelectChoice(forum.slug, f"{forum.title} ({day(forum.starts_at)})") for forum in queries.gatherings()]


def _consultations() -> list[SelectChoice]:
    return [SelectChoice(card.consultation.slug, card.consultation.title)
            for card in consultations.open_now(clock.now())]


class SheetForm(_WindowForm):
    """The first count of a sheet."""

    number = StringField(_l("종이에 적힌 번호"))
    proposal = StringField(_l("제안 번호"))
    names = IntegerField(_l("읽을 수 있는 이름 수"))

    @property
    def record(self) -> ItemRecord:
        """Raises Refusal."""
        return self._record(ItemForm.SIGNATURE, "", number=self.number.data or "", names=self.names.data or 0)


class CountForm(Form):
    names = IntegerField(_l("읽을 수 있는 이름 수"))


class DutyForm(Form):
    proposal = HiddenField()
    looked = BooleanField(_l("종이를 직접 봤어요"))


class ReasonForm(Form):
    reason = StringField(_l("왜 보나요"))


class ActForm(_WindowForm):
    """An act of somebody: its own fields first, `words` are their names."""

    words: tuple[str, ...] = ()
    act: WindowAct
    desk_number = StringField(_l("창구 번호"), description=_l("이름을 걸고 내는 분이 주민 확인 화면에서 보여 준 번호예요."))

    @property
    def facts(self) -> dict[str, str]:
        """Raises Refusal."""
        self.refuse_personal_numbers()
        return {name: self[name].value or "" if isinstance(self[name], PickerField) else self[name].data or ""
                for name in self.words}

    @property
    def record(self) -> ItemRecord:
        """Raises Refusal."""
        return self._record(ItemForm.SPOKEN, "", act=self.act)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Label and word of each of its own fields, for a second clerk."""
        fields = [self[name] for name in self.words]
        return [(field.label.text, next((str(choice[1]) for choice in getattr(field, "iter_choices", list)()
                                         if choice[0] == field.data), field.data)) for field in fields]


class ProposalForm(ActForm):
    act, words = WindowAct.PROPOSAL, ("title", "problem", "wish", "category", "neighbourhood")
    title = StringField(_l("제목"), render_kw=PUBLIC)
    problem = TextAreaField(_l("무엇이 문제인가요"), render_kw=PUBLIC)
    wish = TextAreaField(_l("무엇을 바라나요"), render_kw=PUBLIC)
    category = SelectField(_l("분야"), choices=_categories, validate_choice=False)
    neighbourhood = SelectField(_l("어느 동의 일인가요"), choices=_neighbourhoods, validate_choice=False)
    number = StringField(_l("종이에 적힌 번호"), description=_l("번호가 찍힌 종이일 때만 적어요."))

    @property
    def record(self) -> ItemRecord:
        """Raises Refusal."""
        return self._record(ItemForm.SHEET, "", act=self.act, number=self.number.data or "")


class CommentForm(ActForm):
    act, words = WindowAct.COMMENT, ("proposal", "text", "stance")
    proposal = PickerField(_l("어느 제안에 다나요"), PROPOSAL, description=_l("제목에 있는 낱말이나 접수번호를 적어 찾아요."))
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)
    stance = RadioField(_l("입장"), choices=[SelectChoice(*choice) for choice in STANCES.items()], validate_choice=False)


class ProjectForm(ActForm):
    act, words = WindowAct.PROJECT, ("envelope", "title", "text", "where", "cost", "category", "neighbourhood")
    envelope = SelectField(_l("어느 예산에 내나요"), choices=_envelopes, validate_choice=False)
    title = StringField(_l("사업의 이름"), render_kw=PUBLIC)
    text = TextAreaField(_l("무엇을, 왜 하나요"), render_kw=PUBLIC)
    where = StringField(_l("어디에서 하나요"), render_kw=PUBLIC)
    cost = StringField(_l("드는 돈(원)"))
    category = SelectField(_l("분야"), choices=_categories, validate_choice=False)
    neighbourhood = SelectField(_l("동"), choices=_neighbourhoods, validate_choice=False)


class RegistrationForm(ActForm):
    act, words = WindowAct.REGISTRATION, ("forum", "way", "needs")
    forum = SelectField(_l("어느 공론장인가요"), choices=_gatherings, validate_choice=False)
    way = RadioField(_l("어떻게 함께하나요?"), validate_choice=False,
                     choices=[SelectChoice(str(way), word) for way, word in WAY.items()])
    needs = TextAreaField(_l("필요한 것"), description=_l("없으면 비워 두세요. 잠가서 보관하고 끝나면 지워요."))


class AnswerForm(ActForm):
    act, words = WindowAct.ANSWER, ("consultation", "sheet", "typed")
    contact = desk_number = told = None  # nothing joins the sheet to somebody
    consultation = SelectField(_l("어느 질문인가요"), choices=_consultations, validate_choice=False)
    sheet = StringField(_l("종이 번호"), description=_l("종이 오른쪽 위에 있어요."))
    typed = StringField(_l("표시한 것"), description=_l("의견마다 한 글자씩: 찬성 1, 반대 2, 모르겠어요 3, 비었으면 -"))


ACT_FORMS: Mapping[WindowAct, type[ActForm]] = {
    form.act: form for form in (ProposalForm, CommentForm, ProjectForm, RegistrationForm, AnswerForm)}
