"""Permissions around draws."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.calls.judging.policy import may_handle
from civic_forum.calls.models import Call
from civic_forum.calls.rules import CallStage
from civic_forum.platform.i18n import _


@account_permission("draws.hold")
def may_hold(actor: Any, call: Call | None = None) -> str | None:
    """Make a list, commit to it, type values, pass somebody over: those who handle the call, from its close on."""
    if reason := may_handle(actor, call):
        return reason
    if call is not None and not call.is_by_lot and call.released_at is None:
        return _("추첨으로 정하는 모집이 아니에요.")
    is_over = call is None or call.stage in (CallStage.REVIEW, CallStage.DECIDED)
    return None if is_over else _("신청을 마감한 뒤에 할 수 있어요.")
