"""What two officials do together: open, close early, take the key out, destroy it, publish."""

from civic_forum.accounts.rules import Role
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission

OFFICIALS = frozenset({Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR})
"""Any two of these, two different people."""


@permission("ballots.officiate")
def may_officiate(actor, _box=None) -> str | None:
    """Propose, confirm and take back; see how far a vote has come."""
    if not actor.is_authenticated:
        return _("담당자로 로그인해 주세요.")
    if not actor.is_active:  # a command asks for a name and a password, whatever became of the account
        return _("지금은 쓸 수 없는 계정이에요. 구청에 문의해 주세요.")
    if actor.lacks_second_factor:
        return _("담당자는 두 번째 확인을 켜야 투표를 다룰 수 있어요. 내 정보에서 켜 주세요.")
    if not actor.roles & OFFICIALS:
        return _("운영자, 부서 담당자, 관리자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None
