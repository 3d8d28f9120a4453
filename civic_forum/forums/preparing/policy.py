"""Permissions to prepare a forum, to announce it, and to open it."""

from civic_forum.accounts.policy import account_permission
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.policy import permission

from .. import labels
from ..models import Forum
from ..policy import ForumContext, may_prepare, runs
from ..rules import Stage
from .rules import OPENS_BEFORE


@permission("forums.edit")
def may_edit(actor, forum: Forum) -> str | None:
    """Text, links and duties: until it is over."""
    if reason := may_prepare(actor, forum):
        return reason
    if forum.stage is Stage.FINISHED:
        return _("%(gathering)s 마쳤어요. 이제 준비한 내용은 고칠 수 없고, 회의록에서 바로잡아요.",
                 gathering=labels.named(forum.form, "을/를"))
    return None


@permission("forums.file")
def may_file(actor, forum: Forum) -> str | None:
    """Put files beside it, also once it was written down: there is no hall then in which they would have stood."""
    reason = may_prepare(actor, forum)
    return reason if reason or forum.recorded_at else may_edit(actor, forum)


@permission("forums.arrange")
def may_arrange(actor, forum: Forum) -> str | None:
    """Times, places and the order of the programme: until it begins."""
    if reason := may_edit(actor, forum):
        return reason
    if forum.stage is Stage.LIVE:
        return _("%(gathering)s 시작했어요. 시간과 순서는 진행 화면에서 바꿔 주세요.",
                 gathering=labels.named(forum.form, "을/를"))
    return None


@permission("forums.announce")
def may_announce(actor, forum: Forum) -> str | None:
    if reason := may_edit(actor, forum):
        return reason
    if forum.is_closed:
        return _("안에서만 보는 날이라 알리지 않아요.")
    return _("이미 알렸어요.") if forum.announced_at else None


@account_permission("forums.open")
def may_open(actor, at: ForumContext) -> str | None:
    """Begin it: its host or any moderator, from an hour before its time."""
    if not runs(actor, at):
        return _("진행자와 운영자만 할 수 있어요.")
    return why_not_opened(at)


def why_not_opened(at: ForumContext) -> str | None:
    """Reason of the forum itself against being opened now."""
    if at.forum.stage is Stage.PREPARING:
        return _("먼저 공론장을 모두에게 알려 주세요.")
    if at.forum.stage is not Stage.ANNOUNCED:
        return _("이미 시작했어요.")
    first = at.forum.starts_at - OPENS_BEFORE
    return _("%(moment)s부터 시작할 수 있어요.", moment=moment(first)) if at.now < first else None
