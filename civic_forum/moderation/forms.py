"""The shape of a report as it is sent."""

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length

from civic_forum.kernel.forms import Form
from civic_forum.kernel.i18n import _, _l

from . import words
from .rules import SENTENCE_MOST, Rule


class ReportForm(Form):
    about = HiddenField()
    rule = RadioField(_l("어떤 원칙을 어겼나요?"), validate_choice=False, validators=[
        AnyOf(list(Rule), message=_l("어긴 원칙을 하나 골라 주세요."))])
    sentence = TextAreaField(_l("덧붙일 말"), validators=[
        Length(max=SENTENCE_MOST, message=_l("300자까지 적을 수 있어요. 짧게 줄여 주세요."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule.choices = [
            SelectChoice(rule, _("%(rule)s: %(meaning)s", rule=words.RULE[rule], meaning=words.MEANING[rule]))
            for rule in Rule]
