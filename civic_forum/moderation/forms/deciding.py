"""The shape of reports, and of what moderators decide."""

from wtforms import HiddenField, RadioField, TextAreaField, validators
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

from civic_forum.platform import plain_text
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l

from .. import labels
from ..rules import REASON_MOST, SENTENCE_MOST, ActionKind, Decision, Length, Rule


class ReportForm(Form):
    about = HiddenField()
    rule = RadioField(_l("어떤 원칙을 어겼나요?"), validate_choice=False, validators=[
        AnyOf(list(Rule), message=_l("어긴 원칙을 하나 골라 주세요."))])
    sentence = TextAreaField(_l("덧붙일 말"), validators=[
        validators.Length(max=SENTENCE_MOST, message=_l("300자까지 적을 수 있어요. 짧게 줄여 주세요."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule.choices = rule_choices()


def rule_choices() -> list[SelectChoice]:
    return [SelectChoice(rule, _("%(rule)s: %(meaning)s", rule=labels.RULE[rule], meaning=labels.MEANING[rule]))
            for rule in Rule]


NOTHING = "none"
ON_ACCOUNTS = (ActionKind.WARN, ActionKind.MUTE, ActionKind.BLOCK)


class DecisionForm(Form):
    """WTForms for acts of a moderator on a text and its author."""

    seen = HiddenField(default="0")
    text = RadioField(_l("글을 어떻게 할까요?"), validate_choice=False, default="keep", choices=[
        SelectChoice("keep", _l("그대로 두기")), SelectChoice("hide", _l("가리기"))],
        validators=[AnyOf(("keep", "hide"), message=_l("글을 그대로 둘지 가릴지 골라 주세요."))])
    account = RadioField(_l("글쓴이에게 조치할까요?"), validate_choice=False, default=NOTHING, choices=[
        SelectChoice(NOTHING, _l("하지 않기")),
        *(SelectChoice(kind, labels.KIND[kind]) for kind in ON_ACCOUNTS)],
        validators=[AnyOf((NOTHING, *ON_ACCOUNTS), message=_l("글쓴이에게 어떤 조치를 할지 골라 주세요."))])
    length = RadioField(_l("얼마 동안인가요?"), validate_choice=False, choices=[
        SelectChoice(length, labels.LENGTH[length]) for length in Length])
    rule = RadioField(_l("어떤 원칙을 어겼나요?"), validate_choice=False)
    reason = TextAreaField(_l("까닭"), render_kw=PUBLIC, validators=[
        validators.Length(max=REASON_MOST, message=_l("500자까지 적을 수 있어요. 짧게 줄여 주세요."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule.choices = rule_choices()

    @property
    def read_up_to(self) -> int:
        return plain_text.number(self.seen.data, digits=18) or 0

    @property
    def hides(self) -> bool:
        return self.text.data == "hide"

    def decision(self) -> Decision:
        """The decision that was chosen; the service says what is missing."""
        account = ActionKind(self.account.data) if self.account.data != NOTHING else None
        return Decision(hide=self.hides, account=account, length=_known(Length, self.length.data),
                        rule=_known(Rule, self.rule.data), reason=self.reason.data or "")


class WaveForm(DecisionForm):
    """The same about many texts: they are hidden."""

    text = None
    hides = True


def _known(kind, value):
    return kind(value) if value in list(kind) else None
