"""Parts of a series and of its steps."""

from dataclasses import dataclass
from datetime import date

from civic_forum.blocks.parts import Day, Number, OneOf, Part, line, paragraphs, said_by
from civic_forum.district.parts import department_field, neighbourhood_field
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l

from . import labels
from .rules import MOST_PROMISED, NOTE_MOST, STEP_MOST, TEXT_MOST, TITLE_MOST, SeriesKind


@dataclass(frozen=True)
class Beginning(Part):
    """Facts that a series keeps: what it is, of which year and place."""

    # Without a default, which would hide `Part.form`.
    kind: SeriesKind = said_by(OneOf(label=_l("무엇인가요"), of=SeriesKind, labels=labels.KIND, needed=True))
    year: int | None = said_by(Number(label=_l("해"), least=2000, most=2100, attrs={"maxlength": 4}))
    neighbourhood_id: int | None = said_by(neighbourhood_field(
        _l("동"), key="neighbourhood", optional=True, hint=_l("주민총회면 골라요.")), None)

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.year is None:
            raise Refusal(_("연도를 적어 주세요."), field="year")
        if self.kind is SeriesKind.ASSEMBLY and self.neighbourhood_id is None:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood_id")


@dataclass(frozen=True)
class Wording(Part):
    title: str = line(_l("제목"), TITLE_MOST, needed=True, on_card=False)
    text: str = paragraphs(_l("설명"), TEXT_MOST, 4, optional=True)
    department_id: int | None = said_by(department_field(_l("맡은 부서"), key="department", optional=True), None)
    promised: int | None = said_by(Number(
        label=_l("한 해에 몇 번 이상 하기로 했나요"), least=1, most=MOST_PROMISED, optional=True,
        hint=_l("약속한 수가 없으면 비워 둬요."), shown_as=_l("%(value)s회 이상")))


@dataclass(frozen=True)
class Step(Part):
    name: str = line(_l("단계 이름"), STEP_MOST, needed=True)
    starts_on: date = said_by(Day(label=_l("날"), needed=True, paired=True))
    until_on: date | None = said_by(Day(label=_l("마지막 날"), optional=True, hint=_l("하루면 비워 둬요.")), None)
    note: str = line(_l("곳이나 덧붙일 말"), NOTE_MOST, optional=True, hint=_l("미뤘으면 이유도 적어요."))

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.until_on is not None and self.until_on < self.starts_on:
            raise Refusal(_("마지막 날이 첫날보다 빨라요."), field="until_on")
