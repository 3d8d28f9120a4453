"""WTForms of evaluations, beside the parts themselves."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.blocks.parts import form_of
from civic_forum.district.queries import departments
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l

from .models import Evaluation, EvaluationItem
from .parts import ChangeFacts, EvaluationFacts, RecommendationFacts, ResultFacts
from .rules import STEPS

FACTS = ("title", "body_id", "department_id", "begins_on", "ends_on", "grades_until", "least", "in_steps", "note")
CHANGE = ("kind", "title", "before", "after", "why", "until_on", "milestone", "won", "status")
_POINTS = re.compile(r"\d{1,3}")
_ADDRESS = re.compile(r"(?:\S*/commitments/)?(\d{1,15})(?:\s.*)?")
COMMITMENTS = _l("약속")
EvaluationForm = form_of((EvaluationFacts, FACTS), criteria=TextAreaField(_l("기준"), render_kw=PUBLIC),
                         commitments=TextAreaField(COMMITMENTS))
ChangeForm = form_of((ChangeFacts, CHANGE), commitment=SelectField(_l("어느 약속인가요"), validate_choice=False))
ResultForm = form_of((ResultFacts, ("votes_for", "votes_against", "abstained", "decided_on", "text")))
RecommendationForm = form_of(
    (RecommendationFacts, ("text", "made_on")), commitments=TextAreaField(COMMITMENTS),
    department=SelectField(_l("답할 부서"), validate_choice=False))


def criteria_of(text: str | None) -> list[tuple[str, int]]:
    """Text and points of each line. Raises Refusal."""
    lines = [words for words in map(str.split, (text or "").splitlines()) if words]
    if not all(words[1:] and _POINTS.fullmatch(words[-1]) for words in lines):
        raise Refusal(_("기준을 한 줄에 하나씩, 글 뒤에 점수를 적어 주세요."), field="criteria")
    return [(" ".join(words[:-1]), int(words[-1])) for words in lines]


def commitments_of(text: str | None) -> list[int]:
    """Number at the beginning or in the address of each line. Raises Refusal."""
    matches = [_ADDRESS.fullmatch(line.strip()) for line in (text or "").splitlines() if line.strip()]
    if None in matches:
        raise Refusal(_("약속의 번호나 주소를 한 줄에 하나씩 적어 주세요."), field="commitments")
    return [int(match[1]) for match in matches if match]


def filled(evaluation: Evaluation, items: Sequence[EvaluationItem]) -> dict[str, object]:
    return EvaluationFacts.of(evaluation) | {
        "version": evaluation.version,
        "criteria": "\n".join(f"{each['text']} {each['points']}" for each in evaluation.criteria),
        "commitments": "\n".join(f"{item.commitment_id} {item.commitment.title}" for item in items)}


class OpenForm(Form):
    meeting = SelectField(_l("어느 회의에서 골랐나요"), validate_choice=False)


class GradeForm(Form):
    """Base of the forms with a field for each criterion."""

    note = TextAreaField(_l("한 문장 이유"), render_kw=PUBLIC)


class ConflictForm(Form):
    conflict = StringField(_l("어떤 사이인가요?"))


def grade_form(criteria: Sequence[Mapping[str, Any]], in_steps: bool, **options: Any) -> Any:
    """Points as a number, or as five steps."""
    fields = {f"points_{place}": RadioField(criterion["text"], validate_choice=False, choices=[
        SelectChoice(str(criterion["points"] * step // STEPS), str(step)) for step in range(1, STEPS + 1)])
        if in_steps else NumberField(criterion["text"]) for place, criterion in enumerate(criteria)}
    return type("Grades", (GradeForm,), fields)(**options)


def points_of(form: Any, criteria: Sequence[Mapping[str, Any]], in_steps: bool) -> list[int | None]:
    fields = [form[f"points_{place}"] for place in range(len(criteria))]
    if not in_steps:
        return [field.number for field in fields]
    return [int(field.data) if field.data in {str(choice) for choice, *_rest in field.iter_choices()} else None
            for field in fields]


def with_choices(form: Any, name: str, entries: Mapping[Any, object]) -> Any:
    form[name].choices = [SelectChoice(str(key), words) for key, words in entries.items()]
    return form


def office_choices(form: Any) -> Any:
    return with_choices(form, "department", {each.id: each.name for each in departments()})
