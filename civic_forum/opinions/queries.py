"""SELECTs of consultations."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import Affiliation
from civic_forum.accounts.rules import Verification
from civic_forum.blocks import listing
from civic_forum.blocks.listing import MOMENT, NOW, NUMBER, Filter, Listing, Order
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l

from . import labels, rules
from .models import Consultation, OpinionMap, Participant, Response, Statement
from .rules import Stage, StatementState


def missing() -> NotFound:
    return NotFound(_("이런 물음은 없어요. 주소를 다시 확인하거나 목록에서 찾아보세요."))


def slugged(slug: str) -> Consultation | None:
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalar(sa.select(Consultation).filter_by(slug=slug).options(
        joinedload(Consultation.department), selectinload(Consultation.neighbourhoods)))


def by_slug(slug: str) -> Consultation:
    """Raises NotFound."""
    if (found := slugged(slug)) is None:
        raise missing()
    return found


def locked(consultation_id: int) -> Consultation:
    """Read again, and locked until the transaction ends. Raises NotFound."""
    found = db.session.scalar(sa.select(Consultation).filter_by(id=consultation_id).with_for_update(of=Consultation)
                              .execution_options(populate_existing=True))
    if found is None:
        raise missing()
    return found


def read_again(consultation_id: int) -> Consultation:
    """As it is now; nobody edits it until the transaction ends. Raises NotFound."""
    found = db.session.scalar(sa.select(Consultation).filter_by(id=consultation_id).with_for_update(
        read=True, of=Consultation).execution_options(populate_existing=True))
    if found is None:
        raise missing()
    return found


def statement(consultation_id: int, number: int) -> Statement:
    """Raises NotFound."""
    found = db.session.scalar(sa.select(Statement).filter_by(consultation_id=consultation_id, number=number))
    if found is None:
        raise NotFound(_("이런 의견은 없어요."))
    return found


def statements(consultation_id: int) -> list[Statement]:
    """All of them, in their order."""
    return list(db.session.scalars(
        sa.select(Statement).filter_by(consultation_id=consultation_id).order_by(Statement.number)))


def asked() -> sa.ColumnElement[bool]:
    """True for statements that people are asked now (`Statement.is_asked`)."""
    return sa.and_(Statement.state == StatementState.PUBLISHED, Statement.hidden_at.is_(None),
                   Statement.same_as_id.is_(None))


def affiliated_with(user_id: int) -> frozenset[int]:
    """Neighbourhoods where somebody is verified to live, work or study."""
    return frozenset(db.session.scalars(sa.select(Affiliation.neighbourhood_id).where(
        Affiliation.user_id == user_id, Affiliation.how != Verification.DECLARED)))


def participant(consultation_id: int, marks: Collection[bytes]) -> dict[bytes, Participant]:
    """Those behind these marks."""
    rows = db.session.scalars(sa.select(Participant).where(
        Participant.consultation_id == consultation_id, Participant.mark.in_(list(marks))))
    return {one.mark: one for one in rows}


def answers_of(participant_id: int) -> dict[int, int]:
    """Statement number → answer."""
    rows = db.session.execute(
        sa.select(Statement.number, Response.value).join(Statement, Statement.id == Response.statement_id)
        .where(Response.participant_id == participant_id))
    return {row.number: row.value for row in rows}


def asked_numbers(consultation_id: int) -> list[int]:
    """Numbers of the statements that people are asked now."""
    return list(db.session.scalars(
        sa.select(Statement.number).where(Statement.consultation_id == consultation_id, asked())
        .order_by(Statement.number)))


def priorities(consultation_id: int) -> dict[int, float]:
    """Weights of statements in the draw of the next one, by the latest result."""
    kept = db.session.scalar(sa.select(OpinionMap.kept).filter_by(consultation_id=consultation_id)
                             .order_by(OpinionMap.number.desc()).limit(1))
    return {int(number): weight for number, weight in ((kept or {}).get("priority") or {}).items()}


def counted(consultation_id: int, by: sa.ColumnElement[Any] | Any) -> dict[Any, int]:
    """People in the latest result by a column of theirs."""
    rows = db.session.execute(sa.select(by, sa.func.count()).where(
        Participant.consultation_id == consultation_id, Participant.is_counted).group_by(by))
    return {row[0]: row[1] for row in rows}


def latest_map(consultation_id: int) -> OpinionMap | None:
    return db.session.scalar(sa.select(OpinionMap).filter_by(consultation_id=consultation_id)
                             .order_by(OpinionMap.number.desc()).limit(1))


def answerers(consultation_id: int) -> int:
    """People who have answered something."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Participant).where(
        Participant.consultation_id == consultation_id, Participant.answers > 0)) or 0


