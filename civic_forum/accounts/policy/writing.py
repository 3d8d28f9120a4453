"""Permissions to act at all, and to write, wherever it is."""

from civic_forum.platform.i18n import _, moment


def needs_account(actor) -> str | None:
    """Reason against anything that is done by name."""
    if not actor.is_authenticated:
        return _("로그인한 뒤에 할 수 있어요.")
    return None if actor.is_active else _("지금은 쓸 수 없는 계정이에요. 구청에 문의해 주세요.")


def why_muted(actor) -> str | None:
    """Reason against writing, for somebody who may read and support."""
    if not getattr(actor, "is_muted", False):
        return None
    return _("%(until)s까지 글을 쓸 수 없어요. 까닭과 이의 신청 방법은 내 정보에서 볼 수 있어요.",
             until=moment(actor.muted_until))
