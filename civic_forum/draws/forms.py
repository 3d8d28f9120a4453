"""Forms of draws."""

import re

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform import plain_text
from civic_forum.platform.fields import chosen
from civic_forum.platform.forms import PUBLIC, ConfirmForm, Form
from civic_forum.platform.i18n import _l

from . import labels
from .rules.filling import Reason


class DrawForm(ConfirmForm):
    """A button of the desk of a draw, with what it needs."""

    act = HiddenField()
    observers = TextAreaField(_l("참관인"), render_kw=PUBLIC)
    balls = StringField(_l("당첨 번호 여섯과 보너스"))
    signature = StringField(_l("공개 난수의 서명"))
    attempt = SelectField(_l("어느 추첨인가요?"), validate_choice=False,
                          coerce=lambda typed: plain_text.number(str(typed)))
    number = StringField(_l("접수번호"))
    leaving = SelectField(_l("왜 빼나요?"), validate_choice=False, choices=[
        SelectChoice(reason, label) for reason, label in labels.REASON.items() if reason is not Reason.SELF])
    reason = TextAreaField(_l("이유"), render_kw=PUBLIC)
    decision = StringField(_l("결정한 곳과 번호"))

    @property
    def typed_balls(self) -> list[int]:
        return [int(ball) for ball in re.findall(r"[0-9]{1,2}", self.balls.data or "")]

    @property
    def why(self) -> Reason:
        return chosen(self.leaving, Reason)


class ObservedForm(Form):
    """Statement of an observer, signed with their own key."""

    key = StringField(_l("공개 열쇠"))
    agrees = SelectField(_l("명단이 신청과 같은가요?"), validate_choice=False, choices=[
        SelectChoice("1", _l("같아요")), SelectChoice("0", _l("달라요"))])
    text = TextAreaField(_l("덧붙일 말"), render_kw=PUBLIC)
    signature = StringField(_l("서명"))
