"""Permissions around courses."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.calls.judging.policy import may_handle
from civic_forum.calls.models import Call
from civic_forum.calls.policy import may_prepare
from civic_forum.calls.rules import CallKind
from civic_forum.platform.i18n import _


@account_permission("courses.hold")
def may_hold(actor: Any, call: Call | None = None) -> str | None:
    """Name sessions, give places, note who came, print certificates: those who handle the call,
    and before its announcement those who prepare it."""
    is_prepared = call is not None and call.announced_at is None
    if reason := (may_prepare if is_prepared else may_handle)(actor, call):
        return reason
    return None if call is None or call.kind is CallKind.COURSE else _("교육 모집이 아니에요.")


@account_permission("courses.finish")
def may_finish(_actor: Any, _call: Call | None = None) -> None:
    """Take a certificate of one's own application."""
