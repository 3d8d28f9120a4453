"""The shape of what staff enter at the desk."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from civic_forum.accounts.forms import EvidenceForm, FirstLinkForm, NOT_ON_THE_LIST
from civic_forum.accounts.pickers import STAFF, MemberField, PersonField
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST, AffiliationKind, Role
from civic_forum.accounts.labels import AFFILIATION, ROLE
from civic_forum.blocks.pickers import PickerField
from civic_forum.platform import plain_text
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import Checkboxes, ConfirmForm, Form
from civic_forum.platform.i18n import OTHERS, _, _l
from civic_forum.platform.setting_shapes import field_of
from civic_forum.platform.settings import Setting
from civic_forum.proposals.pickers import PROPOSAL

from .services.district import MOST, Decision
from .services.settings import Decision as SettingDecision

NEUTRAL = (("haneul", "맑은 하늘"), ("badam", "바닷바람"), ("sonamu", "푸른 소나무"), ("dolda", "돌담길"),
           ("gaeul", "가을 햇살"), ("bomnal", "따뜻한 봄날"), ("saebyeok", "새벽 산책"), ("euna", "은행나무"),
           ("maru", "너른 마루"), ("sicheon", "시냇물"), ("deulpan", "넓은 들판"), ("isul", "아침 이슬"))


def proposed_names() -> dict[str, str]:
    """A sign-in name and a nickname that tell nothing about their owner."""
    latin, korean = secrets.choice(NEUTRAL)
    number = secrets.randbelow(9000) + 1000
    return {"new_name": f"{latin}{number}", "nickname": f"{korean} {number % 100}"}


class ResidentForm(EvidenceForm):
    """Verifying somebody who has an account, or opening one."""

    account = RadioField(_l("계정"), [InputRequired(_l("계정이 있는지 골라 주세요."))],
                         choices=[SelectChoice("has", _l("계정이 있어요")), SelectChoice("none", _l("계정이 없어요. 새로 만들어요"))],
                         **NOT_ON_THE_LIST)
    desk_number = StringField(_l("창구 번호"), [Length(max=60)])
    new_name = StringField(_l("새 로그인 이름"), [Length(max=60)])
    nickname = StringField(_l("별명"), [Length(max=60)])
    consent = BooleanField(_l("이용약관과 개인정보 수집·이용 안내를 드렸고, 본인이 동의했어요"))
    kinds = Checkboxes(_l("이 동에서"), [InputRequired(_l("하나는 골라 주세요."))],
                       choices=[SelectChoice(kind.value, AFFILIATION[kind]) for kind in AffiliationKind],
                       **NOT_ON_THE_LIST)
    neighbourhood = SelectField(_l("동"), **NOT_ON_THE_LIST)
    among = HiddenField()
    decision = HiddenField()

    def __iter__(self):
        """In the order of the page, so that the summary of errors reads like it."""
        order = ("account", "desk_number", "new_name", "nickname", "consent", "name", "birth_date", "kinds",
                 "neighbourhood", "evidence")
        return iter([self[name] for name in order] + [field for field in super().__iter__() if field.name not in order])

    def validate(self, extra_validators=None):
        fine = super().validate(extra_validators)
        if self.account.data == "has" and not self.desk_number.data:
            fine = _wrong(self.desk_number, _("창구 번호를 적어 주세요."))
        if self.account.data == "none" and not self.consent.data:
            fine = _wrong(self.consent, _("안내를 드리고 동의를 받은 뒤에 표시해 주세요."))
        return fine


class SecondClerkForm(EvidenceForm):
    sign_in_name = StringField(_l("로그인 이름"), [Length(max=60)])


class SupportForm(SecondClerkForm):
    """공감 of somebody at the window."""

    proposal = PickerField(_l("제안"), PROPOSAL, validators=[InputRequired(_l("제안을 골라 주세요."))])
    neighbourhood = SelectField(_l("사는 동"), [InputRequired(_l("동을 골라 주세요."))], **NOT_ON_THE_LIST)
    consent = BooleanField(_l("개인정보 수집·이용 안내를 드렸고, 본인이 동의했어요"), [InputRequired(_l(
        "안내를 드리고 동의를 받은 뒤에 표시해 주세요."))])


class ReasonForm(Form):
    reason = StringField(_l("찾아보는 이유"), [Length(LOOK_UP_LEAST, LOOK_UP_MOST, _l("왜 찾아보는지 5자부터 200자까지 적어 주세요."))])


class LookUpForm(ReasonForm):
    person = StringField(_l("로그인 이름, 별명 또는 회원 번호"), [Length(1, 60, _l("로그인 이름, 별명이나 회원 번호를 적어 주세요."))])


class RoleForm(Form):
    sign_in_name = PersonField(_l("별명이나 로그인 이름"), STAFF, validators=[Length(1, 60, _l("별명이나 로그인 이름을 적어 주세요."))])
    role = RadioField(_l("권한"), [InputRequired(_l("권한을 골라 주세요."))],
                      choices=[SelectChoice(role.value, ROLE[role]) for role in Role], **NOT_ON_THE_LIST)
    department = SelectField(_l("부서"), [Optional()], **NOT_ON_THE_LIST)
    neighbourhood = SelectField(_l("동"), [Optional()], **NOT_ON_THE_LIST)
    is_head = BooleanField(_l("부서장이에요"))
    title = StringField(_l("직함"), [Length(max=60)])
    ends_on = DateField(_l("마지막 날"), validators=[Optional()])


class LastDayForm(Form):
    ends_on = RoleForm.ends_on


class InviteForm(RoleForm):
    sign_in_name = None
    name, email = FirstLinkForm.nickname, FirstLinkForm.email


class AbsenceForm(Form):
    from_day = DateField(_l("첫날"), validators=[Optional()])
    until_day = DateField(_l("마지막 날"), validators=[Optional()])
    deputy = MemberField(_l("대신할 사람"))


class NewNamesForm(Form):
    names = TextAreaField(_l("이름"))
    why = TextAreaField(_l("이유"))
    body = ""


class NewTextForm(NewNamesForm):
    text = TextAreaField(_l("글"))

    @property
    def body(self) -> str:
        return self.text.data or ""


class RenameForm(Form):
    name_ko = StringField(_l("한국어 이름"))
    from_day = DateField(_l("언제부터"), validators=[Optional()])
    why = TextAreaField(_l("이유"))
    seen = HiddenField()

    @property
    def decision(self) -> Decision:
        return Decision(name_ko=self.name_ko.data or "", why=self.why.data or "",
                        words={str(words): self[f"name_{words}"].data or "" for words in OTHERS})


for words in OTHERS:
    setattr(RenameForm, f"name_{words}", StringField(_l("%(language)s 이름", language=words.label)))


class CategoryForm(RenameForm):
    support_threshold = NumberField(_l("공감 목표(명)"))
    support_days = NumberField(_l("공감을 모으는 기간(일)"))
    answer_days = NumberField(_l("답변 기한(일)"))
    department = SelectField(_l("답변할 부서"), validate_choice=False)

    @property
    def decision(self) -> Decision:
        return replace(super().decision, own={name: self[name].number for name in MOST} | {
            "department_id": plain_text.number(self.department.data)})


class ReadyTextForm(RenameForm):
    text = TextAreaField(_l("글"))

    @property
    def decision(self) -> Decision:
        return replace(super().decision, own={"text": self.text.data or ""})


class ClosingForm(Form):
    successor = SelectField(_l("이어받을 곳"), validate_choice=False)
    head = SelectField(_l("부서장"), validate_choice=False)
    from_day = DateField(_l("언제부터"), validators=[Optional()])
    why = TextAreaField(_l("이유"))
    seen = HiddenField()


class SettingForm(Form):
    """A new value of a setting; `text` is a field of its shape."""

    text = StringField(_l("새 값"))
    from_day = DateField(_l("언제부터"), validators=[Optional()])
    why = TextAreaField(_l("왜 바꾸나요"))
    standing: BooleanField
    seen = HiddenField()

    @classmethod
    def of(cls, setting: Setting, **given) -> "SettingForm":
        shape = setting.shape
        choices = [SelectChoice(name, label) for name, label in shape.choices.items()]
        kind = TextAreaField if shape.rows > 1 else StringField
        text = (RadioField(_l("새 값"), choices=choices, validate_choice=False) if choices else
                kind(_l("한국어로") if shape.is_translated else _l("새 값")))
        others = {field_of(words): kind(words.label) for words in OTHERS if shape.is_translated}
        standing = BooleanField(setting.standing and setting.standing.label)
        return type(cls.__name__, (cls,), {"text": text, "standing": standing} | others)(**given)

    @property
    def decision(self) -> SettingDecision:
        return SettingDecision(text=self.text.data or "", why=self.why.data or "", standing=self.standing.data, words={
            str(words): field.data or "" for words in OTHERS if (field := self._fields.get(field_of(words)))})


def hand_over_form(labels: Mapping[str, str]) -> type[ConfirmForm]:
    """Form with a receiver for each bundle, by its key."""
    return type("HandOverForm", (ConfirmForm,), {
        key: MemberField(label) for key, label in labels.items()})


def _wrong(field, sentence: str) -> bool:
    field.errors = [*field.errors, sentence]
    return False
