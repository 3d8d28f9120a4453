"""The shape of what officials and authors type about answers."""

from datetime import date

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.accounts.queries import people
from civic_forum.district import queries as district
from civic_forum.platform import clock, periods, plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField, PeriodField, chosen, offered, within_field
from civic_forum.platform.forms import PUBLIC, Form, SeenForm, won_given, won_shown
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.periods import Within

from . import rules, labels
from .models import Answer, LaterAnswer
from .rules import AnswerKind, AnswerText, Disclosure, LaterText, ReplyOutcome, SignedAs


def _choices(names: dict) -> list[SelectChoice]:
    return [SelectChoice(name.value, word) for name, word in names.items()]


class AnswerForm(SeenForm):
    """An answer as it is written."""

    kind = RadioField(_l("답변 종류"), choices=_choices(labels.KIND), validate_choice=False)
    outcome = RadioField(_l("결과"), validate_choice=False)
    text = TextAreaField(_l("답변"), render_kw=PUBLIC)
    reason = TextAreaField(_l("제안대로 하지 않는 이유"), render_kw=PUBLIC)
    by_when = PeriodField(_l("언제까지"))
    by_when_within = within_field()
    cost = StringField(_l("드는 돈(만 원)"))
    document_number = StringField(_l("문서 번호"))
    dated_on = DateField(_l("문서 날짜"))
    disclosure = SelectField(_l("공개 구분"), choices=_choices(labels.DISCLOSURE), validate_choice=False)
    team = StringField(_l("담당 팀"))
    phone = StringField(_l("전화번호"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcome.choices = [SelectChoice(key, reason.name) for key, reason in district.reasons().items()
                                if key in (reason.now, self.outcome.data)]

    def part(self) -> AnswerText:
        """Raises Refusal for a choice that there is not, and for a number that is none."""
        if self.kind.data not in list(AnswerKind):
            raise Refusal(_("답변 종류를 골라 주세요."), field="kind")
        if self.outcome.data and self.outcome.data not in district.reasons():
            raise Refusal(_("결과를 하나 골라 주세요."), field="outcome")
        if self.disclosure.data not in list(Disclosure):
            raise Refusal(_("공개 구분을 골라 주세요."), field="disclosure")
        return AnswerText(
            kind=AnswerKind(self.kind.data),
            outcome=self.outcome.data or None, text=self.text.data or "",
            by_when=self._by_when(), cost=won_given(self.cost), reason=self.reason.data or None,
            document_number=self.document_number.data or None, dated_on=self._day(), team=self.team.data or None,
            phone=self.phone.data or None, disclosure=Disclosure(self.disclosure.data))

    def _by_when(self) -> str | None:
        if not self.by_when.data:
            return None
        return periods.period(self.by_when.needed, chosen(self.by_when_within, Within))

    def _day(self) -> date:
        day = self.dated_on.data
        if day is None or not 2000 <= day.year <= 2999:
            raise Refusal(_("문서 날짜를 2026-11-20처럼 적어 주세요."), field="dated_on")
        return day


class CorrectionForm(AnswerForm):
    why = StringField(_l("바로잡는 이유"), render_kw=PUBLIC)


class LaterForm(SeenForm):
    """An answer about something other than a proposal."""

    text = TextAreaField(_l("답변"), render_kw=PUBLIC)

    signed_as = RadioField(_l("누구 이름으로 답하나요"), default=SignedAs.DEPARTMENT.value, validate_choice=False,
                           choices=_choices(labels.SIGNED_AS))
    outcome = RadioField(_l("어떻게 되나요"), validate_choice=False, choices=_choices(labels.REPLY_OUTCOME))
    document_number = StringField(_l("문서 번호"))
    milestone = StringField(_l("하기로 한 일"), render_kw=PUBLIC)
    milestone_on = DayField(_l("언제까지"))

    def part(self) -> LaterText:
        return LaterText(
            self.text.data or "", chosen(self.signed_as, SignedAs),
            chosen(self.outcome, ReplyOutcome) if self.outcome.data else None, self.document_number.data or None,
            self.milestone.data or None, self.milestone_on.needed if self.milestone_on.data else None)


class LaterCorrectionForm(LaterForm):
    why = StringField(_l("바로잡는 이유"), render_kw=PUBLIC)


def filled_later(answer: LaterAnswer | None) -> dict[str, object]:
    return {"seen": "0"} if answer is None else {
        "seen": str(answer.version), "text": answer.text, "signed_as": answer.signed_as.value,
        "outcome": answer.outcome, "document_number": answer.document_number, "milestone": answer.milestone,
        "milestone_on": answer.milestone_on}


def filled(answer: Answer | None) -> dict[str, object]:
    """The form at first: the answer as it stands, or an empty one of today."""
    if answer is None:
        return {"seen": "0", "kind": AnswerKind.FINAL.value, "dated_on": local(clock.now()).date(),
                "disclosure": Disclosure.OPEN.value}
    fields = ("kind", "outcome", "text", "reason", "by_when", "document_number", "dated_on", "disclosure", "team",
              "phone")
    return {name: getattr(answer, name) for name in fields} | {
        "seen": str(answer.version), "cost": won_shown(answer.cost),
        "by_when_within": (periods.read(answer.by_when) or (None, Within.DAY))[1].value}


class DepartmentForm(Form):
    """To whom a proposal is given, or who is asked."""

    department = SelectField(_l("부서"), validate_choice=False)
    note = TextAreaField(_l("부서에 전할 말"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.department.choices = offered(people.assignable_departments(), _("부서를 골라 주세요"))

    @property
    def department_id(self) -> int:
        return plain_text.number(self.department.data) or 0


class ReturnForm(Form):
    note = TextAreaField(_l("돌려보내는 이유나 의견"))


class ReferralForm(Form):
    way = RadioField(_l("어떻게 넘기나요?"), validate_choice=False, choices=[
        SelectChoice("complaint", _l("민원으로 넘겨요")), SelectChoice("body", _l("다른 기관에 넘겨요"))])
    to = StringField(_l("넘기는 곳"))
    note = TextAreaField(_l("제안한 사람에게 알릴 말"), render_kw=PUBLIC)

    @property
    def as_complaint(self) -> bool:
        """Raises Refusal where neither was chosen."""
        if self.way.data not in ("complaint", "body"):
            raise Refusal(_("어떻게 넘길지 골라 주세요."), field="way")
        return self.way.data == "complaint"


class UndoReferralForm(Form):
    reason = TextAreaField(_l("이유"), render_kw=PUBLIC)


class CompletionForm(Form):
    asked = TextAreaField(_l("보태야 할 내용"), render_kw=PUBLIC)


class CarryingForm(Form):
    evidence = TextAreaField(_l("무엇을 했는지"), render_kw=PUBLIC)


class WhyForm(Form):
    reason = TextAreaField(_l("이유"))


class FilingForm(Form):
    name = StringField(_l("실명"))
    contact = StringField(_l("연락처"))

    def refuse_the_rest(self) -> None:
        self.refuse_besides(
            name=lambda: words_given(self.name.data, rules.NAME_LEAST, rules.NAME_MOST, "name", sealed=True),
            contact=lambda: words_given(self.contact.data, rules.CONTACT_LEAST, rules.CONTACT_MOST, "contact",
                                        sealed=True))


class ReplyForm(Form):
    reply = TextAreaField(_l("보탤 내용"), render_kw=PUBLIC)


class ReviewForm(Form):
    reason = TextAreaField(_l("다시 검토해야 하는 이유"), render_kw=PUBLIC)
