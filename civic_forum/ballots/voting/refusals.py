"""Reasons why a ballot is not taken, in words that people see."""

from datetime import datetime

from civic_forum.platform.errors import Conflict, Denied, Refusal, TooMany
from civic_forum.platform.i18n import _, _l, won

from ..rules.choices import BoxRule, NotAccepted
from ..rules.choices import Refusal as Reason


class CastingOver(Conflict):
    """At or after the close, by the database's clock; `at` is when the ballot came."""

    def __init__(self, at: datetime | None = None) -> None:
        super().__init__(_("투표가 끝났어요. 이 투표지는 들어가지 않았어요."))
        self.at = at


class _Said(Refusal):
    """Always in the same words."""

    sentence = ""

    def __init__(self) -> None:
        super().__init__(self.sentence)


class NotYetOpen(_Said, Conflict):
    sentence = _l("아직 투표가 시작되지 않았어요. 시작한 뒤에 다시 해 주세요.")


class NotInRoll(_Said, Denied):
    sentence = _l("투표인 명부에 없어서 투표할 수 없어요. 동 주민센터나 구청에 물어봐 주세요.")


class StruckFromRoll(_Said, Denied):
    sentence = _l("투표인 명부에서 빠져서 투표할 수 없어요. 이유는 구청에 물어봐 주세요.")


class AnotherForm(_Said, Conflict):
    """The form belongs to another box, or to what the box asked before."""

    sentence = _l("이 투표의 투표지가 아니에요. 투표 화면을 다시 열어 주세요.")


class OnPaper(_Said, Conflict):
    sentence = _l("종이 투표지를 받아서 온라인으로는 투표할 수 없어요. 종이 투표지로 투표해 주세요.")


class SecondClerkFirst(_Said, Denied):
    """Staff could have got into this account, and no second clerk has seen whose it is."""

    title = _l("투표하기 전에 담당자가 한 번 더 확인해요")
    sentence = _l("창구에서 다룬 계정이라, 그때와 다른 담당자도 신분증을 봐야 투표할 수 있어요. 신분증을 가지고 동 주민센터로 와 주세요. 어느 동이든 괜찮아요.")


class ChangedOnPaper(_Said, Denied):
    """The ballot that is there was not cast by this account after staff had been at it."""

    title = _l("낸 표는 그대로 있어요")
    sentence = _l("창구에서 다룬 계정으로는 이미 낸 표를 바꿀 수 없어요. 바꾸려면 신분증을 가지고 동 주민센터에서 종이 투표지를 받아 주세요.")


class VotedOnline(_Said, Conflict):
    """Somebody at the kiosk who has a ballot in the box, cast online or there."""

    sentence = _l("이미 투표한 분이에요. 직접 로그인해서 바꾸거나 종이 투표지를 받아 주세요.")


class NotAKiosk(_Said, Denied):
    """A browser that is no registered kiosk, or is none any more."""

    sentence = _l("등록된 투표소 기기가 아니라서 여기서는 투표할 수 없어요. 창구에서 안내하는 기기를 써 주세요.")


class ChangedTooOften(TooMany):
    def __init__(self) -> None:
        super().__init__(_("바꿀 수 있는 횟수를 다 썼어요. 마지막에 낸 표를 세요. 더 바꾸려면 창구에서 종이 투표지를 받아 주세요."),
                         retry_after=86_400)


class ChangedElsewhere(_Said, Conflict):
    sentence = _l("다른 곳에서 투표가 바뀌었어요. 투표 화면을 다시 열고 골라 주세요.")


class SentAlready(_Said, Conflict):
    """The same form with another choice."""

    sentence = _l("이 투표지는 이미 보냈어요. 다르게 고르려면 투표 화면을 다시 열어 주세요.")


class AgainstGroup(Refusal):
    """Too many or too few of one group of options; `group` (from 0) says of which.

    Groups are counted as they stand on the ballot: their names are the definition's, which a cast does not read.
    """

    def __init__(self, wrong: NotAccepted, rule: BoxRule) -> None:
        group, place = rule.groups[wrong.group], wrong.group + 1
        super().__init__(
            _("%(place)s번째 묶음에서는 %(most)s개까지만 고를 수 있어요. 몇 개를 빼 주세요.", place=place, most=group.most)
            if wrong.reason is Reason.TOO_MANY_OF_GROUP else
            _("%(place)s번째 묶음에서는 %(least)s개 이상 골라 주세요. 고르고 싶은 것이 없으면 전체를 기권할 수 있어요.", place=place,
              least=group.least))
        self.group = wrong.group


def not_accepted(wrong: NotAccepted, rule: BoxRule) -> Refusal:
    """A choice that this box does not allow; `rule` is that of the box."""
    if wrong.group is not None:
        return AgainstGroup(wrong, rule)
    if wrong.reason is Reason.OVER_MONEY:
        return Refusal(_("고른 것의 합계가 정한 금액 %(money)s을 넘어요. 몇 개를 빼 주세요.", money=won(rule.money.limit)))
    reasons = {
        Reason.NONE_CHOSEN: _("하나도 고르지 않았어요. 고르거나 기권을 선택해 주세요."),
        Reason.TOO_MANY: _("%(most)s까지만 고를 수 있어요. 몇 개를 빼 주세요.", most=rule.limit),
        Reason.NOT_EXACTLY: _("꼭 %(number)s개를 골라 주세요.", number=rule.limit),
        Reason.UNANSWERED: _("고르지 않은 항목이 있어요. 항목마다 하나씩 골라 주세요."),
        Reason.BLANK_WITH_CHOICES: _("기권과 다른 선택을 함께 보낼 수 없어요. 하나만 골라 주세요."),
    }
    return Refusal(reasons.get(wrong.reason)
                   or _("이 투표에 없는 항목이나 값이 들어 있어요. 투표 화면을 다시 열어 주세요."))
