"""Outcomes as a kind of thing: found, told of."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.queries.people import works_here
from civic_forum.accounts.rules import Role
from civic_forum.blocks import kinds
from civic_forum.blocks.sharing import Day, Preview, Shared
from civic_forum.blocks.kinds import Attached, Kind, Searched, SearchResult, Told
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, day, local, won
from civic_forum.platform.rich_text import excerpt

from . import labels
from .models import Outcome
from .queries import listing, records
from .rules import Progress, promise, promises


def shown_in_search(outcome_ids: list[int]) -> dict[int, SearchResult]:
    return {outcome_id: SearchResult(
        url=f"/outcomes/{outcome_id}", word=str(labels.DECISION[outcome.decision]),
        about=(str(labels.about(outcome.subject)), outcome.department.name, day(outcome.decided_on)))
        for outcome_id, outcome in listing.of_ids(outcome_ids).items()}


def _told(outcome_ids: list[int], reader_id: int) -> sa.Select:
    """Outcomes as a reader may see them: what is still being written is named to the department that writes it."""
    theirs = works_here(reader_id, RoleGrant.role == Role.OFFICIAL, RoleGrant.department_id == Outcome.department_id)
    return sa.select(sa.literal("outcome"), Outcome.id, Outcome.title).where(
        Outcome.id.in_(outcome_ids), sa.or_(Outcome.published_at.is_not(None), theirs))


def _why_not_read(actor, outcome: Outcome) -> str | None:
    if outcome.published_at is not None or outcome.department_id in actor.department_ids():
        return None
    return str(records.missing())


def _sign(outcome: Any) -> str:
    """A tick for what is done alone."""
    if outcome.progress is Progress.DONE:
        return "outcomes"
    return "promised" if promises(outcome.decision, outcome.promised_on) else "answered"


def _until(outcome: Any, promised: date) -> str:
    """The promise as it was made, and whether its day has passed."""
    until, today = _("%(day)s까지 하기로 약속했어요.", day=day(promised)), local(clock.now()).date()
    how = labels.PROMISE[promise(promised, outcome.progress, outcome.reported_on, today)]
    return f"{until} {how}." if promised < today else until


def _preview(outcome_id: int) -> Preview | None:
    outcome = db.session.execute(sa.select(
        Outcome.id, Outcome.title, Outcome.reasons_html, Outcome.decision, Outcome.progress, Outcome.promised_on,
        Outcome.cost, Outcome.spent, Outcome.version, Outcome.published_at, Outcome.reported_on).where(
        Outcome.id == outcome_id, Outcome.published_at.is_not(None))).one_or_none()
    if outcome is None:
        return None
    promised = outcome.promised_on if outcome.progress is not Progress.DONE else None
    return Preview(
        name=str(outcome.id), url=f"/outcomes/{outcome.id}", title=outcome.title, text=excerpt(outcome.reasons_html),
        figure=str(labels.DECISION[outcome.decision]), sign=_sign(outcome),
        beside=labels.cost_of(outcome) if outcome.spent is None else _("%(won)s 씀", won=won(outcome.spent)),
        sentence=_until(outcome, promised) if promised else _("왜 그렇게 정했는지 읽어 보세요."),
        act=_("비추고 읽어 보기"), version=outcome.version, since=outcome.published_at,
        days=(Day("promise", _("약속한 날: %(title)s", title=outcome.title), promised),) if promised else ())


OUTCOME = kinds.register(Kind(
    "outcome", Outcome, label=_l("결과"), title=lambda outcome: outcome.title,
    url=lambda outcome: f"/outcomes/{outcome.id}", why_not_read=_why_not_read, missing=records.missing,
    named=kinds.numbered(Outcome),
    capabilities=(Searched(shown_in_search, place=70), Told(_told), Shared(place="outcomes", preview=_preview),
                  Attached(sets=records.PICTURES, why_not_read=_why_not_read))))
