"""Labels of the parts of a vote on pages and in commands; words of the scripts of ballot and receipt."""

from collections.abc import Mapping
from typing import Any

from civic_forum.kernel.i18n import _, _l

from .box.draws import DrawKind
from .rules.boxes import BoxStage, ConfirmationState, ConfirmedAction, RollSource, Stage
from .rules.imports import Wrong

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
STEP = {
    "opened_at": _l("두 사람이 확인하고 엶"),
    "closed_at": _l("투표 끝남"),
    "counted_at": _l("다 셈"),
    "recorded_at": _l("기록을 만들어 확인함"),
    "erased_at": _l("투표지 지움"),
    "key_destroyed_at": _l("열쇠 없앰"),
    "published_at": _l("공개함"),
}
"""The moments of a box in their order."""
ACTION = {
    ConfirmedAction.OPEN: _l("투표 열기"),
    ConfirmedAction.CLOSE_EARLY: _l("투표 일찍 끝내기"),
    ConfirmedAction.COUNT_ANYWAY: _l("서로 다른 채로 세기"),
    ConfirmedAction.DRAW: _l("추첨 결과 적기"),
    ConfirmedAction.EXPORT_KEY: _l("열쇠 복사하기"),
    ConfirmedAction.DESTROY_KEY: _l("열쇠 없애기"),
    ConfirmedAction.PUBLISH: _l("결과 공개하기"),
}
WHAT_IT_DOES = {
    ConfirmedAction.OPEN: _l("내용이 굳고 첫 기록 확인값이 서명돼요. 그 뒤에는 아무것도 바꿀 수 없어요."),
    ConfirmedAction.CLOSE_EARLY: _l("지금까지 낸 표로 투표가 끝나요. 종이를 받는 마지막 때를 따로 정하지 않았다면 돌아오는 종이도 더 받지 않아요. "
                                 "되돌릴 수 없고, 모두에게 알려요."),
    ConfirmedAction.COUNT_ANYWAY: _l("투표함, 장부, 종이가 서로 다른데도 있는 것으로 세요. 다른 수와 적은 까닭이 기록에 남고 모두에게 보여요."),
    ConfirmedAction.DRAW: _l("표가 똑같은 것의 차례를 정해요. 두 사람이 서로 보지 않고 같은 추첨 결과를 적어야 하고, 기록에 그대로 남아요."),
    ConfirmedAction.EXPORT_KEY: _l("확인한 뒤에 두 번째 담당자가 서버에서 명령으로 복사해요. 복사본은 금고에 두세요."),
    ConfirmedAction.DESTROY_KEY: _l("이 투표의 열쇠를 지워요. 그 뒤에는 아무도 표를 사람과 이을 수 없어요."),
    ConfirmedAction.PUBLISH: _l("결과와 기록을 모두가 볼 수 있어요. 되돌릴 수 없어요."),
}
STATE = {
    ConfirmationState.PENDING: _l("확인 기다리는 중"),
    ConfirmationState.CONFIRMED: _l("확인함"),
    ConfirmationState.WITHDRAWN: _l("거둠"),
    ConfirmationState.EXPIRED: _l("24시간이 지남"),
    ConfirmationState.CHANGED: _l("내용이 바뀌어 무효"),
}
WRONG_LINE = {
    Wrong.NOT_UTF8: _l("파일이 UTF-8이 아니에요. UTF-8 CSV로 저장해 주세요."),
    Wrong.TOO_LARGE: _l("파일이 너무 커요."),
    Wrong.NO_HEADER: _l("첫 줄은 name,birth_date,neighbourhood여야 해요."),
    Wrong.NOT_A_TABLE: _l("따옴표가 맞지 않아서 표로 읽을 수 없어요."),
    Wrong.EMPTY: _l("사람이 한 명도 없어요."),
    Wrong.CELLS: _l("칸이 세 개가 아니에요."),
    Wrong.NAME: _l("이름을 확인해 주세요."),
    Wrong.BIRTH_DATE: _l("생년월일을 확인해 주세요."),
    Wrong.NEIGHBOURHOOD: _l("이 투표에 없는 동이에요."),
    Wrong.TOO_YOUNG: _l("정해진 나이가 되지 않아요."),
    Wrong.DUPLICATE: _l("같은 사람이 이미 있어요. 있는 줄:"),
}
VOTE_STAGE = {
    Stage.PREPARING: _l("준비 중"),
    Stage.ANNOUNCED: _l("곧 시작해요"),
    Stage.OPEN: _l("지금 투표 중"),
    Stage.COUNTING: _l("마감했어요"),
    Stage.PUBLISHED: _l("결과 공개"),
}
VOTE_STAGE_TONE = {Stage.PREPARING: "gray", Stage.ANNOUNCED: "information", Stage.OPEN: "primary",
                   Stage.COUNTING: "warning", Stage.PUBLISHED: "success"}
ROLL_SOURCE = {
    RollSource.VERIFIED: _l("주민 확인을 마친 사람"),
    RollSource.DECLARED: _l("확인하지 않았어도 스스로 밝힌 사람까지"),
    RollSource.IMPORTED: _l("따로 들여온 명단"),
}
PUBLISHES = {
    "totals": _l("합계만 공개하고, 투표지마다의 내용은 참관인이 다시 세요"),
    "ballots": _l("이름 없는 투표지 하나하나까지 모두 공개해요"),
}
NOT_BY_LAW = _l("이 투표는 주민투표법에 따른 주민투표가 아니에요.")
NOTICE_KIND = {"notice": _l("알림"), "correction": _l("바로잡음"), "alarm": _l("긴급 알림")}


