"""What is asked to verify somebody, at the desk and for a letter."""

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from civic_forum.kernel.forms import Form
from civic_forum.kernel.i18n import _, _l

from ..identity import NAME_MOST, Identity, normalised, parsed_date
from ..rules import AffiliationKind, Evidence
from ..words import AFFILIATION, EVIDENCE

ADDRESS_MOST = 120
AT_THE_DESK = [kind for kind in Evidence if kind is not Evidence.LETTER]


NOT_ON_THE_LIST = {"invalid_choice_message": _l("목록에 있는 것 가운데 골라 주세요.")}


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


class EvidenceForm(IdentityForm):
    """The same at the desk, with what the clerk has seen."""

    evidence = RadioField(_l("확인한 것"), [InputRequired(_l("무엇을 보고 확인했는지 골라 주세요."))],
                          choices=[SelectChoice(kind.value, EVIDENCE[kind]) for kind in AT_THE_DESK],
                          **NOT_ON_THE_LIST)


class LetterForm(IdentityForm):
    """Asking for a letter."""

    neighbourhood = SelectField(_l("동"), **NOT_ON_THE_LIST)
    address = TextAreaField(_l("우편을 받을 주소"), [
        Length(5, ADDRESS_MOST, _l("도로명 주소와 동·호수를 5자부터 120자까지 적어 주세요."))])


class CodeForm(Form):
    code = StringField(_l("우편에 적힌 번호"), [Length(1, 40, _l("우편에 적힌 번호를 적어 주세요."))])


class DeclarationForm(Form):
    """Work or study here, as one says oneself."""

    kind = RadioField(_l("무엇을 하나요?"), [InputRequired(_l("하나를 골라 주세요."))], choices=[
        SelectChoice(kind.value, AFFILIATION[kind]) for kind in (AffiliationKind.WORK, AffiliationKind.STUDY)],
        **NOT_ON_THE_LIST)
    place = SelectField(_l("어느 동인가요?"), **NOT_ON_THE_LIST)


def offer(field: SelectField, places, nothing: str | None = None) -> None:
    """Fill a select with neighbourhoods or departments, none of them chosen beforehand."""
    places = [SelectChoice(str(place.id), place.name) for place in places]
    field.choices = [SelectChoice("", nothing or _("동을 골라 주세요")), *places]


def chosen(field: SelectField) -> int | None:
    return int(field.data) if field.data and field.data.strip() else None
