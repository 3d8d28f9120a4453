"""WTForms for the district council's decisions on chosen projects: several at once, one put right, and how far one is
carried out."""

from collections.abc import Iterable, Sequence

from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import Form, PUBLIC
from civic_forum.platform.i18n import _, _l, local

from ..labels import COUNCIL, STATE
from ..rules import CouncilDecision, ProjectState
from ..projects.models import CouncilStep, Project
from .rules import Decided

DECISIONS = [SelectChoice(decision.value, word) for decision, word in COUNCIL.items()]
LATER = [SelectChoice("", _l("나중에 적기"))]
DIGITS = 13


class DayForm(Form):
    on = DayField(_l("의결한 날"))


def _fields(code: str, choices: list[SelectChoice]) -> dict:
    return {f"decision-{code}": SelectField(_l("구의회가 어떻게 했나요"), choices=choices, validate_choice=False),
            f"amount-{code}": StringField(_l("줄여서 확정한 돈(원)")),
            f"reason-{code}": TextAreaField(_l("줄이거나 뺀 이유"), render_kw=PUBLIC)}


def several(projects: Sequence[Project], **options) -> "DayForm":
    """A form with three fields for each project: `decision-<code>`, `amount-<code>`, `reason-<code>`."""
    fields = {name: field for project in projects for name, field in _fields(project.code, LATER + DECISIONS).items()}
    return type("CouncilForm", (DayForm,), fields)(**options)


def correction(project: Project, step: CouncilStep, **options) -> "DayForm":
    """The same for one project, with what the page showed."""
    fields = _fields(project.code, DECISIONS) | {"seen": HiddenField()}
    return type("CorrectionForm", (DayForm,), fields)(**options)


def filled(project: Project, step: CouncilStep) -> dict[str, object]:
    """Present values, for the fields of `correction`."""
    cut = step.decision is CouncilDecision.CUT
    return {f"decision-{project.code}": step.decision.value, f"amount-{project.code}": str(step.amount) if cut else "",
            f"reason-{project.code}": step.reason, "on": local(step.decided_at).date(),
            "seen": f"{step.decision.value}:{step.amount}"}


def decisions(form: DayForm, projects: Iterable[Project]) -> list[Decided]:
    """Chosen decisions, without the projects that are left for later. Raises Refusal at the field."""
    chosen = [_decided(form, project.code) for project in projects]
    return [decision for decision in chosen if decision is not None]


def seen(form: DayForm) -> tuple[str, int]:
    """Decision and amount as the page showed them; what is not that matches nothing."""
    decision, _colon, amount = (form["seen"].data or "").partition(":")
    return decision, plain_text.number(amount, digits=DIGITS) or 0


def _decided(form: DayForm, code: str) -> Decided | None:
    decision, amount = form[f"decision-{code}"].data, (form[f"amount-{code}"].data or "").replace(",", "").strip()
    if not decision:
        return None
    if decision not in list(CouncilDecision):
        raise Refusal(_("보기 가운데에서 골라 주세요."), field=f"decision-{code}")
    number = plain_text.number(amount, digits=DIGITS) if amount else None
    if amount and number is None:
        raise Refusal(_("돈을 원 단위 숫자로 적어 주세요."), field=f"amount-{code}")
    return Decided(code, CouncilDecision(decision), number, form[f"reason-{code}"].data or "")


class CarryOutForm(Form):
    """WTForms for a project in the budget that has begun or is done."""

    after = SelectField(_l("어디까지 했나요"), validate_choice=False, choices=[
        SelectChoice(state.value, STATE[state]) for state in (ProjectState.IN_PROGRESS, ProjectState.DONE)])
    note = StringField(_l("무엇을 했나요"), render_kw=PUBLIC)

    @property
    def state(self) -> ProjectState:
        """Raises Refusal for what is no choice."""
        if self.after.data not in (ProjectState.IN_PROGRESS, ProjectState.DONE):
            raise Refusal(_("시작했는지 마쳤는지 골라 주세요."), field="after")
        return ProjectState(self.after.data)
