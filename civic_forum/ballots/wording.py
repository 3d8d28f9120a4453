"""What the script of the ballot says: the same words as the page, handed over with it."""

from civic_forum.kernel.i18n import _


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
