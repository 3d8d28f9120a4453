"""Labels of the areas of work at the desk."""

from civic_forum.platform.i18n import _l

AREA = {
    "proposals": _l("제안"), "answers": _l("답변"), "agendas": _l("의제"), "outcomes": _l("결과"),
    "polls": _l("투표"), "ballots": _l("투표함"), "budgets": _l("주민참여예산"), "forums": _l("공론장"),
    "moderation": _l("신고와 조치"), "accounts": _l("주민과 계정"), "exports": _l("자료"),
}
OTHER = _l("그 밖의 일")
"""One heading for all areas without a word of their own."""
NEXT = _l("다음")
"""What is neither late nor due today."""
