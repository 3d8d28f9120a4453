"""Parts of a survey, its questions, and what is said of its results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from civic_forum.blocks import questions
from civic_forum.blocks.parts import Part, Tick, line, paragraphs, said_by
from civic_forum.blocks.questions import AnswerPart, Asked
from civic_forum.district.parts import department_field
from civic_forum.opinions.parts import Times
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import Question, Reader

from .rules import COUNTED, MISSING_MOST, SUMMARY_MOST, TEXT_MOST, TITLE_MOST, WRITTEN


@dataclass(frozen=True)
class Wording(Part):
    title: str = line(_l("제목"), TITLE_MOST, needed=True, on_card=False)
    text: str = paragraphs(_l("왜 묻고 결과를 어떻게 쓰나요"), TEXT_MOST, 5, needed=True, on_card=False)
    department_id: int | None = said_by(department_field(_l("묻는 부서"), key="department"), None)


@dataclass(frozen=True)
class Ways(Part):
    """Ways by which people answer."""

    by_person: bool = said_by(Tick(label=_l("확인된 사람이 답해요"), hint=_l(
        "주민 확인을 받은 회원과, 가입하지 않고 한 번만 참여하는 사람이에요.")), True)
    by_account: bool = said_by(Tick(label=_l("확인받지 않은 회원도 답해요")), False)
    by_letter: bool = said_by(Tick(label=_l("편지를 받은 사람이 편지의 코드로 답해요")), False)
    by_paper: bool = said_by(Tick(label=_l("종이로 받은 답을 담당자가 적어요")), False)
    freely: bool = said_by(Tick(label=_l("누구나 확인 없이 답해요"), hint=_l(
        "한 사람이 여러 번 답해도 알 수 없어요. 그래서 따로 세고, 결과 옆에 그렇게 적어요.")), False)


class SurveyQuestion(Asked):
    """A question whose answers are counted, or read by the office alone."""

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.type not in COUNTED | WRITTEN:
            raise Refusal(_("설문에서는 이렇게 물을 수 없어요. 다른 것을 골라 주세요."), field="type")
        if self.type in COUNTED and self.reader is not Reader.PUBLIC:
            raise Refusal(_("센 수는 모두가 봐요. 누가 어떻게 답했는지는 아무도 볼 수 없어요."), field="reader")
        if self.type in WRITTEN and self.reader is not Reader.OFFICE:
            raise Refusal(_("글로 쓴 답은 구청만 읽고, 요약해서 공개해요."), field="reader")
        if self.type in WRITTEN and self.keep_days is None:
            raise Refusal(_("글로 쓴 답은 며칠 뒤에 지우는지 정해 주세요."), field="keep_days")


def part_of(asked: Sequence[Question]) -> type[AnswerPart]:
    """Answers to these: nobody reads what is counted, so no reader is named there."""
    return questions.made_of({questions.name_of(each): replace(
        questions.field_of(each, needed=each.needed), **{"hint": each.help or None} if each.type in COUNTED else {})
        for each in asked})


@dataclass(frozen=True)
class Findings(Part):
    """Words beside the counts."""

    summary: str = paragraphs(_l("결과를 한 문단으로"), SUMMARY_MOST, 6, needed=True, hint=_l(
        "글로 쓴 답은 여기에 요약해요. 그대로 공개하지 않아요."))
    missing: str = paragraphs(_l("누가 빠졌을 수 있나요"), MISSING_MOST, 3, needed=True, hint=_l(
        "예: 온라인으로 많이 받아서 나이 많은 분이 적을 수 있어요."))


PARTS: dict[str, type[Part]] = {"wording": Wording, "times": Times, "ways": Ways}
NAMES = {"wording": _l("글"), "times": _l("때"), "ways": _l("어떻게 답하나요")}
