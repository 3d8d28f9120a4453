"""WTForms for verifying somebody, at the desk and for a letter."""

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l

from ..identity_form import IdentityForm
from ..rules import AffiliationKind, Evidence
from ..labels import AFFILIATION, EVIDENCE

ADDRESS_MOST = 120
AT_THE_DESK = [kind for kind in Evidence if kind is not Evidence.LETTER]
NOT_ON_THE_LIST = {"invalid_choice_message": _l("목록에 있는 것 가운데 골라 주세요.")}


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
