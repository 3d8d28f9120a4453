"""Parts of an evaluation, of a change that is asked for, of its result and of a recommendation."""

from dataclasses import dataclass
from datetime import date, datetime

from civic_forum.blocks.parts import Day, Moment, Number, OneOf, Part, Tick, line, paragraphs, said_by
from civic_forum.bodies.parts import EntryField
from civic_forum.bodies.queries import names
from civic_forum.commitments import labels as commitments
from civic_forum.commitments.rules import Status
from civic_forum.district.parts import department_field
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l

from . import labels
from .rules import NOTE_MOST, TEXT_MOST, TITLE_MOST, ChangeKind


@dataclass(frozen=True, kw_only=True)
class EvaluationFacts(Part):
    """Facts of an evaluation until it is opened."""

    title: str = line(_l("제목"), TITLE_MOST, needed=True)
    body_id: int = said_by(EntryField(label=_l("누가 평가하나요"), entries=names, needed=True))
    department_id: int = said_by(department_field(_l("맡은 부서"), key="department", needed=True))
    begins_on: date = said_by(Day(label=_l("첫날"), needed=True, paired=True))
    ends_on: date = said_by(Day(label=_l("마지막 날"), needed=True))
    grades_until: datetime = said_by(Moment(label=_l("점수는 언제까지 매기나요"), needed=True, ends=True))
    least: int = said_by(Number(label=_l("적어도 몇 명이 매기나요"), least=0, most=200, empty=0, optional=True,
                                hint=_l("이보다 적게 매겨도 점수를 열 수 있지만, 적다는 것이 함께 보여요.")), 0)
    in_steps: bool = said_by(Tick(label=_l("점수를 다섯 단계로 매겨요")), False)
    note: str = line(_l("덧붙일 말"), NOTE_MOST, optional=True)

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.ends_on < self.begins_on:
            raise Refusal(_("마지막 날이 첫날보다 빨라요."), field="ends_on")


@dataclass(frozen=True, kw_only=True)
class ChangeFacts(Part):
    """A change that is put before the body."""

    kind: ChangeKind = said_by(OneOf(label=_l("무엇을 바꾸나요"), of=ChangeKind, labels=labels.CHANGE, needed=True))
    title: str = line(_l("한 줄로"), TITLE_MOST, needed=True, hint=_l("예: 날을 한 해 넘게 미룸"))
    before: str = line(_l("지금은"), TITLE_MOST, needed=True, paired=True)
    after: str = line(_l("바뀌면"), TITLE_MOST, optional=True)
    why: str = paragraphs(_l("이유"), TEXT_MOST, 3, needed=True)
    until_on: date | None = said_by(Day(label=_l("미룰 날"), optional=True, paired=True), None)
    milestone: str = line(_l("단계"), 40, optional=True, hint=_l("약속 전체를 미루면 비워 둬요."))
    won: int | None = said_by(Number(label=_l("바뀐 뒤의 돈(원)"), optional=True, won=True), None)
    status: Status | None = said_by(OneOf(label=_l("바뀐 뒤의 상태"), of=Status, labels=commitments.STATUS,
                                          none=_l("상태는 그대로예요")), None)

    def check(self) -> None:
        """Raises Refusal at the field that says what the change is."""
        super().check()
        needed = {ChangeKind.SLIP: "until_on", ChangeKind.MONEY: "won", ChangeKind.STATUS: "status"}[self.kind]
        if getattr(self, needed) is None:
            raise Refusal(_("여기를 채워 주세요."), field=needed)


@dataclass(frozen=True, kw_only=True)
class ResultFacts(Part):
    """Votes of the body on a change."""

    votes_for: int = said_by(Number(label=_l("찬성"), most=200, needed=True, paired=True))
    votes_against: int = said_by(Number(label=_l("반대"), most=200, needed=True))
    abstained: int = said_by(Number(label=_l("기권"), most=200, needed=True, paired=True))
    decided_on: date = said_by(Day(label=_l("정한 날"), needed=True))
    text: str = paragraphs(_l("평가단의 말"), TEXT_MOST, 3, needed=True)

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        for name in ("votes_for", "votes_against", "abstained"):
            if getattr(self, name) is None:
                raise Refusal(_("여기를 채워 주세요."), field=name)


@dataclass(frozen=True, kw_only=True)
class RecommendationFacts(Part):
    text: str = paragraphs(_l("권고"), TEXT_MOST, 2, needed=True)
    made_on: date = said_by(Day(label=_l("권고한 날"), needed=True))
