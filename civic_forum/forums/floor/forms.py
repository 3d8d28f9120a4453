"""WTForms for the floor and the programme. Numbers are those of our own pages: what is none is no answer."""

from wtforms import StringField

from civic_forum.platform.errors import Invalid, Refusal, existing
from civic_forum.platform.i18n import _

from ..forms import LiveForm, number_given
from ..rules import PassedWhy


class AskForm(LiveForm):
    """Asking for the floor."""

    topic = StringField()
    for_group = StringField()
    group_size = StringField()
    show_neighbourhood = StringField()
    name = StringField()
    """Of somebody without a device."""


class LeadForm(LiveForm):
    """WTForms for what the host does: with which request, turn or item, as the page showed it."""

    request = StringField()
    turn = StringField()
    item = StringField()
    seen = StringField()
    why = StringField()
    to = StringField()
    seconds = StringField()
    minutes = StringField()
    open = StringField()
    duty = StringField()
    name = StringField()
    role = StringField()
    topic = StringField()

    def chosen(self, name: str) -> int:
        """The id that a button or hidden field holds. Raises Refusal where nothing runs or nobody was chosen."""
        return existing(number_given(self[name]), lambda: Refusal(_("무엇에 대한 것인지 골라 주세요. 이미 끝났을 수 있어요.")))

    @property
    def passed_why(self) -> PassedWhy:
        if self.why.data not in (PassedWhy.ABSENT, PassedWhy.NO_TIME):
            raise Invalid(_("넘기는 이유를 골라 주세요."))
        return PassedWhy(self.why.data)
