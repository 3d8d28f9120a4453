"""What somebody says who is not in the roll, or wrongly."""

from wtforms import TextAreaField
from wtforms.validators import Length

from civic_forum.ballots.rules.rolls import LEAST_TEXT, MOST_TEXT
from civic_forum.kernel.forms import Form
from civic_forum.kernel.i18n import _l


class RollObjectionForm(Form):
    text = TextAreaField(_l("무엇이 빠졌거나 잘못됐나요?"), [
        Length(LEAST_TEXT, MOST_TEXT, message=_l("5자에서 1,000자까지 적어 주세요."))])
