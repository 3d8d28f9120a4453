"""WTForms of moderation: asking and deciding."""

import re

from wtforms import HiddenField, RadioField, StringField, TextAreaField, validators
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form, PUBLIC
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.text_checks import words_given

from . import labels, rules
from .rules import ActionKind, Decision, Ground, Length, REASON_MOST, Rule, SENTENCE_MOST

_FORM_KEY = re.compile(r"[0-9a-f]{32}")


class AppealForm(Form):
    text = TextAreaField(_l("왜 그렇지 않은가요?"))


class VerdictForm(Form):
    """WTForms for the decision on an appeal (`upheld`) or a request (`granted`), and why."""

    answer = RadioField(_l("결정"), validate_choice=False)
    decision = TextAreaField(_l("이유"), render_kw=PUBLIC)

    def __init__(self, yes: object, no: object, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.answer.choices = [SelectChoice("yes", yes), SelectChoice("no", no)]

    def says_yes(self) -> bool:
        """Raises Refusal where neither was chosen."""
        if self.answer.data not in ("yes", "no"):
            raise Refusal(_("둘 가운데 하나를 골라 주세요."), field="answer")
        return self.answer.data == "yes"


class TakedownForm(Form):
    form_key = HiddenField()
    about = HiddenField()
    address = StringField(_l("글의 주소"))
    ground = RadioField(_l("왜 가려야 하나요?"), validate_choice=False,
                        choices=[SelectChoice(ground.value, word) for ground, word in labels.GROUND.items()])
    text = TextAreaField(_l("어떤 내용이 어떻게 권리를 침해하나요?"))
    contact = StringField(_l("연락처"))

    def chosen(self) -> Ground:
        if self.ground.data not in list(Ground):
            raise Refusal(_("이유를 하나 골라 주세요."), field="ground")
        return Ground(self.ground.data)

    def refuse_the_rest(self) -> None:
        self.refuse_besides(
            ground=self.chosen,
            text=lambda: words_given(self.text.data, rules.REQUEST_LEAST, rules.REQUEST_MOST, "text"),
            contact=lambda: words_given(self.contact.data, rules.CONTACT_LEAST, rules.CONTACT_MOST, "contact",
                                        sealed=True))

    def key(self) -> str:
        if not _FORM_KEY.fullmatch(self.form_key.data or ""):
            raise Refusal(_("화면이 오래됐어요. 새로 고친 뒤 다시 보내 주세요."))
        return self.form_key.data


class NumberForm(Form):
    number = StringField(_l("요청 번호"))


class ReasonForm(Form):
    reason = TextAreaField(_l("이유"))


class WordForm(Form):
    word = StringField(_l("낱말"))


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
    reason = TextAreaField(_l("이유"), render_kw=PUBLIC, validators=[
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


def _known(kind, name):
    return kind(name) if name in list(kind) else None
