"""Labels of the sections of the record and of the minutes, and of their content."""

from civic_forum.platform.i18n import _, _l

from ..rules import CorrectionState, MinutesKind
from .rules import drafting as rules

SECTION = {rules.MEETING: _l("언제, 어디서, 누가"), rules.COURSE: _l("나눈 이야기"), rules.PULSES: _l("즉석 설문"),
           rules.QUESTIONS: _l("질문과 답"), rules.TABLES: _l("테이블에서 나온 것"), rules.DECISIONS: _l("정한 것")}
BETWEEN = _l("순서 밖에서")
ROLE = {"host": _l("진행"), "panel": _l("패널"), "official": _l("부서"), "participant": _l("참여")}
PULSE = {"yes": _l("그래요"), "no": _l("아니에요"), "unsure": _l("모르겠어요")}
CAME = {"registered": _l("신청"), "on_site": _l("현장"), "online": _l("온라인"), "by_phone": _l("전화"), "spoke": _l("발언")}
MINUTES = {MinutesKind.DRAFT: _l("초안"), MinutesKind.CORRECTED: _l("고친 회의록"), MinutesKind.SIGNED: _l("서명한 회의록")}
CORRECTION = {CorrectionState.OPEN: _l("답을 기다려요"), CorrectionState.ACCEPTED: _l("받아들였어요"),
              CorrectionState.DECLINED: _l("고치지 않기로 했어요")}
PLACE = {"item": _l("순서"), "turn": _l("발언"), "caption": _l("자막"), "pulse": _l("즉석 설문"), "question": _l("질문"),
         "answer": _l("답"), "table": _l("테이블"), "result": _l("테이블의 결과"), "group": _l("쪽지 묶음"), "note": _l("쪽지"),
         "decision": _l("정한 것")}


def place(name: str) -> str:
    """Subject of a correction, as people say it, without the number of its row; a place put into words stays as it
    is."""
    what, _colon, which = name.partition(":")
    if what == "section":
        return which
    return str(PLACE[what]) if is_row(name) else name


def is_row(name: str) -> bool:
    """True if it is the name of a row, beside which the correction was begun."""
    what, _colon, which = name.partition(":")
    return what in PLACE and which.isdecimal()


def minutes_and_seconds(seconds: int) -> str:
    whole, rest = divmod(int(seconds), 60)
    if not rest and whole:
        return _("%(minutes)s분", minutes=whole)
    return _("%(minutes)s분 %(seconds)s초", minutes=whole, seconds=rest) if whole else _("%(seconds)s초", seconds=rest)
