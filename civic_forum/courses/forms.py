"""Forms of courses."""

from wtforms import HiddenField, StringField

from civic_forum.blocks.pickers import PickerField
from civic_forum.forums.kinds import PICKED
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l


class SessionForm(Form):
    """A button of the desk, with the gathering that it is about."""

    act = HiddenField()
    forum = PickerField(_l("어느 모임인가요?"), PICKED)
    session = HiddenField()


class PresenceForm(Form):
    reason = StringField(_l("이유"))


class CertificateForm(Form):
    number = StringField(_l("쪽지 번호"))
    name = StringField(_l("이름"))
