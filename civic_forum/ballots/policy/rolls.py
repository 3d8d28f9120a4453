"""Who looks after an electoral roll, who may object to it, and why somebody is not in it."""

from civic_forum.accounts.rules import Role
from civic_forum.kernel.i18n import _, _l
from civic_forum.kernel.policy import permission

from ..rules.rolls import EntryState

WHY_NOT = {
    EntryState.STRUCK: _l("명부에서 빠졌어요. 이유를 확인하고, 맞지 않으면 명부 확인 화면에서 이의를 내 주세요."),
    EntryState.NOT_SIGNED_IN: _l("로그인하면 투표할 수 있는지 바로 알 수 있어요."),
    EntryState.NOT_ON_LIST: _l("이 투표의 명부에 없어요. 빠진 것 같으면 투표가 시작되기 전에 명부 확인 화면에서 이의를 내 주세요."),
    EntryState.NOT_VERIFIED: _l("본인 확인을 마친 주민만 투표할 수 있어요. 동 주민센터나 우편으로 확인받을 수 있어요."),
    EntryState.OTHER_KIND: _l("이 투표에 참여할 수 있는 분은 따로 정해져 있어요. 누가 투표할 수 있는지 확인해 주세요."),
    EntryState.OTHER_NEIGHBOURHOOD: _l("이 투표는 정해진 동의 주민만 참여할 수 있어요."),
    EntryState.TOO_YOUNG: _l("투표가 끝나는 날에 정해진 나이가 되지 않아요."),
    EntryState.AGE_UNKNOWN: _l("나이를 확인해야 투표할 수 있어요. 동 주민센터나 우편으로 본인 확인을 받아 주세요."),
    EntryState.TOO_LATE: _l("명부를 정한 날 뒤에 확인되어서 이번 투표의 명부에는 없어요. 다음 투표부터 참여할 수 있어요."),
    EntryState.NOT_FIXED: _l("명부가 아직 정해지지 않았어요. 정해지면 여기에서 확인할 수 있어요."),
    EntryState.WILL_BE_IN: _l("지금대로면 명부가 정해질 때 들어가요."),
}
"""What a person is told who may not vote (now), and what to do about it."""


@permission("ballots.keep_roll")
def may_keep_roll(actor, _roll=None) -> str | None:
    """Fix, import, correct a roll and answer objections to it."""
    if not actor.is_authenticated:
        return _("운영자로 로그인해 주세요.")
    if not actor.has(Role.MODERATOR):
        return _("운영자만 명부를 다룰 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("ballots.object_to_roll")
def may_object_to_roll(actor, _roll=None) -> str | None:
    if not actor.is_authenticated:
        return _("로그인하면 명부에 이의를 낼 수 있어요.")
    return None
