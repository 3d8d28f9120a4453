"""Labels of forums."""

from civic_forum.platform.i18n import _l, josa, language

from .preparing.rules import BadTimes, Missing
from .registration.rules import NotNow
from .rules import AgeGroup, Duty, Form, Place, Seating, Stage, Way

FORMS = {Form.FORUM: _l("공론장"), Form.MEETING: _l("회의"), Form.SESSION: _l("교육"), Form.VISIT: _l("찾아가는 날")}
_SINGLE = {Form.FORUM: _l("공론장 하나"), Form.MEETING: _l("회의 하나"), Form.SESSION: _l("교육 하나"),
           Form.VISIT: _l("찾아가는 날 하루")}
"""In other languages, where one is called otherwise than many."""


def named(form: Form, particle: str = "") -> str:
    """Noun of a gathering in a sentence: `named(Form.VISIT, "을/를")` is `찾아가는 날을`, in English `visit day`."""
    if not language().is_korean:
        return str(_SINGLE[form])
    return josa(str(FORMS[form]), particle) if particle else str(FORMS[form])


STAGE = {Stage.PREPARING: _l("준비 중"), Stage.ANNOUNCED: _l("신청 받는 중"), Stage.LIVE: _l("진행 중"),
         Stage.FINISHED: _l("마침"), Stage.CANCELLED: _l("취소")}
DUTY = {Duty.HOST: _l("진행"), Duty.PANEL: _l("패널"), Duty.CAPTIONER: _l("속기"), Duty.INTERPRETER: _l("수어 통역")}
SEATING = {Seating.RANDOM: _l("무작위로 앉기"), Seating.MIXED: _l("동네와 나이를 섞어 앉기"), Seating.CHOSEN: _l("스스로 골라 앉기")}
WAY = {Way.ON_SITE: _l("현장"), Way.ONLINE: _l("온라인")}
STAGE_TONE = {Stage.PREPARING: "gray", Stage.ANNOUNCED: "information", Stage.LIVE: "danger", Stage.FINISHED: "success",
              Stage.CANCELLED: "gray"}
PLACE = {Place.HELD: _l("자리를 받았어요"), Place.WAITING: _l("기다리는 중"), Place.WITHDRAWN: _l("거두었어요")}
AGE_GROUP = {AgeGroup.TO_18: _l("14–18세"), AgeGroup.TO_39: _l("19–39세"), AgeGroup.TO_64: _l("40–64세"),
             AgeGroup.FROM_65: _l("65세 이상")}
SAID = {"question": _l("질문을 올렸어요."), "typed": _l("질문을 대신 올렸어요."), "floor": _l("발언을 신청했어요."),
        "floor-withdrawal": _l("발언 신청을 거뒀어요."), "pulse": _l("답했어요. 마칠 때까지 바꿀 수 있어요."), "chat": _l("보냈어요."),
        "note": _l("쪽지를 붙였어요."), "decision": _l("정한 것을 적었어요.")}
"""Sentences once a form is done, by its name: the page says them without moving anything."""
MISSING = {
    Missing.TIMES: _l("시작과 끝나는 때를 다시 확인해 주세요. 이미 지난 때일 수 있어요."),
    Missing.PROGRAMME: _l("순서를 하나 이상 넣어 주세요."),
    Missing.HOST: _l("진행할 사람을 정해 주세요. 로그인 이름이 있는 사람이어야 해요."),
    Missing.PLACES: _l("현장이나 온라인 자리가 몇 개인지 적어 주세요."),
    Missing.RECORDING: _l("무엇을 녹화하고, 동의하지 않은 사람은 어떻게 하는지 적어 주세요."),
}
MISSING_PART = {Missing.TIMES: "times", Missing.PROGRAMME: "items", Missing.HOST: "duties", Missing.PLACES: "times",
                Missing.RECORDING: "access"}
"""On which page of the desk each is put right."""
BAD_TIMES = {
    BadTimes.TOO_SHORT: _l("끝나는 때는 시작하고 적어도 10분 뒤여야 해요."),
    BadTimes.TOO_LONG: _l("12시간을 넘을 수 없어요."),
    BadTimes.REGISTRATION_BACKWARDS: _l("신청을 마치는 때는 받기 시작하는 때보다 뒤여야 해요."),
    BadTimes.REGISTRATION_AFTER_END: _l("신청은 끝나기 전까지만 받을 수 있어요."),
}
BAD_TIMES_FIELD = {
    BadTimes.TOO_SHORT: "ends_at", BadTimes.TOO_LONG: "ends_at", BadTimes.REGISTRATION_BACKWARDS: "registration_to",
    BadTimes.REGISTRATION_AFTER_END: "registration_to",
}
NOT_NOW = {
    NotNow.PREPARING: _l("아직 알리지 않았어요."),
    NotNow.NOT_YET: _l("아직 신청을 받지 않아요."),
    NotNow.OVER: _l("신청을 마감했어요. 시작되면 자리가 남은 만큼 바로 들어올 수 있어요."),
    NotNow.FINISHED: _l("이미 마쳤어요. 이제 기록을 볼 수 있어요."),
}
ABOUT = {"agenda": _l("함께 이야기할 의제")}
ABOUT_OTHER = _l("여기에서 다루는 것")
SEE_ABOUT = {"agenda": _l("여기에서 다룬 의제 보기")}
SEE_ABOUT_OTHER = _l("여기에서 다룬 것 보기")
"""Headings over the thing that a forum is about, and links to it when the forum is over."""
