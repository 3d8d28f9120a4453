"""Whether somebody may write at all, wherever it is."""

from civic_forum.kernel.i18n import _, moment


def why_muted(actor) -> str | None:
    """What keeps somebody who may read and support from writing anything."""
    if not getattr(actor, "is_muted", False):
        return None
    return _("%(until)s까지 글을 쓸 수 없어요. 까닭과 이의 신청 방법은 내 정보에서 볼 수 있어요.",
             until=moment(actor.muted_until))
