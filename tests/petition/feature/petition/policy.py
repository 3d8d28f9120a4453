"""Permissions on a petition."""

from civic_forum.accounts.policy import needs_account
from civic_forum.accounts.rules import Role, same_person
from civic_forum.blocks.approval_rights import AnotherPerson, ApprovalRights
from civic_forum.platform.policy import permission


@permission("petitions.read")
def may_read(actor, petition):
    public = petition.announced_at and not petition.hidden_at
    own = actor.is_authenticated and petition.author_id == actor.id
    return None if public or own else "아직 볼 수 없는 청원이에요."


@permission("petitions.make")
def may_make(actor, _subject=None):
    return needs_account(actor)


@permission("petitions.edit")
def may_edit(actor, petition):
    if reason := needs_account(actor):
        return reason
    return None if petition.author_id == actor.id and not petition.announced_at else "쓴 사람이 알리기 전까지만 고칠 수 있어요."


@permission("petitions.close")
def may_close(actor, petition):
    own = actor.is_authenticated and petition.author_id == actor.id
    return None if own and petition.announced_at and not petition.closed_at else "쓴 사람만 닫을 수 있어요."


def may_comment(_actor, petition):
    return "닫은 청원이에요." if petition.closed_at or not petition.announced_at else None


@permission("petitions.reply")
def may_reply(actor, _petition=None):
    return needs_account(actor) or (None if actor.has(Role.OFFICIAL) else "부서 담당자만 답할 수 있어요.")


RIGHTS = ApprovalRights(
    name="petition_replies", needs=may_reply, needs_own=may_reply, draft=lambda petition: petition.reply,
    none_waits="승인을 기다리는 답이 없어요.", another=AnotherPerson(
        same=same_person, is_asked=lambda: True, refusal="내가 쓴 답은 다른 담당자가 승인해요.")).register()
