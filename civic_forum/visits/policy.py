"""Permissions around requests for a visit."""

from dataclasses import dataclass
from typing import Any

from civic_forum.accounts.policy import account_permission, is_moderator, why_muted
from civic_forum.platform.i18n import _

from .models import VisitRequest


@dataclass(frozen=True)
class AskedOf:
    """A request, and the departments that hold visits."""

    request: VisitRequest
    holders: frozenset[int]


@account_permission("visits.ask")
def may_ask(actor: Any, _subject: object = None) -> str | None:
    """Ask for a visit: everybody with an account who may write."""
    return why_muted(actor)


@account_permission("visits.answer")
def may_answer(actor: Any, asked: AskedOf | None = None) -> str | None:
    """Say yes or no: officials of a department that holds visits, clerks of the neighbourhood, moderators. Without a
    request: any."""
    departments, places = actor.department_ids(), actor.neighbourhood_ids()
    if is_moderator(actor) or (bool(departments or places) if asked is None else (
            asked.request.neighbourhood_id in places or bool(asked.holders & departments))):
        return None
    return _("찾아가는 날을 여는 부서와 그 동의 담당자만 답할 수 있어요.")
