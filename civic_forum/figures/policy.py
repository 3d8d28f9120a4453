"""Permission to the page of the office."""

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _

READERS = frozenset((Role.OFFICIAL, Role.MODERATOR, Role.ADMINISTRATOR, Role.READER))


@account_permission("figures.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    return None if actor.roles & READERS else _("부서 담당자와 운영자, 관리자가 보는 화면이에요. 모두가 보는 숫자는 따로 있어요.")
