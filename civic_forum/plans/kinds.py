"""Plans as a kind of thing that the search finds, their versions as what stands for a step of a year's series, and
their actions as what commitments came from."""

import re
from typing import Any

from civic_forum.blocks import kinds, pickers
from civic_forum.blocks.kinds import Answerable, Kind, Ref, SearchResult
from civic_forum.blocks.pickers import Choice, Pickable
from civic_forum.blocks.public import Public
from civic_forum.platform.i18n import _l

from . import labels, policy, queries
from .models import Plan, PlanAction, PlanVersion
from .rules import ACTIONS_SHOWN, VersionState


def _words(plan: Plan) -> str:
    return " ".join(action.title for action in plan.current.actions) if plan.current else ""


PUBLIC = Public(
    kind="plan", model=Plan, label=_l("계획"), place="plans", name=Plan.slug, title=Plan.title, since=Plan.public_at,
    words=_words, why_not_read=policy.may_read, missing=queries.missing, named=queries.slugged)


def _hit(plan: Plan) -> SearchResult:
    return PUBLIC.hit(plan.slug, labels.KIND[plan.kind], str(plan.year))


PLAN = PUBLIC.register(PUBLIC.searched(queries.of_ids, _hit, place=76))


def _page(action: PlanAction) -> str:
    """End of the address of the page on which it stands."""
    page = (action.number - 1) // ACTIONS_SHOWN + 1
    return f"?page={page}" if page > 1 else ""


def _why_not_read(actor: Any, version: PlanVersion) -> str | None:
    is_draft = version.state is VersionState.DRAFT
    if is_draft and not actor.is_authenticated:
        return str(queries.missing())
    return (policy.may_prepare if is_draft else policy.may_read)(actor, version.plan)


def _title(version: PlanVersion) -> str:
    return f"{version.plan.title}: {version.label}" if version.label else version.plan.title


def _choice(version: PlanVersion) -> Choice:
    return Choice(f"{version.plan.slug}/{version.number}", _title(version), str(labels.STATE[version.state]))


def _search(actor: Any, text: str, limit: int, _within: str) -> list[Choice]:
    fits = pickers.has_words(text, Plan.title, Plan.slug)
    return [_choice(version) for version in queries.latest_versions(limit, fits) if not _why_not_read(actor, version)]


def _find(actor: Any, text: str, _within: str) -> Choice | None:
    version = queries.named_version(text)
    return _choice(version) if version and not _why_not_read(actor, version) else None


pickers.register(Pickable(PlanVersion.__tablename__, _l("계획"), ("plans.prepare", "series.prepare"), _search, _find,
                          "/plans/", re.compile(r"[\w-]+(?:/\d{1,3})?")))
VERSION = kinds.register(Kind(
    PlanVersion.__tablename__, PlanVersion, label=_l("계획"), title=_title,
    url=lambda version: f"/plans/{version.plan.slug}/{version.number}", why_not_read=_why_not_read,
    missing=queries.missing, named=queries.named_version))
ACTION = kinds.register(Kind(
    PlanAction.__tablename__, PlanAction, label=_l("실행과제"), title=lambda action: action.title,
    url=lambda action: f"/plans/{action.version.plan.slug}/{action.version.number}{_page(action)}#{action.key}",
    why_not_read=lambda actor, action: _why_not_read(actor, action.version), missing=queries.missing,
    capabilities=(Answerable(topics=queries.topics, locked=queries.locked_action,
                             told_about=lambda action: Ref("plan", action.version.plan_id)),)))
