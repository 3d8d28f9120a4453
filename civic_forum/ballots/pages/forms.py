"""What somebody says who is not in the roll, or wrongly; what moderators write beside a roll, and of a rehearsal."""

from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from civic_forum.kernel.fields import NumberField
from civic_forum.kernel.forms import PUBLIC, Form
from civic_forum.kernel.i18n import _l

from ..rules.rolls import LEAST_TEXT, MOST_TEXT


class RollObjectionForm(Form):
    text = TextAreaField(_l("무엇이 빠졌거나 잘못됐나요?"), [
        Length(LEAST_TEXT, MOST_TEXT, message=_l("5자에서 1,000자까지 적어 주세요."))])


class RollCorrectionForm(Form):
    """Put somebody into the roll or take them out, with the reason."""

    name = StringField(_l("로그인 이름"))
    what = RadioField(_l("무엇을 할까요"), validate_choice=False,
                      choices=[SelectChoice("add", _l("명부에 넣기")), SelectChoice("strike", _l("명부에서 빼기"))])
    reason = StringField(_l("까닭"))


class AnswerForm(Form):
    text = TextAreaField(_l("답변"), render_kw=PUBLIC)


class RehearsalForm(Form):
    hours = NumberField(_l("몇 시간 동안 열까요"))
    names = TextAreaField(_l("함께할 사람의 로그인 이름"))
