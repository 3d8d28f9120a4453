"""Permissions to ask for the floor, for oneself and for others. The host's part is `forums.policy.may_run`."""

from civic_forum.accounts.policy import account_permission, needs_account
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..policy import ForumContext, may_write, runs, why_not_live


@permission("forums.ask_for_floor")
def may_ask(actor, at: ForumContext) -> str | None:
    """Ask for the floor: who may write here, while the queue is open."""
    return may_write(actor, at) or why_closed(at)


@account_permission("forums.ask_for_others")
def may_ask_for(actor, at: ForumContext) -> str | None:
    """Ask for somebody without a device: the host, moderators and hosts of tables, who may write themselves."""
    if not runs(actor, at) and not at.standing.hosted_table_ids:
        return _("진행자와 테이블 이끔이만 다른 분의 발언을 대신 신청할 수 있어요.")
    return may_ask(actor, at)


@permission("forums.withdraw_from_floor")
def may_withdraw(actor, at: ForumContext) -> str | None:
    """Take back one's own request (`at.thing`), also while muted; whoever typed it, and who runs the forum."""
    if reason := needs_account(actor) or why_not_live(at):
        return reason
    if actor.id in (at.thing.user_id, at.thing.typed_by_id) or runs(actor, at):
        return None
    return _("내가 한 신청만 거둘 수 있어요.")


def why_closed(at: ForumContext) -> str | None:
    return None if at.forum.floor_open else _("지금은 발언 신청을 받지 않아요. 진행자가 열면 신청할 수 있어요.")
