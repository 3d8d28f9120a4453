"""What pages and commands call the parts of a vote."""

from civic_forum.kernel.i18n import _l

from .rules.boxes import BoxStage, ConfirmationState, ConfirmedAction
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
    ConfirmedAction.EXPORT_KEY: _l("열쇠 복사하기"),
    ConfirmedAction.DESTROY_KEY: _l("열쇠 없애기"),
    ConfirmedAction.PUBLISH: _l("결과 공개하기"),
}
WHAT_IT_DOES = {
    ConfirmedAction.OPEN: _l("내용이 굳고 첫 기록 확인값이 서명돼요. 그 뒤에는 아무것도 바꿀 수 없어요."),
    ConfirmedAction.CLOSE_EARLY: _l("지금까지 낸 표로 투표가 끝나요. 종이를 받는 마지막 때를 따로 정하지 않았다면 돌아오는 종이도 더 받지 않아요. "
                                 "되돌릴 수 없고, 모두에게 알려요."),
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
