"""Words of plans."""

from civic_forum.commitments.foreign_tables import Problem, Wrong
from civic_forum.commitments.labels import SOURCE, UNIT
from civic_forum.commitments.money_labels import OF_TABLES
from civic_forum.platform.i18n import _, _l

from .rules import BEFORE, LATER, Action, ChangeKind, PlanKind, VersionState

__all__ = ["CHANGE", "KIND", "SOURCE", "STATE", "TONE", "UNIT", "months", "year"]
KIND = {PlanKind.INNOVATION: _l("지역사회혁신계획"), PlanKind.DEPARTMENT: _l("주요업무계획"),
        PlanKind.NEIGHBOURHOOD: _l("자치계획"), PlanKind.OTHER: _l("다른 계획")}
STATE = {VersionState.DRAFT: _l("준비하는 안"), VersionState.ASKED: _l("묻는 중"), VersionState.DECIDED: _l("정했어요"),
         VersionState.SENT: _l("냈어요"), VersionState.IN_FORCE: _l("실행 계획"), VersionState.REPLACED: _l("앞선 판")}
TONE = {VersionState.ASKED: "information", VersionState.IN_FORCE: "success", VersionState.DRAFT: "gray",
        VersionState.REPLACED: "gray"}
CHANGE = {ChangeKind.ADDED: (_l("더함"), "success"), ChangeKind.DROPPED: (_l("뺌"), "danger"),
          ChangeKind.JOINED: (_l("합침"), "information"), ChangeKind.SPLIT: (_l("나눔"), "information"),
          ChangeKind.MORE: (_l("늘림"), "success"), ChangeKind.LESS: (_l("줄임"), "warning"),
          ChangeKind.OTHER: (_l("고침"), "gray")}
"""Words and tones of differences."""


def year(number: int) -> str:
    return str({BEFORE: _("앞서 쓴 돈"), LATER: _("뒤에 쓸 돈")}.get(number) or _("%(year)s년", year=number))


def months(action: Action) -> str:
    """From when until when: `2021. 3.–11.`"""
    (first, begins), (last, ends) = ((text[:4], text[5:].lstrip("0")) for text in (
        action.begins or "", action.ends or ""))
    since = f"{first}. {begins}." if begins else ""
    until = (f"{ends}." if first == last else f"{last}. {ends}.") if ends else ""
    return since if action.begins == action.ends else f"{since}–{until}"


WRONG = OF_TABLES | {
    Wrong.NO_TITLE: _l("사업 이름이 든 칸을 찾지 못했어요. 아래에서 칸마다 무엇인지 골라 주세요."),
    Wrong.TITLE: _l("사업 이름을 두 글자 이상 적어 주세요."),
    Wrong.MONTH: _l("달로 읽을 수 없어요: ‘%(text)s’. 2026-03처럼 적어 주세요."),
    Wrong.KEY: _l("키가 될 수 없어요: ‘%(text)s’. 새 과제면 키를 비워 주세요."),
    Wrong.MANY: _l("과제는 400개까지 담을 수 있어요."),
}


def sentence(problem: Problem) -> str:
    return str(WRONG[problem.wrong]) % {"text": problem.text}
