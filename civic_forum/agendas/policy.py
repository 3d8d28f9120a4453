"""Permissions on agendas and merges."""

from civic_forum.accounts.policy import account_permission, why_muted
from civic_forum.accounts.rules import Role
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from . import rules


@account_permission("agendas.moderate")
def may_moderate(actor, _subject=None) -> str | None:
    """Make agendas, group proposals into them, and merge what says the same."""
    return None if actor.has(Role.MODERATOR) else _("운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("agendas.read")
def may_read(actor, agenda) -> str | None:
    """Everybody once it is published; before that moderators and the department that leads it."""
    if agenda.published_at is not None:
        return None
    if actor.is_authenticated and actor.is_active and (
            actor.has(Role.MODERATOR) or agenda.lead_department_id in actor.department_ids()):
        return None
    return _("아직 공개하지 않은 의제예요.")


@permission("agendas.change")
def may_change(actor, agenda) -> str | None:
    """Its words, its state, and what is grouped in it."""
    if reason := may_moderate(actor):
        return reason
    return _("다른 의제와 합쳐진 의제예요. 합쳐진 의제에서 고쳐 주세요.") if agenda.merged_into_id else None


@permission("agendas.undo_merge")
def may_undo_merge(actor, descent) -> str | None:
    """Let an agenda that was merged stand by itself again."""
    if reason := may_moderate(actor):
        return reason
    return _("이미 되돌린 일이에요. 의제 화면에서 확인해 주세요.") if descent.undone_at else None


@permission("agendas.publish")
def may_publish(actor, agenda) -> str | None:
    return may_change(actor, agenda) or (_("이미 공개한 의제예요.") if agenda.published_at else None)


@permission("agendas.comment")
def may_comment(_actor, agenda) -> str | None:
    """Reason of the agenda itself against comments."""
    if agenda.published_at is None:
        return _("아직 공개하지 않은 의제예요.")
    return _("다른 의제와 합쳐졌어요. 댓글은 합쳐진 의제에 남겨 주세요.") if agenda.merged_into_id else None


@permission("agendas.merge_proposals")
def may_merge(actor, pair) -> str | None:
    """`pair` are the two proposals."""
    if reason := may_moderate(actor):
        return reason
    if actor.id in {proposal.author_id for proposal in pair}:
        return _("내가 쓴 제안은 다른 운영자가 합쳐요.")
    return None


@account_permission("agendas.reply_to_merge")
def may_reply(actor, merge) -> str | None:
    if actor.id not in (merge.merged.author_id, merge.into.author_id):
        return _("두 제안을 쓴 사람만 답할 수 있어요.")
    return _("이미 되돌린 일이에요.") if merge.undone_at else None


@permission("agendas.object_to_merge")
def may_object_to_merge(actor, merge) -> str | None:
    """For everybody to read, as may_object."""
    if reason := may_reply(actor, merge) or why_muted(actor):
        return reason
    return None if rules.may_object(merge.at, clock.now()) else _why_late()


@account_permission("agendas.opt_out")
def may_opt_out(actor, merge) -> str | None:
    """Permission to take one's name out; that it counts there at all is looked at under the lock."""
    if merge.undone_at:
        return _("이미 되돌린 일이에요. 내 공감은 처음 제안에 그대로 있어요.")
    if not rules.may_take_back(merge.at, clock.now()):
        return _("합친 뒤 %(days)s일이 지나서 이름을 거둘 수 없어요.", days=rules.WITHDRAWAL_DAYS)
    return None


@account_permission("agendas.object")
def may_object(actor, link) -> str | None:
    """Object to a grouping as the author of the proposal, for everybody to read."""
    if actor.id != link.proposal.author_id:
        return _("제안을 쓴 사람만 반대할 수 있어요.")
    if reason := why_muted(actor):
        return reason
    if link.ended_at is not None:
        return _("이미 의제에서 나온 제안이에요.")
    return None if link.told_at and rules.may_object(link.told_at, clock.now()) else _why_late()


def _why_late() -> str:
    return _("반대는 %(days)s일 안에 할 수 있어요. 그 뒤에는 댓글이나 문의로 알려 주세요.", days=rules.OBJECTION_DAYS)


@permission("agendas.answer_objection")
def may_answer_objection(actor, objection) -> str | None:
    if reason := may_moderate(actor):
        return reason
    if actor.id == objection.by_id:
        return _("내가 한 반대에는 다른 운영자가 답해요.")
    return _("이미 답한 반대예요.") if objection.answered_at else None