def drawn(draw: Mapping[str, Any]) -> str:
    """What was drawn, as it stands in the record."""
    if draw["kind"] == DrawKind.LOTTERY:
        return _("로또 6/45 %(number)s회: %(numbers)s, 보너스 %(bonus)s", number=draw["number"], bonus=draw["bonus"],
                 numbers=", ".join(map(str, draw["numbers"])))
    return _("참관인 앞에서 던진 주사위 20개: %(faces)s", faces=" ".join(map(str, draw["faces"])))


def ballot_words(title: str) -> dict[str, str]:
    """`{name}` in them is filled in by the script."""
    return {
        "remove": _("빼기"),
        "remove_this": _("{title} 빼기"),
        "number": _("{number}번"),
        "blank": _("기권"),
        "told": _("{limit}개 가운데 {number}개를 골랐어요."),
        "told_sum": _("합계 {sum}."),
        "full": _("{limit}개를 모두 골랐어요. 바꾸려면 고른 것을 한 번 더 눌러 빼 주세요."),
        "full_group": _("{name}: {limit}개를 모두 골랐어요. 바꾸려면 고른 것을 한 번 더 눌러 빼 주세요."),
        "over": _("남은 돈 {left}보다 비싼 것은 고를 수 없어요. 고르려면 다른 것을 눌러 빼 주세요."),
        "blank_after": _("기권하려면 고른 것을 먼저 빼 주세요."),
        "blank_clears": _("답한 것을 모두 지우고 기권으로 바꿨어요."),
        "blank_gone": _("기권을 지우고 고른 것을 담았어요."),
        "shown": _("{number}개를 보여 드려요."),
        "none": _("하나 이상 골라 주세요. 고르고 싶은 것이 없으면 기권을 골라 주세요."),
        "more": _("{number}개를 더 골라 주세요."),
        "more_of": _("{name}: {number}개를 더 골라 주세요."),
        "nothing_again": _("이미 모두 투표했어요. 바꾸고 싶은 것에 표시해 주세요."),
        "unanswered": _("아직 답하지 않은 질문이 {number}개 있어요."),
        "sending": _("보내는 중이에요"),
        "again": _("답이 없어서 다시 보내는 중이에요"),
        "not_cast": _("투표하지 못했어요"),
        "unknown_title": _("연결이 끊겼어요"),
        "unknown": _("투표지가 도착했는지 알 수 없어요. 이 화면을 닫지 말고 다시 보내 주세요. 두 번 보내도 한 번만 세고, "
                     "이미 도착했다면 같은 확인증을 받아요."),
        "retry": _("다시 보내기"),
        "receipt_title": _("투표 확인증: %(title)s", title=title),
        "closed_title": _("마감한 투표: %(title)s", title=title),
    }


def receipt_words() -> dict[str, str]:
    """Words of the script that checks a receipt: what is checked, what was found of it, and the verdict."""
    return {
        "reading": _("읽는 중이에요"),
        "signature": _("서명"),
        "signature_ok": _("확인증에 적힌 열쇠로 한 서명이 맞아요."),
        "signature_no": _("서명이 맞지 않아요. 확인증의 글자가 바뀌었거나 이 누리집이 준 것이 아니에요."),
        "key": _("서명한 열쇠"),
        "key_ok": _("이 누리집의 열쇠예요."),
        "key_no": _("이 누리집의 열쇠가 아니에요. 다른 곳에서 만든 확인증이에요."),
        "log": _("공개 기록부"),
        "log_ok": _("내 표가 기록부에 있고, 누리집이 서명한 기록 확인값과 이어져요."),
        "log_no": _("기록부에 있다는 증명이 맞지 않아요. 확인증과 증명 파일을 간직하고 참관인에게 알려 주세요."),
        "own": _("내 것인지"),
        "own_ok": _("기록부의 표에 내 표시가 있어요."),
        "own_no": _("기록부의 표에 내 표시가 없어요. 다른 사람의 표예요. 이 확인증을 간직하고 참관인에게 알려 주세요."),
        "live": _("세는 표인지"),
        "live_wait": _("세는 표의 목록(live.txt)도 함께 고르면 알 수 있어요."),
        "list": _("세는 표의 목록"),
        "list_no": _("live.txt가 서명한 기록 확인값과 달라요. 새로 내려받아도 그러면 참관인에게 알려 주세요."),
        "counts": _("세는 표인지"),
        "counts_ok": _("이 표를 세요."),
        "counts_wait": _("이 표는 세지 않아요. 나중에 바꿨거나 종이 투표지를 받았다면 맞아요. 둘 다 아니라면 참관인에게 알려 주세요. "
                         "그것은 나만 알 수 있어요."),
        "verdict_counts": _("내 표가 기록부에 있고, 이 표를 세요"),
        "verdict_replaced": _("내 표가 기록부에 있지만, 이 표는 세지 않아요"),
        "verdict_in_log": _("내 표가 기록부에 있어요"),
        "verdict_waits": _("확인증이 맞아요. 기록부는 마감한 뒤에 볼 수 있어요"),
        "verdict_missing": _("기록부에 있어야 하는데 없어요"),
        "verdict_another": _("기록부에 있지만 내 표가 아니에요"),
        "verdict_unproven": _("기록부에 있다는 증명이 맞지 않아요"),
        "verdict_wrong": _("이 확인증은 맞지 않아요"),
        "no_proof": _("마감한 뒤에 증명 파일과 live.txt를 함께 고르면 나머지도 확인해요."),
        "no_receipt": _("투표 확인증 파일이 아니거나 글자가 바뀌었어요. 저장한 파일을 그대로 골라 주세요."),
        "no_answer": _("확인하지 못했어요. 인터넷이 이어졌는지 보고 다시 해 주세요. 인터넷 없이 확인하려면 증명 파일과 live.txt를 함께 "
                       "골라 주세요."),
    }
