"""Permissions on commitments."""


from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import same_person
from civic_forum.platform import settings
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from . import handing
from .rules import EntryState


@account_permission("commitments.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    return None if actor.department_ids() else _("부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("commitments.keep")
def may_keep(actor, commitment) -> str | None:
    """Permission to write entries: the lead department; every official while there is none."""
    if reason := may_see_desk(actor):
        return reason
    if commitment.department_id is None or commitment.department_id in actor.department_ids():
        return None
    return _("다른 부서가 맡은 약속이에요. 맡은 부서만 적을 수 있어요.")


@permission("commitments.open")
def may_open(actor, commitment) -> str | None:
    """Permission to see it at the desk: of those who keep it, and of the department to which an entry hands it."""
    if (reason := may_keep(actor, commitment)) is None or may_see_desk(actor) is not None:
        return reason
    own = actor.department_ids()
    handed = any(handing.receiver(commitment.department_id, entry) in own for entry in commitment.waiting_entries)
    return None if handed else reason


def _is_receiver(actor, entry) -> bool:
    return handing.receiver(entry.commitment.department_id, entry) in (None, *actor.department_ids())


@permission("commitments.decide")
def may_decide(actor, entry) -> str | None:
    """Permission to send an entry back: of both departments, where it hands the commitment over."""
    if reason := may_see_desk(actor):
        return reason
    if not _is_receiver(actor, entry) and (reason := may_keep(actor, entry.commitment)):
        return reason
    return None if entry.state is EntryState.WAITING else _("이미 승인했거나 되돌린 기록이에요.")


@permission("commitments.approve")
def may_approve(actor, entry) -> str | None:
    if reason := may_decide(actor, entry):
        return reason
    if handing.is_outdated(entry.commitment.department_id, entry):
        return _("적은 뒤에 맡은 부서가 바뀌었어요. 되돌린 뒤 지금 부서에서 다시 적어 주세요.")
    if not _is_receiver(actor, entry):
        return _("넘겨받는 부서의 담당자가 승인하면 그 부서로 넘어가요. 그때까지는 우리 부서의 약속이에요.")
    if needs_another() and entry.by is not None and same_person(actor, entry.by):
        return _("내가 적은 것은 같은 부서의 다른 담당자가 승인해요.")
    return None


def needs_another() -> bool:
    """True if an entry waits for a second official, by the settings of the site."""
    return bool(settings.value("ANSWERS_NEED_APPROVAL"))
