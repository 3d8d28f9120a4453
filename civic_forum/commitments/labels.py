"""Labels of commitments."""

from civic_forum.blocks import kinds
from civic_forum.district.queries import categories
from civic_forum.platform.i18n import _, _l

from .rules import CommitmentKind, EntryKind, Fault, Source, Status, Unit
from .standings import Ending, Standing

STATUS = {
    Status.ON_TRACK: _l("정상추진"), Status.LATE: _l("지연"), Status.DONE: _l("완료"), Status.ON_HOLD: _l("보류"),
    Status.CHANGED: _l("변경"), Status.DROPPED: _l("폐기"),
}
KIND = {
    CommitmentKind.CONTINUED: _l("계속"), CommitmentKind.NEW: _l("신규"), CommitmentKind.OWN: _l("자체"),
    CommitmentKind.OPERATION: _l("운영"), CommitmentKind.OTHER_CONTINUED: _l("기타(계속)"),
    CommitmentKind.IN_TERM: _l("임기 내"), CommitmentKind.SHORT: _l("단기"),
}
STANDING = {
    Standing.LATE: _l("늦었어요"), Standing.SILENT: _l("알린 것이 없어요"), Standing.GOING: _l("하는 중"),
    Standing.KEPT: _l("지켰어요"), Standing.WRITTEN: _l("마쳤다고 적음"), Standing.OVER: _l("기간이 끝났어요"),
    Standing.STOPPED: _l("바뀌거나 멈췄어요"),
}
TONES = {Standing.KEPT: ("success", "good"), Standing.GOING: ("information", "soft"),
         Standing.LATE: ("danger", "bad"), Standing.SILENT: ("warning", "warm"), Standing.OVER: ("gray", "strong"),
         Standing.WRITTEN: ("gray", "quiet"), Standing.STOPPED: ("gray", "")}
"""Standing → the colour of its word and of its piece of a chart, in the order of the pieces."""
ENDING = {
    Ending.PARTLY: _l("일부만 지켰어요"), Ending.NOT_SHOWN: _l("지켰다는 증거가 없어요"),
    Ending.NEVER_TOLD: _l("어떻게 되었는지 알리지 않았어요"),
}
SOURCE = {
    Source.STATE: _l("국비"), Source.CITY: _l("시비"), Source.DISTRICT: _l("구비"), Source.PRIVATE: _l("민간"),
    Source.OTHER: _l("기타"), Source.UNKNOWN: _l("재원 모름"),
}
UNIT = {Unit.WON: _l("원"), Unit.THOUSAND: _l("천원"), Unit.MILLION: _l("백만원")}
ENTRY = {
    EntryKind.FACTS: _l("약속을 적었어요"), EntryKind.MILESTONES: _l("단계를 나눴어요"),
    EntryKind.REACHED: _l("단계를 마쳤어요"), EntryKind.WITHDRAWN: _l("증거를 거두었어요"),
    EntryKind.SLIP: _l("날을 옮겼어요"), EntryKind.STATUS: _l("상태를 바꿨어요"), EntryKind.MONEY: _l("돈을 적었어요"),
    EntryKind.SHIFT: _l("통계목을 바꿨어요"), EntryKind.TARGETS: _l("목표를 적었어요"),
    EntryKind.QUARTER: _l("추진실적을 알렸어요"), EntryKind.SURVEY: _l("만족도를 조사했어요"),
    EntryKind.LOG: _l("이런 일이 있었어요"), EntryKind.PRINTED: _l("예전 보고서의 숫자예요"),
    EntryKind.ORIGIN: _l("약속의 바탕이 바뀌었어요"),
}
OF_QUARTER = {"problems": _l("현황과 문제점"), "asks": _l("협업사항")}
INVOLVED = _l("시민 참여실적")
HIDDEN = _l("운영 원칙에 따라 가린 글에서 나온 약속")
"""The title while it would be that of something hidden."""
FACT = {
    "title": _l("약속"), "goal": _l("무엇을 위해"), "due_on": _l("약속한 날"), "department": _l("맡은 부서"), "person": _l("담당자"),
    "team": _l("팀"), "cooperating": _l("함께 하는 부서"), "with_all": _l("모든 부서가 함께"),
    "partners": _l("구청 밖에서 함께 하는 곳"), "cooperation": _l("협업내용"), "neighbourhoods": _l("어디"), "field": _l("분야"),
    "kinds": _l("갈래"), "begins_on": _l("언제부터"), "ends_on": _l("언제까지"), "code": _l("코드"), "unit": _l("돈의 단위"),
    "total": _l("총사업비"),
}
"""Facts as the log calls what changed."""
EVENT = {"공론장": _l("공론장"), "사업 완료": _l("사업 완료"), "교육": _l("교육"), "회의": _l("회의"), "개소": _l("개소")}
"""Kinds of what happened, as entries keep them; older reports may have others."""
ORIGIN = {"plan": _l("계획"), "election_pledge": _l("선거 공약"), "outcome": _l("결과"), "consultation": _l("구청이 묻습니다")}
"""Origins that are no kind of thing yet, or whose kind says it otherwise."""
WORK = {"late": _l("날이 지났어요"), "soon": _l("30일 안"), "waiting": _l("승인 기다림"), "untold": _l("지난 분기 안 알림")}
"""Kinds of work at the desk."""
FAULT = {
    Fault.WEIGHTS: _l("몫을 모두 더해 100이 되게 적어 주세요."),
    Fault.FEW_MILESTONES: _l("단계를 하나부터 서른 개까지 적어 주세요."),
    Fault.REACHED_GONE: _l("이미 마친 단계는 뺄 수 없어요. 마친 것을 먼저 바로잡아 주세요."),
    Fault.UNKNOWN_MILESTONE: _l("이런 단계가 없어요. 그 사이에 바뀌었는지 확인해 주세요."),
    Fault.ALREADY_REACHED: _l("이미 마친 단계예요."), Fault.NOT_REACHED: _l("증거가 있는 단계만 거둘 수 있어요."),
    Fault.NO_EVIDENCE: _l("무엇으로 알 수 있는지 글이나 사진, 주소를 하나는 넣어 주세요. 증거가 없으면 이행률에 들어가지 않아요."),
    Fault.SAME_DAY: _l("지금과 같은 날이에요. 옮길 날을 적어 주세요."), Fault.SAME_STATUS: _l("이미 그 상태예요."),
    Fault.NOT_ALL_REACHED: _l("아직 마치지 않은 단계가 있어요. 단계를 모두 마치거나 단계를 고친 뒤에 완료로 바꿔 주세요."),
    Fault.TOTAL: _l("해마다 적은 돈을 모두 더한 것이 총사업비와 달라요."),
    Fault.MORE_EXECUTED: _l("집행한 돈이 확보한 돈보다 많아요."), Fault.TWICE: _l("같은 줄이 두 번 있어요."),
    Fault.MORE_MOVED: _l("옮긴 돈은 0보다 크고, 원래 있던 돈보다 많을 수 없어요."),
    Fault.MORE_THAN_THERE: _l("이 약속의 그 통계목에 적힌 돈보다 많아요. 원래 있던 돈을 확인해 주세요."),
    Fault.SAME_ITEM: _l("옮긴 곳이 같은 통계목이에요. 다른 통계목을 적어 주세요."),
    Fault.PASSED: _l("이날보다 앞선 날은 약속할 수 없어요. 예전에 정한 것이면 정한 때의 날짜를 적어 주세요."),
    Fault.UNKNOWN_LINE: _l("이런 해와 재원의 줄이 없어요. 돈을 먼저 적어 주세요."),
    Fault.MORE_SATISFIED: _l("만족한 사람은 답한 사람보다 많을 수 없어요."),
    Fault.QUARTER_TOLD: _l("이 분기는 이미 알렸어요. 고칠 것이 있으면 그 기록을 바로잡아 주세요."),
    Fault.UNCHANGED: _l("바뀐 것이 없어요. 고칠 것이 있으면 고친 뒤에 보내 주세요."),
    Fault.OVER: _l("끝난 약속이에요. 다시 하려면 먼저 상태를 바꿔 주세요."),
}
def fields() -> dict[str, object]:
    """Fields that are known, by their Korean names; the others are words of officials."""
    return {korean: name for category in categories().values() for korean, name in category.names.items()} | {
        "소통행정": _("소통행정")}


