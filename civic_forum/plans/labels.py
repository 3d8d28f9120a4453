"""Words of plans."""

from civic_forum.commitments.labels import SOURCE, UNIT
from civic_forum.platform.i18n import _, _l

from .importing import Problem, Wrong
from .rules import BEFORE, LATER, ChangeKind, PlanKind, VersionState

__all__ = ["CHANGE", "KIND", "SOURCE", "STATE", "TONE", "UNIT", "year"]
KIND = {PlanKind.INNOVATION: _l("지역사회혁신계획"), PlanKind.DEPARTMENT: _l("주요업무계획"),
        PlanKind.NEIGHBOURHOOD: _l("자치계획"), PlanKind.OTHER: _l("다른 계획")}
STATE = {VersionState.DRAFT: _l("준비하는 안"), VersionState.ASKED: _l("묻는 중"), VersionState.DECIDED: _l("정했어요"),
         VersionState.SENT: _l("냈어요"), VersionState.IN_FORCE: _l("지금 쓰는 계획"), VersionState.REPLACED: _l("앞선 판")}
TONE = {VersionState.ASKED: "information", VersionState.IN_FORCE: "success", VersionState.DRAFT: "gray",
        VersionState.REPLACED: "gray"}
CHANGE = {ChangeKind.ADDED: (_l("더함"), "success"), ChangeKind.DROPPED: (_l("뺌"), "danger"),
          ChangeKind.JOINED: (_l("합침"), "information"), ChangeKind.SPLIT: (_l("나눔"), "information"),
          ChangeKind.MORE: (_l("늘림"), "success"), ChangeKind.LESS: (_l("줄임"), "warning"),
          ChangeKind.OTHER: (_l("고침"), "gray")}
"""Words and tones of differences."""


def year(number: int) -> str:
    return str({BEFORE: _("앞서 쓴 돈"), LATER: _("뒤에 쓸 돈")}.get(number) or _("%(year)s년", year=number))
WRONG = {
    Wrong.NO_TITLE: _l("사업 이름이 든 칸을 찾지 못했어요. 아래에서 칸마다 무엇인지 골라 주세요."),
    Wrong.COLUMN_TWICE: _l("같은 칸이 두 번 있어요: ‘%(text)s’. 하나만 남겨 주세요."),
    Wrong.TITLE: _l("사업 이름을 두 글자 이상 적어 주세요."),
    Wrong.LONG: _l("너무 길어요: ‘%(text)s…’. 줄여 주세요."),
    Wrong.SUM: _l("돈으로 읽을 수 없어요: ‘%(text)s’. 숫자로 적거나 비워 주세요."),
    Wrong.FORMULA: _l("식이 아직 계산되지 않았어요. 엑셀에서 열어 저장한 뒤 다시 올려 주세요."),
    Wrong.YEAR: _l("해로 읽을 수 없어요: ‘%(text)s’. 2026처럼 적어 주세요."),
    Wrong.SOURCE: _l("모르는 재원이에요: ‘%(text)s’. 국비, 시비, 구비, 민간, 기타 가운데 하나로 적어 주세요."),
    Wrong.MONTH: _l("달로 읽을 수 없어요: ‘%(text)s’. 2026-03처럼 적어 주세요."),
    Wrong.KEY: _l("키가 될 수 없어요: ‘%(text)s’. 새 과제면 키를 비워 주세요."),
    Wrong.MANY: _l("과제는 400개까지 담을 수 있어요."),
}


def sentence(problem: Problem) -> str:
    return str(WRONG[problem.wrong]) % {"text": problem.text}
