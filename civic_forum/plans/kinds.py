"""Plans as a kind of thing that the search finds, and their actions as what commitments came from."""

from typing import Any

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Kind, SearchResult
from civic_forum.blocks.public import Public
from civic_forum.platform.i18n import _l

from . import labels, policy, queries
from .models import Plan, PlanAction
from .rules import VersionState


def _words(plan: Plan) -> str:
    return " ".join(action.title for action in plan.current.actions) if plan.current else ""


PUBLIC = Public(
    kind="plan", model=Plan, label=_l("계획"), place="plans", name=Plan.slug, title=Plan.title, since=Plan.public_at,
    words=_words, why_not_read=policy.may_read, missing=queries.missing, named=queries.slugged)


def _hit(plan: Plan) -> SearchResult:
    return PUBLIC.hit(plan.slug, labels.KIND[plan.kind], str(plan.year))


PLAN = PUBLIC.register(PUBLIC.searched(queries.of_ids, _hit, place=76))


def _why_not_read(actor: Any, action: PlanAction) -> str | None:
    is_draft = action.version.state is VersionState.DRAFT
    return (policy.may_prepare if is_draft else policy.may_read)(actor, action.version.plan)


ACTION = kinds.register(Kind(
    PlanAction.__tablename__, PlanAction, label=_l("실행과제"), title=lambda action: action.title,
    url=lambda action: f"/plans/{action.version.plan.slug}/{action.version.number}#{action.key}",
    why_not_read=_why_not_read, missing=queries.missing))
