"""Permissions on trial elections: bringing them in, and seeing them. `trial` is the record."""

from civic_forum.accounts.policy import account_permission
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..policy import is_staff


@permission("budgets.read_trial")
def may_read_trial(actor, subject) -> str | None:
    """`subject` is (trial, whether the actor sits on a committee). Everybody once it is published."""
    trial, on_committee = subject
    if trial.published_at is not None or is_staff(actor) or (actor.is_authenticated and on_committee):
        return None
    return _("아직 공개하지 않은 모의 계산이에요. 참여예산위원과 담당자만 볼 수 있어요.")


@account_permission("budgets.import_trial")
def may_import_trial(actor, _subject=None) -> str | None:
    if not is_staff(actor):
        return _("운영자, 부서 담당자, 관리자만 모의 계산을 만들 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("budgets.publish_trial")
def may_publish_trial(actor, _trial) -> str | None:
    """Publish what was counted, take it back, delete what is not public."""
    return may_import_trial(actor)
