"""Permission to let something follow the decision of a call."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.platform.i18n import _

from ..judging.policy import may_handle
from ..models import Call
from ..rules import CallKind


@account_permission("calls.follow")
def may_follow(actor: Any, call: Call | None = None) -> str | None:
    """Propose seats, or give places, to who was chosen: those who decided."""
    if reason := may_handle(actor, call):
        return reason
    if call is None or call.decided_at is not None and call.kind in (CallKind.SEATS, CallKind.PARTICIPANTS):
        return None
    return _("결과가 나온 위원, 참여자 모집만 할 수 있어요.")
