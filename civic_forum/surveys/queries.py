"""SELECTs of surveys."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks import listing, questions
from civic_forum.blocks.filters import NOW
from civic_forum.blocks.first_page import MOST_AHEAD, open_among
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.question_rows import AnswerSheet, Question
from civic_forum.platform.statements import made_once

from .models import Survey, SurveyAnswer, SurveyLetter, SurveyMark
from .rules import KIND, Way

MOST_NOW, MOST_SHEETS = 5, 100


def missing() -> NotFound:
    return NotFound(_("이런 설문은 없어요. 목록에서 찾아보세요."))


def slugged(slug: str) -> Survey | None:
    return db.session.scalar(sa.select(Survey).filter_by(slug=slug)) if SLUG.fullmatch(slug) else None


def by_slug(slug: str) -> Survey:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def locked(survey_id: int, *, shared: bool = False) -> Survey:
    """The survey read again under its lock; `shared` by all who answer. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Survey).filter_by(id=survey_id).with_for_update(read=shared, of=Survey)
                                      .execution_options(populate_existing=True)), missing)


_LATEST = (Order("closes", None, (Survey.closes_at.desc(), Survey.id.desc())),)
ANNOUNCED = listing.declare(Listing("surveys", lambda: sa.select(Survey).where(Survey.announced_at.is_not(None)),
                                    _LATEST))
EVERYTHING = listing.declare(Listing("desk surveys", lambda: sa.select(Survey), _LATEST))


def questions_of(survey: Survey) -> list[Question]:
    return questions.of(KIND, survey.id)


def open_now(now: datetime) -> Sequence[Survey]:
    there = db.session.scalars(_not_over(), {"now": clock.plain(now)}).all()
    return open_among(there, now)[:MOST_NOW]


@made_once
def _not_over() -> sa.Select:
    return sa.select(Survey).where(Survey.announced_at.is_not(None), Survey.closes_at > NOW).order_by(
        Survey.closes_at, Survey.id).limit(MOST_AHEAD)


def of_ids(ids: Collection[int]) -> Mapping[int, Survey]:
    """Those of these that everybody sees."""
    rows = db.session.scalars(sa.select(Survey).where(Survey.id.in_(ids), Survey.announced_at.is_not(None)))
    return {survey.id: survey for survey in rows}


def unpublished() -> Sequence[Survey]:
    """Surveys whose marks are kept."""
    return db.session.scalars(sa.select(Survey).where(
        Survey.announced_at.is_not(None), Survey.published_at.is_(None)).order_by(Survey.id)).all()


def has(model: type[SurveyMark | SurveyLetter], survey_id: int, marks: Collection[bytes]) -> bool:
    """True if one of these is there."""
    return bool(db.session.scalar(sa.select(sa.exists().where(model.survey_id == survey_id, model.mark.in_(marks)))))


def number_of(model: Any, survey_id: int) -> int:
    """Rows of a survey in this table: letters or answers."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).filter_by(survey_id=survey_id)) or 0


def sheets(survey_id: int) -> Sequence[sa.Row[tuple[Way, AnswerSheet]]]:
    """Answers of a survey that are counted, with their ways."""
    return db.session.execute(sa.select(SurveyAnswer.way, AnswerSheet).join(
        AnswerSheet, AnswerSheet.submission_id == SurveyAnswer.submission_id).where(
        SurveyAnswer.survey_id == survey_id, SurveyAnswer.paper.is_(None))).all()


def typed_once(survey_id: int) -> Sequence[SurveyAnswer]:
    """Sheets of paper that nobody else has typed yet, in their order."""
    return db.session.scalars(sa.select(SurveyAnswer).where(
        SurveyAnswer.survey_id == survey_id, SurveyAnswer.paper.is_not(None)).order_by(SurveyAnswer.paper)
        .limit(MOST_SHEETS)).all()


def typed_before(survey_id: int, paper: int) -> SurveyAnswer | None:
    return db.session.scalar(sa.select(SurveyAnswer).filter_by(survey_id=survey_id, paper=paper))
