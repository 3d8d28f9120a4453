"""Permissions on notices."""

from civic_forum.accounts.policy import why_guest
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission


@permission("notifications.read")
def may_read(actor, _subject=None) -> str | None:
    """One's own; nobody ever reads those of another."""
    return why_guest(actor) if actor.is_authenticated else _("로그인하면 알림을 볼 수 있어요.")
