"""WTForms of the office, beside the parts themselves."""

from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField

from civic_forum.blocks.parts import form_of
from civic_forum.blocks.pickers import PickerField
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l
from civic_forum.proposals.pickers import PROPOSAL

from . import labels
from .parts import Answerers, StatementText, Times, Wording
from .rules import OUT_FOR, Became
from .services import Decision

NewConsultationForm = form_of((Wording, ("department_id", "title", "question")), (Times, ("opens_at", "closes_at")),
                              (Answerers, ("audience",)))
"""The little that a consultation begins with."""


class StatementForm(StatementText.form()):  # type: ignore[misc]
    """A statement, with the thing that it was taken from."""

    source = HiddenField()


class SourceForm(Form):
    proposal = PickerField(_l("제안"), PROPOSAL)
    comment = StringField(_l("댓글 주소"))
    forum = StringField(_l("공론장 주소"))


class PrintForm(Form):
    count = NumberField(_l("몇 장을 인쇄하나요"))


class DecisionForm(Form):
    do = HiddenField()
    seen = HiddenField()
    out_for = RadioField(_l("무엇 때문인가요"), validate_choice=False,
                         choices=[SelectChoice(reason, labels.WHY_OUT[reason]) for reason in OUT_FOR])
    why = TextAreaField(_l("이유"), render_kw=PUBLIC)

    def decision(self) -> Decision:
        if self.do.data not in list(Decision):
            raise Refusal(_("무엇을 할지 버튼으로 골라 주세요."))
        return Decision(self.do.data)


class JoinForm(Form):
    same_as = StringField(_l("같은 뜻인 의견의 번호"))

    def number(self) -> int:
        return plain_text.number(self.same_as.data, digits=5) or 0


class BecameForm(Form):
    became = RadioField(_l("무엇이 됐나요"), validate_choice=False,
                        choices=[SelectChoice(became.value, word) for became, word in labels.BECAME.items()])
    text = TextAreaField(_l("한두 문장으로"), render_kw=PUBLIC)
    url = StringField(_l("자세한 화면의 주소"))

    def chosen(self) -> Became:
        if self.became.data not in list(Became):
            raise Refusal(_("무엇이 됐는지 골라 주세요."), field="became")
        return Became(self.became.data)
