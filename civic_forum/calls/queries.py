"""SELECTs of calls and applications."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing, questions
from civic_forum.blocks.filters import NOW, Filter
from civic_forum.blocks.first_page import MOST_AHEAD, open_among
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import MOMENT, NUMBER, Order
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import AnswerSheet, Question, QuestionType, Reader
from civic_forum.platform.statements import made_once

from . import labels
from .models import Call, CallApplication, CallConflict, CallJuror, CallScore, CallTime
from .rules import KIND, ApplicationState, CallKind

MOST_CURRENT, MOST_TIMES, MOST_AT_DESK = 5, 20, 200


def missing() -> NotFound:
    return NotFound(_("이런 모집은 없어요. 목록에서 찾아보세요."))


def known(slug: str) -> Call | None:
    return db.session.scalar(sa.select(Call).filter_by(slug=slug))


def slugged(slug: str) -> Call:
    """Raises NotFound."""
    return existing(known(slug), missing)


def locked(call_id: int, *, shared: bool = False) -> Call:
    """The call read again under its lock; `shared` by all who begin or hand in an application. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Call).filter_by(id=call_id).with_for_update(read=shared, of=Call)
                                      .execution_options(populate_existing=True)), missing)


def questions_of(call: Call) -> list[Question]:
    return questions.of(KIND, call.id)


def public_questions(call_id: int) -> Sequence[Any]:
    """Rows of those whose answers everybody reads."""
    return db.session.execute(sa.select(*Question.__table__.columns).filter_by(
        about_kind=KIND, about_id=call_id, reader=Reader.PUBLIC).order_by("number").limit(questions.MOST)).all()


def courses() -> dict[int, str]:
    """Titles of the last ones that promise hours, for calls that ask for some."""
    rows = db.session.execute(sa.select(Call.id, Call.title).where(
        Call.kind == CallKind.COURSE, Call.announced_at.is_not(None), Call.hours.is_not(None)).order_by(
        Call.id.desc()).limit(MOST_AT_DESK))
    return dict(row.t for row in rows)


def lot_questions(call: Call) -> list[Question]:
    """Those whose answers can put somebody into a lot: of one option, sealed, answered by everybody."""
    return [question for question in call.questions if question.type is QuestionType.CHOICE and question.needed
            and question.reader is Reader.SEALED]


def proposed_close(call_id: int, *, needed: bool = False) -> CallTime | None:
    """The new close that waits for a second person. Raises NotFound where one is needed."""
    waiting = db.session.scalar(sa.select(CallTime).filter_by(call_id=call_id, confirmed_at=None).limit(1))
    return existing(waiting, missing) if needed else waiting


def moved_closes(call_id: int) -> Sequence[CallTime]:
    """Those that were confirmed, the latest first."""
    return db.session.scalars(sa.select(CallTime).where(
        CallTime.call_id == call_id, CallTime.confirmed_at.is_not(None)).order_by(CallTime.id.desc()).limit(
        MOST_TIMES)).all()


_RANK = sa.case((sa.and_(Call.opens_at <= NOW, Call.closes_at > NOW), 0), (Call.opens_at > NOW, 1),
                else_=2).label("rank")
_KINDS = Filter("kind", _l("종류"), Call.kind, {kind: labels.KIND[kind] for kind in CallKind})
CALLS = listing.declare(Listing(
    "calls", lambda: sa.select(Call, _RANK).where(Call.announced_at.is_not(None)), endpoint="calls.show_list",
    filters=(_KINDS,), size=50,
    orders=(Order("stage", None, (_RANK.element, Call.closes_at, Call.id), (NUMBER, MOMENT, NUMBER),
                  lambda row: (row.rank, row.Call.closes_at, row.Call.id)),),
    moments=(Call.opens_at, Call.closes_at)))
"""Order of the list: open ones, the next close in front, then those that open, then the past."""


def of_departments(departments: Collection[int] | None) -> Sequence[Call]:
    """Those that these departments hold, or all, the newest first, those in preparation too."""
    calls = sa.select(Call).options(joinedload(Call.department)).order_by(Call.id.desc()).limit(MOST_AT_DESK)
    return db.session.scalars(calls if departments is None else calls.where(Call.department_id.in_(departments))).all()


def juries_of(user_id: int) -> Sequence[CallJuror]:
    """Juries on which somebody sits or sat."""
    return db.session.scalars(sa.select(CallJuror).filter_by(user_id=user_id).order_by(CallJuror.id)).all()


def to_score(staff: Any) -> sa.Select[Any]:
    """For the desk: calls of which this juror still owes points."""
    scored, conflict = (sa.exists().where(model.application_id == CallApplication.id, model.juror_id == staff.id)
                        for model in (CallScore, CallConflict))
    owed = sa.exists().where(CallApplication.call_id == Call.id, CallApplication.state == ApplicationState.RECEIVED,
                             ~scored, ~conflict)
    return sa.select(Call.id, Call.scores_until, Call.slug, Call.title, sa.cast(sa.null(), sa.Text)).join(
        CallJuror, CallJuror.about_id == Call.id).where(
        CallJuror.user_id == staff.id, Call.scoring_at.is_not(None), Call.released_at.is_(None),
        Call.scores_until >= staff.today, owed)


def of_ids(ids: Collection[int]) -> Mapping[int, Call]:
    """Those of these that everybody sees."""
    calls = db.session.scalars(sa.select(Call).where(
        Call.id.in_(ids), Call.announced_at.is_not(None)).limit(MOST_AT_DESK))
    return {call.id: call for call in calls}


def lapsed(closed_before: datetime) -> Sequence[Call]:
    """Those that closed before this moment, were never decided, and of which no answer has a day yet."""
    waits = sa.exists().where(
        AnswerSheet.about_kind == KIND, AnswerSheet.about_id == Call.id, AnswerSheet.over_on.is_(None))
    return db.session.scalars(sa.select(Call).where(
        Call.decided_at.is_(None), Call.closes_at <= closed_before, waits).limit(MOST_CURRENT)).all()


def open_now(now: datetime) -> Sequence[Call]:
    """Those for which one can apply now, the one that closes first in front."""
    there = db.session.scalars(_not_over(), {"now": clock.plain(now)}).all()
    return open_among(there, now)[:MOST_CURRENT]


@made_once
def _not_over() -> sa.Select[Any]:
    return sa.select(Call).where(Call.announced_at.is_not(None), Call.closes_at > NOW).order_by(
        Call.closes_at, Call.id).limit(MOST_AHEAD)


def noted_by(juror_id: int, model: Any) -> Sequence[Any]:
    """Own data of a juror: scores or conflicts."""
    return db.session.scalars(sa.select(model).filter_by(juror_id=juror_id).order_by(model.application_id)).all()


def has_reserve(call_id: int, place: int, *, but: int) -> bool:
    """True if another application has this place in the reserve."""
    return bool(db.session.scalar(sa.select(sa.exists().where(
        CallApplication.call_id == call_id, CallApplication.reserve_place == place, CallApplication.id != but))))
