"""SELECTs of evaluations, grades, changes and recommendations."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from civic_forum.answers.models import Duty
from civic_forum.blocks.slugs import SLUG
from civic_forum.bodies.models import BodySeat, Membership
from civic_forum.blocks.seats import SeatWay
from civic_forum.commitments.models import Commitment
from civic_forum.forums.models import Forum
from civic_forum.meetings.models import Meeting
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, today

from .models import (ChangeVote, Evaluation, EvaluationConflict, EvaluationItem, Grade, Recommendation,
                     recommendation_commitment)
from .rules import RECOMMENDATION, Score, score

MOST_LISTED, MOST_CHANGES, MOST_RECOMMENDATIONS, MOST_MEETINGS, MOST_GRADES = 100, 60, 60, 60, 20_000


def missing() -> NotFound:
    return NotFound(_("이런 평가는 없어요. 목록에서 찾아보세요."))


def _whole() -> sa.Select[tuple[Evaluation]]:
    return sa.select(Evaluation).options(joinedload(Evaluation.body), joinedload(Evaluation.department))


def slugged(slug: str) -> Evaluation | None:
    return db.session.scalar(_whole().where(Evaluation.slug == slug)) if SLUG.fullmatch(slug) else None


def by_slug(slug: str) -> Evaluation:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def locked(evaluation_id: int, *, shared: bool = False) -> Evaluation:
    """Read again, and locked until the transaction ends; `shared` among those who grade. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Evaluation).filter_by(id=evaluation_id).with_for_update(
        of=Evaluation, read=shared).execution_options(populate_existing=True)), missing)


def listed() -> Sequence[Evaluation]:
    """Those that everybody sees, the latest first."""
    return db.session.scalars(_whole().where(Evaluation.opened_at.is_not(None)).order_by(
        Evaluation.begins_on.desc(), Evaluation.id).limit(MOST_LISTED)).all()


def at_desk(department_ids: Collection[int] | None) -> Sequence[Evaluation]:
    """Of these departments, or all; and those open in which any department asks for a change."""
    mine = [] if department_ids is None else [sa.or_(
        Evaluation.department_id.in_(department_ids),
        sa.and_(Evaluation.opened_at.is_not(None), Evaluation.released_at.is_(None)))]
    return db.session.scalars(_whole().where(*mine).order_by(Evaluation.id.desc()).limit(MOST_LISTED)).all()


def of_ids(ids: Collection[int]) -> dict[int, Evaluation]:
    """Those of these that everybody sees."""
    rows = db.session.scalars(sa.select(Evaluation).where(Evaluation.id.in_(ids), Evaluation.opened_at.is_not(None)))
    return {evaluation.id: evaluation for evaluation in rows}


def items(evaluation_id: int) -> Sequence[EvaluationItem]:
    """With their commitments, in the order in which they were chosen."""
    return db.session.scalars(sa.select(EvaluationItem).filter_by(evaluation_id=evaluation_id).options(
        joinedload(EvaluationItem.commitment).joinedload(Commitment.department)).order_by(EvaluationItem.id)).all()


def item(evaluation_id: int, commitment_id: int) -> EvaluationItem:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(EvaluationItem).filter_by(
        evaluation_id=evaluation_id, commitment_id=commitment_id).options(joinedload(EvaluationItem.commitment))),
        missing)


def commitments(ids: Collection[int]) -> Sequence[Commitment]:
    return db.session.scalars(sa.select(Commitment).where(Commitment.id.in_(ids)).order_by(Commitment.id)).all()


def meetings(evaluation: Evaluation) -> Sequence[Meeting]:
    """Of its body within its days, in their order; none that was cancelled."""
    return db.session.scalars(sa.select(Meeting).join(Meeting.forum).where(
        Meeting.body_id == evaluation.body_id, Meeting.starts_on >= evaluation.begins_on,
        Meeting.starts_on <= evaluation.ends_on, Forum.cancelled_because.is_(None)).options(
        contains_eager(Meeting.forum)).order_by(
        Meeting.starts_on, Meeting.id).limit(MOST_MEETINGS)).all()


