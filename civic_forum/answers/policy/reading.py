"""Permissions to see the office's side of a proposal: the case, drafts, notes, replies, contacts."""

from civic_forum.accounts.policy import needs_account
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .case import is_moderator, is_of


@permission("answers.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    if reason := needs_account(actor):
        return reason
    if is_moderator(actor) or actor.department_ids():
        return None
    return _("운영자와 부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("answers.see_case")
def may_see_case(actor, case) -> str | None:
    """Moderators, the departments that work or worked on it, and every official while nobody does."""
    if reason := may_see_desk(actor):
        return reason
    if is_moderator(actor) or case.lead is None:
        return None
    if actor.department_ids() & {one.department_id for one in case.assignments}:
        return None
    return _("다른 부서가 맡은 제안이에요. 내부 기록은 맡은 부서만 봐요.")


@permission("answers.see_drafts")
def may_see_drafts(actor, case) -> str | None:
    """Permission to see drafts: what is not public yet stays inside the department that writes it."""
    return needs_account(actor) or (None if case.lead and is_of(actor, case.lead.department_id)
                                     else _("쓰는 중인 답변은 맡은 부서만 봐요."))


@permission("answers.see_note")
def may_see_note(actor, noted) -> str | None:
    """Permission to see notes between offices: moderators, those who work on it now, and whoever it was written by or
    to. `noted` is the case and the assignment."""
    case, assignment = noted
    if reason := needs_account(actor):
        return reason
    if is_moderator(actor) or actor.department_ids() & {one.department_id for one in (*case.at_work, assignment)}:
        return None
    return _("다른 부서가 맡은 제안이에요. 내부 기록은 맡은 부서만 봐요.")


@permission("answers.see_replies")
def may_see_replies(actor, case) -> str | None:
    """Permission to see what completes a proposal: for the department that answers, and for moderators."""
    if reason := needs_account(actor):
        return reason
    if is_moderator(actor) or (case.lead is not None and is_of(actor, case.lead.department_id)):
        return None
    return _("다른 부서가 맡은 제안이에요. 내부 기록은 맡은 부서만 봐요.")


@permission("answers.see_contact")
def may_see_contact(actor, case) -> str | None:
    """Real name and contact, for those who work on the formal proposal."""
    if reason := needs_account(actor):
        return reason
    if case.lead is None or not is_of(actor, case.lead.department_id):
        return _("이 제안을 맡은 부서의 담당자만 볼 수 있어요.")
    if case.filing is None or case.filing.name_sealed is None:
        return _("이름과 연락처가 없는 제안이에요.")
    return None
