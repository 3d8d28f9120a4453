"""What the desk calls the areas of its work."""

from civic_forum.kernel.i18n import _l

AREA = {
    "proposals": _l("제안"),
    "answers": _l("답변"),
    "polls": _l("투표"),
    "ballots": _l("투표함"),
    "moderation": _l("신고와 조치"),
    "accounts": _l("주민과 계정"),
}
OTHER = _l("그 밖의 일")