def own_statements(consultation_id: int, user_id: int) -> list[Statement]:
    """Statements that somebody wrote, the newest first."""
    return list(db.session.scalars(sa.select(Statement).filter_by(
        consultation_id=consultation_id, author_id=user_id).order_by(Statement.number.desc())))


def waiting(consultation_id: int) -> list[Statement]:
    """Statements that wait for a moderator, the oldest first."""
    return list(db.session.scalars(sa.select(Statement).filter_by(
        consultation_id=consultation_id, state=StatementState.WAITING).order_by(Statement.number)))


@dataclass(frozen=True)
class Card:
    """A consultation as a list shows it."""

    consultation: Consultation
    stage: Stage
    statements: int
    answerers: int


def _base() -> sa.Select[Any]:
    count = sa.select(sa.func.count()).select_from(Statement).where(
        Statement.consultation_id == Consultation.id, asked()).correlate(Consultation).scalar_subquery()
    people = sa.select(sa.func.count()).select_from(Participant).where(
        Participant.consultation_id == Consultation.id, Participant.answers > 0).correlate(
        Consultation).scalar_subquery()
    return sa.select(Consultation, count, people).options(joinedload(Consultation.department))


def _of_stage(stage: Stage, now: Any) -> sa.ColumnElement[bool]:
    """`rules.stage` as a condition."""
    return {
        Stage.ANNOUNCED: Consultation.opens_at > now,
        Stage.OPEN: sa.and_(Consultation.opens_at <= now, Consultation.closes_at > now),
        Stage.CLOSED: Consultation.closes_at <= now,
    }[stage]


PUBLIC = (Stage.OPEN, Stage.ANNOUNCED, Stage.CLOSED)
_RANK = sa.case((_of_stage(Stage.OPEN, NOW), 0), (_of_stage(Stage.ANNOUNCED, NOW), 1), else_=2).label("rank")
CONSULTATIONS = listing.declare(Listing(
    "consultations", lambda: _base().where(Consultation.announced_at.is_not(None)).add_columns(_RANK),
    endpoint="opinions.show_list",
    filters=(Filter("stage", _l("단계"), None, {stage: labels.STAGE[stage] for stage in PUBLIC},
                    cases={stage: _of_stage(stage, NOW) for stage in PUBLIC}),),
    orders=(Order("stage", None, (_RANK.element, Consultation.closes_at.desc(), Consultation.id.desc()),
                  (NUMBER, MOMENT, NUMBER),
                  lambda row: (row.rank, row.Consultation.closes_at, row.Consultation.id)),)))
EVERYTHING = listing.declare(Listing(
    "desk consultations", _base,
    (Order("closes", None, (Consultation.closes_at.desc(), Consultation.id.desc())),)))
"""For the desk: also those in preparation."""


def cards(rows: Iterable[Any], now: datetime) -> list[Card]:
    return [Card(one, rules.stage(one.announced_at, one.opens_at, one.closes_at, now), count, people)
            for one, count, people, *_rank in rows]


def of_ids(ids: Collection[int], now: datetime) -> Mapping[int, Card]:
    """Those of these that everybody sees."""
    rows = db.session.execute(_base().where(Consultation.id.in_(ids), Consultation.announced_at.is_not(None)))
    return {card.consultation.id: card for card in cards(rows, now)}


def open_now(now: datetime) -> list[Card]:
    """Those that one can answer now, the one that closes first in front."""
    return cards(db.session.execute(_base().where(
        Consultation.announced_at.is_not(None), Consultation.opens_at <= now, Consultation.closes_at > now)
        .order_by(Consultation.closes_at, Consultation.id).limit(5)), now)
