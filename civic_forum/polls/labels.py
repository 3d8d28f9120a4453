"""Labels of the parts of a poll."""

from civic_forum.ballots.rules.boxes import Stage
from civic_forum.ballots.labels import NOTICE_KIND, PUBLISHES, ROLL_SOURCE
from civic_forum.platform.i18n import _l

from .rules import BadTimes, Missing, PollKind

__all__ = ["BAD_TIMES", "BAD_TIMES_FIELD", "KIND", "MISSING", "MISSING_PART", "NOTICE_KIND", "NOT_BY_LAW", "PUBLISHES",
           "ROLL_SOURCE", "STAGE", "STAGE_TONE"]
"""Templates are given one module with all of them."""

KIND = {
    PollKind.CHOOSE_ONE: _l("하나만 고르기"), PollKind.UP_TO_K: _l("정한 수까지 고르기"),
    PollKind.EXACTLY_K: _l("정한 수만큼 꼭 고르기"), PollKind.YES_NO_EACH: _l("하나하나 찬성·반대·기권"),
}
BAD_SLUG = _l("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요.")
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
MISSING = {
    Missing.OPTIONS: _l("항목을 더 넣어 주세요. 둘 이상이어야 해요(찬반 투표는 하나 이상)."),
    Missing.TOO_FEW_OPTIONS: _l("고를 수 있는 수보다 항목이 적어요."),
    Missing.BINDING: _l("결과를 어떻게 반영하는지(반영 방식) 적어 주세요. 이 문장이 없으면 투표를 열 수 없어요."),
    Missing.TIMES: _l("시작과 마감 시각을 다시 확인해 주세요."),
    Missing.ROLL_DAY: _l("명부를 정하는 날은 투표를 시작하기 전이어야 해요."),
    Missing.QUORUM: _l("최소 참여 기준의 숫자를 적어 주세요."),
}
MISSING_PART = {
    Missing.OPTIONS: "options", Missing.TOO_FEW_OPTIONS: "options",
    Missing.BINDING: "terms", Missing.TIMES: "times", Missing.ROLL_DAY: "times", Missing.QUORUM: "terms",
}
"""On which page of the desk each is put right."""
STAGE = {
    Stage.PREPARING: _l("준비 중"), Stage.ANNOUNCED: _l("곧 시작해요"), Stage.OPEN: _l("지금 투표 중"),
    Stage.COUNTING: _l("마감했어요"), Stage.PUBLISHED: _l("결과 공개"),
}
STAGE_TONE = {Stage.PREPARING: "gray", Stage.ANNOUNCED: "information", Stage.OPEN: "primary",
              Stage.COUNTING: "warning", Stage.PUBLISHED: "success"}
ABOUT = {"agenda": _l("이 투표로 정하는 의제")}
ABOUT_OTHER = _l("이 투표가 다루는 것")
"""Headings over the thing that a poll is about."""
NOT_BY_LAW = _l("이 투표는 주민투표법에 따른 주민투표가 아니에요.")
