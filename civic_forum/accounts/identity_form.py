"""Asking who somebody is: for the desk, a letter, and every other feature that serves people at a desk."""

from wtforms import StringField
from wtforms.validators import Length, ValidationError

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l

from .identity import NAME_MOST, Identity, normalised, parsed_date


class BirthDateField(StringField):
    """A date as people write it; `day` is the date after validation."""

    day = None

    def pre_validate(self, form):
        self.day = parsed_date((self.data or "")[:20])
        if self.day is None:
            raise ValidationError(_("생년월일을 19490301처럼 숫자 8자리로 적어 주세요."))


class IdentityForm(Form):
    """Name and birth date. No registration number is ever asked for."""

    name = StringField(_l("이름"), [Length(max=NAME_MOST, message=_l("이름을 60자 안으로 적어 주세요."))])
    birth_date = BirthDateField(_l("생년월일"))

    def validate_name(self, field):
        if len(normalised((field.data or "")[:NAME_MOST])) < 2:
            raise ValidationError(_("신분증에 적힌 이름을 그대로 적어 주세요."))

    @property
    def identity(self) -> Identity:
        return Identity(self.name.data, self.birth_date.day)
