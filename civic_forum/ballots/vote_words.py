"""What pages call the parts of any vote, whatever it is about."""

from civic_forum.kernel.i18n import _l

from .rules.boxes import RollSource
from .rules.stages import Stage
from .rules.times import BadTimes

STAGE = {
    Stage.PREPARING: _l("준비 중"),
    Stage.ANNOUNCED: _l("곧 시작해요"),
    Stage.OPEN: _l("지금 투표 중"),
    Stage.COUNTING: _l("마감했어요"),
    Stage.PUBLISHED: _l("결과 공개"),
}
STAGE_TONE = {Stage.PREPARING: "gray", Stage.ANNOUNCED: "information", Stage.OPEN: "primary",
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
BAD_TIMES = {
    BadTimes.TOO_SHORT: _l("마감은 시작하고 적어도 한 시간 뒤여야 해요."),
    BadTimes.TOO_LONG: _l("투표 기간은 60일을 넘을 수 없어요."),
    BadTimes.CHECK_BACKWARDS: _l("명부 확인이 끝나는 때는 시작하는 때보다 뒤여야 해요."),
    BadTimes.CHECK_AFTER_OPENING: _l("명부 확인은 투표를 시작하기 전에 끝나야 해요."),
    BadTimes.PAPER_BEFORE_CLOSE: _l("종이 투표지를 받는 마지막 때는 마감보다 빠를 수 없어요."),
}
BAD_TIMES_FIELD = {
    BadTimes.TOO_SHORT: "closes_at", BadTimes.TOO_LONG: "closes_at", BadTimes.CHECK_BACKWARDS: "roll_check_to",
    BadTimes.CHECK_AFTER_OPENING: "roll_check_to", BadTimes.PAPER_BEFORE_CLOSE: "paper_until",
}
NOT_BY_LAW = _l("이 투표는 주민투표법에 따른 주민투표가 아니에요.")
NOTICE_KIND = {"notice": _l("알림"), "correction": _l("바로잡음"), "alarm": _l("긴급 알림")}