def fields_now() -> dict[str, object]:
    """The same by what stands in the place of each today: where all are counted."""
    every = categories()
    return fields() | {korean: every[category.now].name for category in every.values() for korean in category.names}


def origin(kind: str) -> object:
    """As pages call what a commitment came from."""
    if kind in ORIGIN:
        return ORIGIN[kind]
    known = kinds.find(kind)
    return known.label if known else kind


def quarter(text: str) -> str:
    """2026년 3분기"""
    year, number = text.split("-")
    return _("%(year)s년 %(number)s분기", year=year, number=number)


ACT = {
    EntryKind.FACTS: _l("약속 고치기"), EntryKind.MILESTONES: _l("단계 나누기"), EntryKind.REACHED: _l("단계를 마쳤어요"),
    EntryKind.WITHDRAWN: _l("증거 거두기"), EntryKind.SLIP: _l("날 옮기기"), EntryKind.STATUS: _l("상태 바꾸기"),
    EntryKind.MONEY: _l("돈 적기"), EntryKind.SHIFT: _l("통계목 변경 적기"), EntryKind.TARGETS: _l("해마다의 목표 적기"),
    EntryKind.QUARTER: _l("분기 실적 알리기"), EntryKind.SURVEY: _l("만족도 적기"), EntryKind.LOG: _l("있었던 일 적기"),
}
"""Titles of the forms of entries."""
HINT = {
    "text": _l("주민이 읽을 말로 짧게 적어 주세요."), "why": _l("모두가 봐요."),
    "to": _l("예전 날은 이유와 함께 그대로 남아요."), "link": _l("https://로 시작하는 주소나 이 누리집 안의 주소"),
    "total": _l("해마다 적은 돈을 모두 더한 것과 같아야 해요."),
    "due_on": _l("한 번 정한 날은 '날 옮기기'로만 이유와 함께 옮겨요."),
    "code": _l("보고서의 번호예요. 소통행정-3처럼 적어요."),
    "team": _l("팀 이름만 적어요. 사람 이름과 전화번호는 적지 않아요."), "partners": _l("한 줄에 하나씩 적어요."),
    "until": _l("여러 날에 걸친 일이면 적어 주세요."), "asks": _l("다른 부서나 기관에 바라는 것이에요. 지난번 글을 옮겨 두었어요."),
    "problems": _l("지난번 글을 옮겨 두었어요."),
}
"""Hints of fields by their names."""