def drawn(evaluation: Evaluation) -> int:
    """Members who came by lot."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Membership).join(Membership.seat).where(
        BodySeat.body_id == evaluation.body_id, BodySeat.votes, Membership.way == SeatWay.DRAW,
        Membership.begins <= evaluation.ends_on,
        sa.or_(Membership.until.is_(None), Membership.until >= evaluation.begins_on))) or 0


# Grades


@dataclass(frozen=True)
class Sheet:
    """An evaluation before a member: the own grades and conflicts, by item."""

    evaluation: Evaluation
    membership: Membership | None
    """On a seat that votes, today."""
    grades: dict[int, Grade]
    conflicts: dict[int, EvaluationConflict]

    def why_not(self, item: EvaluationItem) -> str | None:
        """Reason why this member does not grade a commitment."""
        user = self.membership.user if self.membership else None
        if item.id in self.conflicts:
            return _("이해관계로 빠진 약속이에요.")
        held = item.commitment
        if user is not None and (held.person_id == user.id or held.department_id in user.department_ids()):
            return _("내가 맡은 부서의 약속이라 매기지 않아요.")
        return None


def sheet(evaluation: Evaluation, actor: Any) -> Sheet:
    membership = None if evaluation.body_id is None or not actor.is_authenticated else db.session.scalar(
        sa.select(Membership).join(Membership.seat).where(
            BodySeat.body_id == evaluation.body_id, BodySeat.votes, Membership.user_id == actor.id,
            Membership.begins <= today(), sa.or_(Membership.until.is_(None), Membership.until >= today()))
        .options(joinedload(Membership.user)).order_by(Membership.id).limit(1))
    if membership is None:
        return Sheet(evaluation, None, {}, {})
    grades, conflicts = ({each.item_id: each for each in db.session.scalars(
        sa.select(model).join(EvaluationItem, EvaluationItem.id == model.item_id).where(
            EvaluationItem.evaluation_id == evaluation.id, model.membership_id.in_(memberships(actor.id)))
        .order_by(model.at))} for model in (Grade, EvaluationConflict))
    return Sheet(evaluation, membership, grades, conflicts)  # type: ignore[arg-type]


def memberships(user_id: int) -> sa.Select[Any]:
    """Ids of every seat of an account, also of one before: who changes seats is the same member."""
    return sa.select(Membership.id).where(Membership.user_id == user_id)


def number_of_graders(evaluation_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count(sa.distinct(Grade.membership_id))).join(
        EvaluationItem, EvaluationItem.id == Grade.item_id).where(EvaluationItem.evaluation_id == evaluation_id)) or 0


def scores(evaluation: Evaluation) -> dict[int, Score]:
    """Item → its grades; nothing before the release."""
    return _scores([evaluation], EvaluationItem.evaluation_id == evaluation.id).get(evaluation.id, {})


def _scores(evaluations: Sequence[Evaluation], condition: sa.ColumnElement[bool]) -> dict[int, dict[int, Score]]:
    """Evaluation → item → score, of what was released of these; sentences by their words, since in the order of their
    moments they would tell whoever reads the audit log who wrote each."""
    sheets: dict[tuple[int, int], list[tuple[list[int], str]]] = defaultdict(list)
    most = {evaluation.id: evaluation.points for evaluation in evaluations}
    rows = db.session.execute(sa.select(
        Evaluation.id, EvaluationItem.id, sa.cast(Grade.points, sa.Text), Grade.note).join_from(
        Evaluation, EvaluationItem).join(Grade, Grade.item_id == EvaluationItem.id).where(
        condition, Evaluation.released_at.is_not(None)).order_by(EvaluationItem.id, Grade.note, Grade.membership_id)
        .limit(MOST_GRADES)).all()
    every = json.loads(f"[{','.join(row[2] for row in rows)}]")  # once: a column of JSON is read row by row
    for (evaluation_id, item_id, _points, note), points in zip(rows, every, strict=True):
        sheets[evaluation_id, item_id].append((points, note))
    made: dict[int, dict[int, Score]] = defaultdict(dict)
    for (evaluation_id, item_id), rows_of_item in sheets.items():
        made[evaluation_id][item_id] = score(rows_of_item, most[evaluation_id])
    return made


def of_commitment(commitment_id: int) -> list[tuple[Evaluation, Score]]:
    """Released evaluations of a commitment, the latest first."""
    evaluations = db.session.scalars(_whole().join(EvaluationItem).where(
        EvaluationItem.commitment_id == commitment_id, Evaluation.released_at.is_not(None)).order_by(
        Evaluation.begins_on.desc()).limit(MOST_LISTED)).all()
    made = _scores(evaluations, EvaluationItem.commitment_id == commitment_id) if evaluations else {}
    return [(evaluation, score) for evaluation in evaluations for score in made.get(evaluation.id, {}).values()]


def of_user(user_id: int, model: Any) -> Sequence[Any]:
    """Grades or conflicts of an account."""
    return db.session.execute(sa.select(model, EvaluationItem.commitment_id).join(
        EvaluationItem, EvaluationItem.id == model.item_id).join(
        Membership, Membership.id == model.membership_id).where(Membership.user_id == user_id).order_by(
        model.item_id)).all()


def to_grade(user_id: int) -> Sequence[Evaluation]:
    """Evaluations in which this account grades now."""
    sits = sa.select(BodySeat.body_id).join(Membership, Membership.seat_id == BodySeat.id).where(
        BodySeat.votes, Membership.user_id == user_id, Membership.begins <= today(),
        sa.or_(Membership.until.is_(None), Membership.until >= today()))
    return db.session.scalars(sa.select(Evaluation).where(
        Evaluation.opened_at.is_not(None), Evaluation.released_at.is_(None), Evaluation.body_id.in_(sits)).order_by(
        Evaluation.id).limit(MOST_LISTED)).all()


# Changes and recommendations


def changes(condition: sa.ColumnElement[bool]) -> Sequence[ChangeVote]:
    return db.session.scalars(sa.select(ChangeVote).where(condition).options(
        joinedload(ChangeVote.commitment), joinedload(ChangeVote.department), joinedload(ChangeVote.evaluation))
        .order_by(ChangeVote.evaluation_id, ChangeVote.number).limit(MOST_CHANGES)).all()


def change(evaluation_id: int, number: int) -> ChangeVote:
    """Read again. Raises NotFound."""
    return existing(db.session.scalar(sa.select(ChangeVote).filter_by(
        evaluation_id=evaluation_id, number=number).execution_options(populate_existing=True)),
        lambda: NotFound(_("이런 질문은 없어요. 새로 고친 뒤 다시 찾아보세요.")))


def next_number(model: Any, evaluation_id: int) -> int:
    return (db.session.scalar(sa.select(sa.func.max(model.number)).filter_by(evaluation_id=evaluation_id)) or 0) + 1


CONFIRMED = Recommendation.confirmed_at.is_not(None)


def recommendations(*conditions: sa.ColumnElement[bool]) -> list[tuple[Recommendation, Duty | None]]:
    """With the duty to reply, and the reply."""
    rows = db.session.execute(sa.select(Recommendation, Duty).outerjoin(Duty, sa.and_(
        Duty.about_kind == RECOMMENDATION, Duty.about_id == Recommendation.id)).where(*conditions).options(
        selectinload(Recommendation.commitments), joinedload(Recommendation.evaluation), joinedload(Duty.later),
        joinedload(Duty.department)).order_by(Recommendation.evaluation_id, Recommendation.number).limit(
        MOST_RECOMMENDATIONS))
    return [(recommendation, duty) for recommendation, duty in rows]


def about(commitment_id: int) -> list[tuple[Recommendation, Duty | None]]:
    """Recommendations about a commitment."""
    return recommendations(CONFIRMED, Recommendation.id.in_(sa.select(
        recommendation_commitment.c.recommendation_id).where(
        recommendation_commitment.c.commitment_id == commitment_id)))


def numbered(evaluation_id: int, number: int) -> Recommendation:
    """Read again. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Recommendation).filter_by(
        evaluation_id=evaluation_id, number=number).execution_options(populate_existing=True)), missing)


def recommendation(recommendation_id: int) -> Recommendation:
    """Read again, and locked until the transaction ends. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Recommendation).filter_by(id=recommendation_id).with_for_update(
        of=Recommendation).execution_options(populate_existing=True)), missing)


def topics(ids: sa.Select[Any]) -> sa.Select[Any]:
    """Those with these ids, as lists of what is owed name them."""
    return sa.select(Recommendation.id, Recommendation.text.label("title"), sa.literal(0).label("support_count"),
                     (sa.literal("/evaluations/") + Evaluation.slug).label("url")).join(
        Recommendation.evaluation).where(Recommendation.id.in_(ids))


def members(recommendation: Recommendation) -> sa.Select[Any]:
    """Ids of those who recommended it: members of the body with an account."""
    return sa.select(Membership.user_id).join(Membership.seat).join(
        Evaluation, Evaluation.body_id == BodySeat.body_id).where(
        Evaluation.id == recommendation.evaluation_id, Membership.user_id.is_not(None))
