"""Outcomes as a kind of thing: found, told of."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.queries.people import works_here
from civic_forum.accounts.rules import Role
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, SearchResult
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l, day, local, won
from civic_forum.platform.rich_text import text_of

from . import labels
from .models import Outcome
from .queries import listing, records
from .rules import Progress, promise, promises


def _why_not_read(actor, outcome: Outcome) -> str | None:
    if outcome.published_at is not None or outcome.department_id in actor.department_ids():
        return None
    return str(records.missing())


def _words(outcome: Outcome) -> str:
    return " ".join([text_of(outcome.reasons_html), text_of(outcome.what_follows_html),
                     *(f"{title} {text}" for title, text in outcome.documents)])


PUBLIC = Public(
    kind="outcome", model=Outcome, label=_l("결과"), place="outcomes", name=Outcome.id, title=Outcome.title,
    text=Outcome.reasons_html, words=_words, since=Outcome.published_at, why_not_read=_why_not_read,
    missing=records.missing, named=kinds.numbered(Outcome))


def _hit(outcome: Outcome) -> SearchResult:
    return SearchResult(PUBLIC.url(outcome), word=str(labels.DECISION[outcome.decision]), about=(
        str(labels.about(outcome.subject)), outcome.department.name, day(outcome.decided_on)))


def _theirs(reader_id: int) -> sa.ColumnElement[bool]:
    """A text that is still being written is named to the department that writes it."""
    return works_here(reader_id, RoleGrant.role == Role.OFFICIAL, RoleGrant.department_id == Outcome.department_id)


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


def _preview(outcome: sa.Row, begin: Callable[..., Preview]) -> Preview:
    promised = outcome.promised_on if outcome.progress is not Progress.DONE else None
    return begin(
        figure=str(labels.DECISION[outcome.decision]), sign=_sign(outcome),
        beside=labels.cost_of(outcome) if outcome.spent is None else _("%(won)s 씀", won=won(outcome.spent)),
        sentence=_until(outcome, promised) if promised else _("왜 그렇게 정했는지 읽어 보세요."),
        act=_("비추고 읽어 보기"),
        days=(Day("promise", _("약속한 날: %(title)s", title=outcome.title), promised),) if promised else ())


OUTCOME = PUBLIC.register(
    PUBLIC.searched(listing.of_ids, _hit, place=70), PUBLIC.told(_theirs),
    PUBLIC.shared(_preview, Outcome.decision, Outcome.progress, Outcome.promised_on, Outcome.cost, Outcome.spent,
                  Outcome.reported_on),
    Attached(sets=records.PICTURES, why_not_read=_why_not_read))
