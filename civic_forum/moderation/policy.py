"""Who may do what to keep order."""

from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission


@permission("moderation.report")
def may_report(actor, _thing=None) -> str | None:
    """Whoever may see a thing may report it."""
    if getattr(actor, "blocked_at", None):
        return _("이용이 제한된 계정이라 신고할 수 없어요. 화면 아래의 연락처로 알려 주세요.")
    if not actor.is_authenticated:
        return _("로그인한 뒤에 신고할 수 있어요. 급하면 화면 아래의 연락처로 알려 주세요.")
    return None
