"""The shape of appeals and requests as they are sent, and of what is decided about them."""

import re

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _, _l

from .. import rules, labels
from ..rules import Ground

_FORM_KEY = re.compile(r"[0-9a-f]{32}")


class AppealForm(Form):
    text = TextAreaField(_l("왜 그렇지 않은가요?"))


class VerdictForm(Form):
    """WTForms for the decision on an appeal (`upheld`) or a request (`granted`), and why."""

    answer = RadioField(_l("결정"), validate_choice=False)
    decision = TextAreaField(_l("까닭"), render_kw=PUBLIC)

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
            raise Refusal(_("까닭을 하나 골라 주세요."), field="ground")
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
    reason = TextAreaField(_l("까닭"))


class WordForm(Form):
    word = StringField(_l("낱말"))
