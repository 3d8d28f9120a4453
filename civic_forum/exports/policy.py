"""Permissions to take tables out of the site at the desk."""

from civic_forum.accounts.rules import WORKERS, Role
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission


@permission("exports.take")
def may_take(actor, _subject=None) -> str | None:
    """Permission for all staff to take what everybody may read anyway, as a table."""
    if not actor.is_authenticated:
        return _("담당자로 로그인해 주세요.")
    if not actor.is_active:
        return _("지금은 쓸 수 없는 계정이에요. 구청에 문의해 주세요.")
    return None if actor.roles & WORKERS else _("담당자만 쓰는 화면이에요. 담당자라면 관리자에게 권한을 요청해 주세요.")


@permission("exports.take_formal")
def may_take_formal(actor, _subject=None) -> str | None:
    """Names and contacts of formal proposals: officials, of what their departments work on."""
    return may_take(actor) or (None if actor.department_ids() else _("부서 담당자만 받을 수 있어요."))


@permission("exports.take_residents")
def may_take_residents(actor, _subject=None) -> str | None:
    """Verified residents: clerks those of their neighbourhoods, administrators all."""
    if reason := may_take(actor):
        return reason
    if actor.has(Role.ADMINISTRATOR) or actor.neighbourhood_ids():
        return None
    return _("관리자와 동 담당자만 받을 수 있어요. 필요하면 관리자에게 부탁해 주세요.")
