"""WTForms for reviews, and for giving them out."""

from flask import request
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.accounts.queries import people
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import Form, PUBLIC, VersionedForm
from civic_forum.platform.i18n import _, _l

from .. import labels
from ..rules import Finding, Verdict
from ..projects.models import EligibilityReview
from .rules import MOST_PARTS, Opinion

FINDINGS = [SelectChoice(finding.value, word) for finding, word in labels.FINDING.items()]
VERDICTS = [SelectChoice(verdict.value, word) for verdict, word in labels.VERDICT.items()]
ROWS = 5
SPARE = 3
"""Empty rows after those that are filled."""


class PartsField(StringField):
    """Rows of what and how much; they are read from the request, for there are as many as people fill in."""

    def process_formdata(self, valuelist):
        names = [plain_text.clean(name) for name in request.form.getlist("part_what")]
        sums = [plain_text.clean(text) for text in request.form.getlist("part_won")]
        self.data = [(what, won) for what, won in zip(names, sums, strict=False) if what or won][:MOST_PARTS + 1]

    def process_data(self, value):
        self.data = [(what, str(won)) for what, won in value or []]

    def rows(self) -> list[tuple[str, str]]:
        """Rows filled in, and empty ones for more."""
        filled = list(self.data or [])
        return filled + [("", "")] * max(SPARE, ROWS - len(filled))

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Raises Refusal for a row without a name or a sum."""
        parts = []
        for what, won in self.data or []:
            number = plain_text.number(won.replace(",", "").replace(" ", ""), digits=14)
            if not what or number is None:
                raise Refusal(_("줄마다 무엇에 드는지와 원 단위 숫자를 함께 적어 주세요."), field=self.short_name)
            parts.append((what, number))
        return tuple(parts)


class ReviewForm(VersionedForm):
    project_version = HiddenField(default="0")
    legal = RadioField(_l("법과 규정"), choices=FINDINGS, validate_choice=False)
    legal_text = TextAreaField(_l("법과 규정에 대한 설명"), render_kw=PUBLIC)
    technical = RadioField(_l("기술과 현장"), choices=FINDINGS, validate_choice=False)
    technical_text = TextAreaField(_l("기술과 현장에 대한 설명"), render_kw=PUBLIC)
    cost_parts = PartsField(_l("드는 돈"))
    duration = StringField(_l("걸리는 기간"), render_kw=PUBLIC)
    running_cost = NumberField(_l("한 해 운영비(원)"))
    running_cost_text = StringField(_l("운영비 설명"), render_kw=PUBLIC)
    conflicts = TextAreaField(_l("겹치는 사업이나 계획"), render_kw=PUBLIC)
    text = TextAreaField(_l("종합 의견"), render_kw=PUBLIC)
    verdict = RadioField(_l("검토 결과"), choices=VERDICTS, validate_choice=False)
    condition = TextAreaField(_l("갖춰야 할 조건"), render_kw=PUBLIC)
    reason_id = SelectField(_l("제외 사유"), validate_choice=False)
    reason = TextAreaField(_l("할 수 없는 이유"), render_kw=PUBLIC)

    def __init__(self, review: EligibilityReview, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reason_id.choices = [SelectChoice("", _("골라 주세요")), *(
            SelectChoice(str(reason.id), reason.name) for reason in review.project.round.reasons)]

    @classmethod
    def of(cls, review: EligibilityReview) -> "ReviewForm":
        """Its kept values."""
        form = cls(
            review, formdata=None, obj=review,
            data={
                "version": str(review.version),
                "reason_id": str(review.reason_id or ""),
                **{
                    name: getattr(review, name) and getattr(review, name).value
                    for name in ("legal", "technical", "verdict")
                },
            },
        )
        form.project_version.data = str(
            review.project.version
        )  # as it is read now, not as the kept draft had judged it
        return form

    @property
    def read_project_version(self) -> int:
        return plain_text.version(self.project_version.data)

    def opinion(self) -> Opinion:
        """Raises Refusal for what is no choice and no number."""
        reason = self.reason_id.data or ""
        if reason not in {choice.value for choice in self.reason_id.choices}:
            raise Refusal(_("목록에 있는 제외 사유를 골라 주세요."), field="reason_id")
        return Opinion(
            legal=_member(self.legal, Finding), technical=_member(self.technical, Finding),
            verdict=_member(self.verdict, Verdict), cost_parts=self.cost_parts.parts(),
            running_cost=self.running_cost.number, reason_id=int(reason) if reason else None,
            **{name: self[name].data or "" for name in ("legal_text", "technical_text", "duration", "running_cost_text",
                                                        "conflicts", "text", "condition", "reason")})


def _member(field, kind):
    """The choice, None where nothing is chosen yet. Raises Refusal for anything else."""
    if not field.data:
        return None
    try:
        return kind(field.data)
    except ValueError as wrong:
        raise Refusal(_("하나를 골라 주세요."), field=field.short_name) from wrong


class DepartmentForm(Form):
    """WTForms for a department and a reason."""

    department = SelectField(_l("부서"), validate_choice=False)
    note = TextAreaField(_l("전할 말"), render_kw=PUBLIC)

    def __init__(self, *args, among=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.department.choices = [SelectChoice("", _("부서를 골라 주세요")), *(
            SelectChoice(str(key), name) for key, name in people.assignable_departments().items()
            if among is None or key in among)]

    @property
    def department_id(self) -> int:
        """Raises Refusal for a department that there is not."""
        if not self.department.data or self.department.data not in {choice.value for choice in self.department.choices}:
            raise Refusal(_("부서를 골라 주세요."), field="department")
        return int(self.department.data)


class LookForm(DepartmentForm):
    """The answer to a request for a second look."""

    note = None
    what = RadioField(_l("어떻게 할까요"), validate_choice=False, choices=[
        SelectChoice("grant", _l("다시 검토하기")), SelectChoice("decline", _l("그대로 두기"))])
    answer = TextAreaField(_l("답"), render_kw=PUBLIC)


class ConditionForm(Form):
    note = TextAreaField(_l("어떻게 갖춰졌나요"), render_kw=PUBLIC)
