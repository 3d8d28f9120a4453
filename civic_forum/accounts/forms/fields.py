"""Fields that several forms of accounts share."""

from wtforms import PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from civic_forum.platform.i18n import _, _l

from .. import rules

ELSEWHERE = "elsewhere"


def required(sentence):
    return InputRequired(message=sentence)


def at_most(length: int):
    return Length(max=length, message=_l("%(length)s자까지 적을 수 있어요.", length=length))


class Choice(SelectField):
    """A list from which only what it shows can be chosen."""

    def pre_validate(self, form):
        if all(choice.value != (self.data or "") for choice in self.iter_choices()):
            raise ValidationError(_("목록에 있는 것 가운데 골라 주세요."))


class NeighbourhoodChoice(Choice):
    """A neighbourhood of the district; `.neighbourhood_id` is None for elsewhere and for nothing chosen."""

    def offer(self, neighbourhoods, *, nothing, elsewhere=None):
        self.choices = [SelectChoice("", nothing), *(SelectChoice(str(one.id), one.name) for one in neighbourhoods)]
        if elsewhere:
            self.choices.append(SelectChoice(ELSEWHERE, elsewhere))

    @property
    def neighbourhood_id(self) -> int | None:
        return int(self.data) if self.data and self.data != ELSEWHERE else None


class EmailField(StringField):
    """An address; `.address` is None where nothing was typed."""

    @property
    def address(self) -> str | None:
        return rules.email_address(self.data) if self.data else None

    def pre_validate(self, form):
        if self.data and self.address is None:
            raise ValidationError(_("전자우편 주소를 name@example.com처럼 적어 주세요."))


class MobileField(StringField):
    """A number; `.number` is None where nothing was typed."""

    @property
    def number(self) -> str | None:
        return rules.mobile_number(self.data) if self.data else None

    def pre_validate(self, form):
        if self.data and self.number is None:
            raise ValidationError(_("휴대전화 번호를 010-1234-5678처럼 적어 주세요."))


class NewPassword(PasswordField):
    """Its rules are the service's; only its presence is checked here."""

    def __init__(self, label, **kwargs):
        super().__init__(label, [required(_l("비밀번호를 적어 주세요."))], **kwargs)


def same_password(form, field):
    if field.data != form.password.data:
        raise ValidationError(_("두 비밀번호가 서로 달라요. 똑같이 적어 주세요."))
