"""WTForms for registering, and for those who prepare a forum."""

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.district import queries as district
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import chosen, offered
from civic_forum.platform.forms import Checkboxes, Form
from civic_forum.platform.i18n import _, _l

from .. import labels
from ..models import Forum
from ..rules import AgeGroup, Way
from . import rules
from .models import RecordingConsent, Registration
from .rules import RegistrationRequest


class RegistrationForm(Form):
    way = RadioField(_l("어떻게 함께할까요?"), validate_choice=False)
    needs = Checkboxes(_l("필요한 것"), validate_choice=False)
    words = TextAreaField(_l("더 알려 줄 것"))
    age_group = SelectField(_l("나이대"), validate_choice=False)
    neighbourhood = SelectField(_l("동"), validate_choice=False)
    consents = BooleanField(_l("녹화에 동의해요"))
    key = HiddenField()

    def __init__(self, forum: Forum, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.way.choices = [SelectChoice(str(way), labels.WAY[way]) for way in rules.ways_of(forum)]
        self.needs.choices = [SelectChoice(need, need) for need in forum.accessibility]
        self.age_group.choices = offered(labels.AGE_GROUP, _("말하지 않을래요"))
        self.neighbourhood.choices = offered(district.open_neighbourhood_names(), _("말하지 않을래요"))

    @classmethod
    def of(cls, forum: Forum, registration: Registration | None, consent: RecordingConsent | None, words: str):
        """As it stands; `said` are the needs in own words."""
        if registration is None:
            only = rules.ways_of(forum)
            return cls(forum, formdata=None, data={"way": str(only[0]) if len(only) == 1 else None})
        return cls(forum, formdata=None, data={
            "way": str(registration.way), "needs": registration.needs, "words": words,
            "age_group": str(registration.age_group or ""), "neighbourhood": str(registration.neighbourhood_id or ""),
            "consents": consent is not None and consent.given})

    def wanted(self) -> RegistrationRequest:
        """Raises Refusal for what is not of its kind."""
        way = chosen(self.way, Way)
        group = chosen(self.age_group, AgeGroup) if self.age_group.data else None
        if (self.neighbourhood.data or "") not in {choice.value for choice in self.neighbourhood.choices}:
            raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field="neighbourhood")
        return RegistrationRequest(way, tuple(self.needs.data or ()), self.words.data or "", group,
                      int(self.neighbourhood.data) if self.neighbourhood.data else None)


class ReasonForm(Form):
    reason = StringField(_l("이유"))
