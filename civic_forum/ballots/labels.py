"""Labels of the parts of a vote on pages and in commands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from civic_forum.platform.i18n import _, _l, day, number

from .box.closing import DrawKind
from .rolls.rules import Wrong
from .rules.boxes import BoxStage, ConfirmationState, ConfirmedAction, RollSource
from .rules.quorums import Missed, Quorum, is_advisory, needed
from .rules.signing import HeadKind

STAGE = {
    BoxStage.PREPARING: _l("준비 중"),
    BoxStage.ANNOUNCED: _l("시작 기다리는 중"),
    BoxStage.OPEN: _l("투표 중"),
    BoxStage.CLOSED: _l("투표 끝남"),
    BoxStage.COUNTED: _l("다 셈"),
    BoxStage.RECORDS_WRITTEN: _l("기록 만듦"),
    BoxStage.ERASED: _l("투표지 지움"),
    BoxStage.KEY_DESTROYED: _l("열쇠 없앰"),
    BoxStage.PUBLISHED: _l("공개함"),
}
ACTION = {
    ConfirmedAction.OPEN: _l("투표 열기"),
    ConfirmedAction.CLOSE_EARLY: _l("투표 일찍 끝내기"),
    ConfirmedAction.COUNT_ANYWAY: _l("서로 다른 채로 세기"),
    ConfirmedAction.DRAW: _l("추첨 결과 적기"),
    ConfirmedAction.SET_BACK: _l("세기 전으로 되돌리기"),
    ConfirmedAction.EXPORT_KEY: _l("열쇠 복사하기"),
    ConfirmedAction.ANSWER_REFUSAL: _l("참관인에게 답하기"),
    ConfirmedAction.WITHOUT_SIGNATURES: _l("서명 없이 이어 가기"),
    ConfirmedAction.DESTROY_KEY: _l("투표지와 열쇠 없애기"),
    ConfirmedAction.PUBLISH: _l("결과 공개하기"),
    ConfirmedAction.STRIKE: _l("명부에서 빼기"),
}
NOTE = {ConfirmedAction.DRAW: _l("추첨 결과"), ConfirmedAction.DESTROY_KEY: _l("열쇠의 복사본")}
"""Label of the words of a proposal; elsewhere it is a reason."""
STEP = {
    "prepared": _l("투표함 준비하기"),
    "officers": _l("담당관 정하기"),
    "safe": _l("열쇠 복사하고 백업 만들기"),
    "opened": _l("두 사람이 확인하고 열기"),
    "started": _l("투표 시작"),
    "ended": _l("투표 끝"),
    "paper": _l("종이 입력 마치기"),
    "counted": _l("세고 기록 만들기"),
    "observed": _l("참관인이 다시 세고 서명하기"),
    "backups": _l("투표 중에 만든 백업 지우기"),
    "destroyed": _l("투표지와 열쇠 없애기"),
    "published": _l("결과 공개하기"),
}
"""Steps of every vote, in this order (`queries.timeline`)."""
CONFIRMATION = {
    ConfirmationState.PENDING: _l("확인 기다리는 중"),
    ConfirmationState.CONFIRMED: _l("확인함"),
    ConfirmationState.WITHDRAWN: _l("거둠"),
    ConfirmationState.EXPIRED: _l("24시간이 지남"),
    ConfirmationState.CHANGED: _l("내용이 바뀌어 무효"),
    ConfirmationState.TOO_LATE: _l("때가 지남"),
}
DRAW = {
    DrawKind.LOTTERY: _l("마감하고 하루 뒤의 첫 로또 6/45 추첨으로 정해요"),
    DrawKind.DICE: _l("참관인 앞에서 주사위 20개를 던져 정해요"),
}
HEAD = {
    HeadKind.OPENING: _l("여는 기록 확인값"),
    HeadKind.CLOSING: _l("닫는 기록 확인값"),
    HeadKind.FINAL: _l("마지막 기록 확인값"),
}
WRONG_LINE = {
    Wrong.ENCODING: _l("UTF-8이나 CP949로 읽을 수 없는 파일이에요. 엑셀 파일이면 ‘CSV UTF-8’로 저장해 주세요."),
    Wrong.TOO_LARGE: _l("파일이 너무 커요."),
    Wrong.NO_HEADER: _l("첫 줄에 이름, 생년월일, 동 칸이 하나씩 있어야 해요. 칸 사이에는 쉼표, 세미콜론이나 탭을 넣어 주세요."),
    Wrong.NOT_A_TABLE: _l("따옴표가 맞지 않아서 표로 읽을 수 없어요."),
    Wrong.EMPTY: _l("사람이 한 명도 없어요."),
    Wrong.CELLS: _l("칸 수가 첫 줄과 달라요."),
    Wrong.BLANK: _l("이름, 생년월일이나 동이 비어 있어요. 합친 칸은 풀어서 줄마다 채워 주세요."),
    Wrong.MASKED: _l("이름의 일부를 가렸거나(김*람) 이름이 아닌 것이 붙어 있어요. 주민등록에 있는 이름만 적어 주세요."),
    Wrong.NAME: _l("이름을 확인해 주세요."),
    Wrong.BIRTH_DATE: _l("생년월일을 확인해 주세요."),
    Wrong.NEIGHBOURHOOD: _l("이 투표에 없는 동이에요."),
    Wrong.TOO_YOUNG: _l("정해진 나이가 되지 않아요."),
    Wrong.DUPLICATE: _l(
        "이름과 생년월일이 같은 사람이 이 동에 이미 있어요. 같은 사람이면 한 줄을 지워 주세요. 다른 사람이어도 한 동에는 한 명만 넣을 수 있어요."),
}
ROLL_SOURCE = {
    RollSource.VERIFIED: _l("주민 확인을 마친 사람"),
    RollSource.DECLARED: _l("확인하지 않았어도 스스로 밝힌 사람까지"),
    RollSource.IMPORTED: _l("따로 들여온 명단"),
}
PUBLISHES = {
    "totals": _l("합계만 공개하고, 투표지마다의 내용은 참관인이 다시 세요"),
    "ballots": _l("이름 없는 투표지 하나하나까지 모두 공개해요"),
}
NOTICE_KIND = {"notice": _l("알림"), "correction": _l("바로잡음"), "alarm": _l("긴급 알림")}


def drawn(draw: Mapping[str, Any]) -> str:
    """The draw, as it stands in the record."""
    if draw["kind"] == DrawKind.LOTTERY:
        return _("로또 6/45 %(number)s회: %(numbers)s, 보너스 %(bonus)s", number=draw["number"], bonus=draw["bonus"],
                 numbers=", ".join(map(str, draw["numbers"])))
    return _("참관인 앞에서 던진 주사위 20개: %(faces)s", faces=" ".join(map(str, draw["faces"])))


QUORUM = {Quorum.MIN_VOTERS: _l("투표한 사람 수"), Quorum.MIN_TURNOUT: _l("투표율(%)"),
          Quorum.PER_MILLE: _l("주민 수의 천분율(‰)")}
MISSED = {Missed.VOID: _l("아무것도 정하지 않아요"),
          Missed.ADVISORY: _l("결과는 알리지만 그대로 따르지 않아도 되고, 어떻게 할지 이유와 함께 알려요")}


def quorum(terms: Mapping[str, Any]) -> str:
    """The sentence of a quorum, as a box freezes it, for everybody and for officials."""
    if terms["kind"] == Quorum.MIN_TURNOUT:
        return _("투표율이 %(count)s%% 이상이어야 해요", count=terms["value"])
    words = _("%(count)s명 이상 투표해야 해요", count=number(needed(terms, 0)))
    of = terms.get("of")
    return words if of is None else f"{words}. " + _(
        "주민 %(residents)s명의 %(value)s‰예요(%(source)s, %(day)s).", residents=number(of["number"]),
        value=terms["value"], source=of["source"], day=day(date.fromisoformat(of["on"])))


def consequence(terms: Mapping[str, Any]) -> str:
    """The words for what follows a missed quorum."""
    return str(MISSED[Missed.ADVISORY if is_advisory(terms) else Missed.VOID])


def missed(terms: Mapping[str, Any], *, is_over: bool = False) -> str:
    """Sentence on what follows where too few take part, or took part."""
    what = consequence(terms)
    return _("모자라서 %(what)s.", what=what) if is_over else _("모자라면 %(what)s.", what=what)
