"""What notices are called, and the sentence of each step. The steps of a journey say their own."""

from civic_forum.journeys import words as journeys
from civic_forum.kernel.i18n import _l

from .rules import Channel, Frequency, NoticeKind

KIND = {
    NoticeKind.MY_PROPOSAL: _l("내 제안 소식"),
    NoticeKind.SUPPORTED: _l("공감하거나 따라 보는 제안 소식"),
    NoticeKind.REPLY: _l("댓글과 답글"),
    NoticeKind.MODERATION: _l("내 글이나 계정에 대한 조치"),
    NoticeKind.VOTE: _l("투표"),
    NoticeKind.OUTCOME: _l("결과"),
    NoticeKind.DUTY: _l("맡은 일"),
}
CHANNEL = {Channel.SITE: _l("이 누리집"), Channel.MAIL: _l("이메일"), Channel.SMS: _l("문자")}
FREQUENCY = {
    Frequency.AT_ONCE: _l("바로"),
    Frequency.DAILY: _l("하루에 한 번 모아서"),
    Frequency.WEEKLY: _l("한 주에 한 번 모아서"),
    Frequency.NEVER: _l("받지 않기"),
}
GONE = _l("지금은 볼 수 없는 글")
"""Instead of the title of what was hidden, withdrawn or deleted since."""

STEP: dict[str, object] = {}
"""step → sentence; `details` of the notice fill it in."""


def sentence(step: str, details: dict[str, object]) -> str:
    """What happened, in words. A step that a later version writes still says that there is news."""
    return str(STEP.get(step) or journeys.STEPS.get(step) or _l("새 소식이 있어요")) % details
