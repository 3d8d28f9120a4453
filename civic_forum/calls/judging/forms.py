"""Forms of steps, scores, conflicts and results."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField, chosen
from civic_forum.platform.forms import PUBLIC, ConfirmForm, Form
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.text_checks import words_given

from .. import labels
from ..models import CallApplication
from ..rules import REASON_LEAST, REASON_MOST, ApplicationState, Step, WhyNot
from .rules import Proposed

PASSED, NOT_PASSED = "passed", "not_passed"
RESULTS = (ApplicationState.CHOSEN, ApplicationState.RESERVE, ApplicationState.NOT_CHOSEN, ApplicationState.RECEIVED)


def choices_of(words: Mapping[Any, object], *, empty: object = None) -> list[SelectChoice]:
    return [*([SelectChoice("", empty)] if empty else []), *(SelectChoice(key, label) for key, label in words.items())]


class StepForm(Form):
    """Result at a step, of one application or of several."""

    step = SelectField(_l("무엇을 봤나요?"), validate_choice=False, choices=choices_of(labels.STEP))
    passed = SelectField(_l("결과"), validate_choice=False, choices=[
        SelectChoice(PASSED, _l("통과예요")), SelectChoice(NOT_PASSED, _l("빠져요"))])
    reason = StringField(_l("빠지는 이유"))

    @property
    def facts(self) -> tuple[Step, bool, str]:
        if self.passed.data not in (PASSED, NOT_PASSED):
            raise Refusal(_("하나를 골라 주세요."), field="passed")
        return chosen(self.step, Step), self.passed.data == PASSED, self.reason.data or ""


class ResultForm(Form):
    """Result that an application is to get."""

    result = RadioField(_l("어떻게 할까요?"), validate_choice=False, choices=choices_of(
        {state: labels.STATE[state] for state in RESULTS[:3]} | {RESULTS[3]: _l("아직 정하지 않아요")}))
    won = NumberField(_l("얼마(원)"))
    prize = SelectField(_l("어떤 상"), validate_choice=False)
    reserve_place = NumberField(_l("예비 차례"))
    why_not = SelectField(_l("뽑히지 않은 이유"), validate_choice=False, choices=choices_of(
        labels.WHY_NOT, empty=_l("골라 주세요")))
    result_reason = TextAreaField(_l("이유"), render_kw=PUBLIC)

    @classmethod
    def of(cls, application: CallApplication, result: ApplicationState) -> "ResultForm":
        return cls(formdata=None, data={
            "result": result, "won": application.won if application.won is not None else application.asked,
            "prize": application.prize, "reserve_place": application.reserve_place, "why_not": application.why_not,
            "result_reason": application.reason})

    def proposed(self, *, of_budget: bool) -> Proposed | None:
        """Raises Refusal at the field; `of_budget`: who is chosen gets a sum that somebody typed, be it none."""
        if (result := chosen(self.result, ApplicationState)) not in RESULTS:
            raise Refusal(_("하나를 골라 주세요."), field="result")
        if result is ApplicationState.CHOSEN:
            if of_budget and self.won.number is None:
                raise Refusal(_("얼마를 주는지 적어 주세요. 돈을 주지 않으면 0을 적어요."), field="won")
            return Proposed(won=self.won.number or 0, prize=self.prize.data or None)
        if result is ApplicationState.RESERVE:
            if not self.reserve_place.number:
                raise Refusal(_("몇 번째 예비인지 적어 주세요."), field="reserve_place")
            return Proposed(reserve_place=self.reserve_place.number)
        return Proposed(why_not=chosen(self.why_not, WhyNot)) if result is ApplicationState.NOT_CHOSEN else None


    def refuse_the_rest(self) -> None:
        self.refuse_besides(result_reason=self.why)

    def why(self) -> str:
        """Raises Refusal for a reason that is too short."""
        least = REASON_LEAST if self.result.data in (ApplicationState.CHOSEN, ApplicationState.RESERVE) else 0
        return words_given(self.result_reason.data, least, REASON_MOST, "result_reason")


class ActForm(ConfirmForm):
    """A button of the page of the decision."""

    act = HiddenField()


class ConflictForm(Form):
    conflict = StringField(_l("어떤 사이인가요?"))


class ScoreForm(Form):
    """Base of the forms with a field for each criterion."""

    note = TextAreaField(_l("한 문장 이유"), render_kw=PUBLIC)
    most: Mapping[str, int] = {}
    """Field → points of its criterion."""

    @property
    def points(self) -> list[int]:
        """Raises Refusal at the first that does not fit."""
        return list(map(self._fitting, self.most))

    def refuse_the_rest(self) -> None:
        self.refuse_besides(**{name: partial(self._fitting, name) for name in self.most})

    def _fitting(self, name: str) -> int:
        points: int | None = self[name].number
        if points is None or not 0 <= points <= self.most[name]:
            raise Refusal(_("0점부터 %(most)s점까지 적어 주세요.", most=self.most[name]), field=name)
        return points


def score_form(criteria: Sequence[Mapping[str, Any]], **options: Any) -> Any:
    fields: dict[str, Any] = {f"points_{place}": NumberField(each["text"]) for place, each in enumerate(criteria)}
    most = {name: each["points"] for name, each in zip(fields, criteria, strict=True)}
    return type("Scores", (ScoreForm,), fields | {"most": most})(**options)
