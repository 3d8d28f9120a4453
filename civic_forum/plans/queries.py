"""Plans as they stand: lists, one with its versions, commitments of its actions, things that may have decided it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.ballots.models import BallotBox
from civic_forum.blocks.kinds import Ref
from civic_forum.bodies.models import Body
from civic_forum.budgets.models import BudgetPhase, BudgetRound, Envelope
from civic_forum.budgets.rules import Phase
from civic_forum.commitments.models import Commitment, CommitmentOrigin
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.forums.models import Forum
from civic_forum.meetings.models import Meeting, MeetingItem
from civic_forum.meetings.rules import PASSED
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.plain_text import number as number_of
from civic_forum.polls.models import Poll

from .models import Plan, PlanAction, PlanVersion
from .rules import ACTIONS_SHOWN, MOST_ACTIONS, Action, VersionState

MOST_PLANS, MOST_DECIDERS = 300, 20
IS_REACHED = sa.and_(BallotBox.published_at.is_not(None), ~BallotBox.result.contains('"quorum":0'))
"""Condition of a box that is published and missed no quorum, by its canonical JSON: without one nothing is decided."""


def missing() -> NotFound:
    return NotFound(_("이런 계획은 없어요. 계획 목록에서 찾아보세요."))


def slugged(slug: str) -> Plan | None:
    return db.session.scalar(_whole().where(Plan.slug == slug))


def of_ids(ids: Sequence[int]) -> dict[int, Plan]:
    return {plan.id: plan for plan in db.session.scalars(sa.select(Plan).where(Plan.id.in_(ids)))}


def _whole() -> sa.Select[Any]:
    return sa.select(Plan).options(selectinload(Plan.versions), joinedload(Plan.department), joinedload(Plan.body),
                                   joinedload(Plan.neighbourhood)).execution_options(populate_existing=True)


def plan(slug: str) -> Plan:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def locked(slug: str) -> Plan:
    """Read again with its versions, and locked until the transaction ends. Raises NotFound."""
    existing(db.session.scalar(sa.select(Plan.id).where(Plan.slug == slug).with_for_update()), missing)
    return plan(slug)


def version_of(plan: Plan, number: int) -> PlanVersion:
    """Raises NotFound."""
    return existing(next((version for version in plan.versions if version.number == number), None), missing)


def named_version(name: str) -> PlanVersion | None:
    """The one of `slug/number`, or the latest of `slug`."""
    slug, slash, number = name.partition("/")
    return db.session.scalar(_versions(Plan.slug == slug, *(
        [PlanVersion.number == (number_of(number, digits=9) or 0)] if slash else [])).limit(1))


def latest_versions(limit: int, *which: sa.ColumnElement[bool]) -> Sequence[PlanVersion]:
    return db.session.scalars(_versions(*which).limit(limit)).all()


def _versions(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(PlanVersion).join(Plan).where(*which).options(joinedload(PlanVersion.plan)).order_by(
        PlanVersion.id.desc())


def locked_action(action_id: int) -> PlanAction:
    """Under the lock of its plan. Raises NotFound."""
    action = existing(db.session.get(PlanAction, action_id), missing)
    locked(action.version.plan.slug)
    return action


def topics(ids: sa.Select[Any]) -> sa.Select[Any]:
    """Actions with these ids, as lists of what is owed name them."""
    return sa.select(PlanAction.id, PlanAction.title, sa.literal(0).label("support_count"), (
        sa.literal("/plans/") + Plan.slug + "#" + PlanAction.key).label("url")).join(
        PlanVersion, PlanVersion.id == PlanAction.version_id).join(Plan).where(PlanAction.id.in_(ids))


def listed(*which: sa.ColumnElement[bool]) -> list[Plan]:
    """Plans with their versions, the newest first."""
    return list(db.session.scalars(sa.select(Plan).where(*which).options(
        selectinload(Plan.versions), joinedload(Plan.department)).order_by(
        Plan.year.desc(), Plan.id.desc()).limit(MOST_PLANS)))


class Sum(NamedTuple):
    """Money of an action, with where it stands and who leads it."""

    section: str
    lead: str
    total: int


def sums(version: PlanVersion) -> list[Sum]:
    """Of each action of a version, in their order."""
    rows = db.session.execute(sa.select(PlanAction.section, PlanAction.lead, PlanAction.money).where(
        PlanAction.version_id == version.id).order_by(PlanAction.number).limit(MOST_ACTIONS))
    return [Sum(section, lead, sum([line[3] for line in money])) for section, lead, money in rows]


def some_actions(version: PlanVersion, page: int) -> list[Action]:
    """So many of its actions as a page shows, from the first page on, in their order."""
    rows = sa.select(PlanAction).filter_by(version_id=version.id).order_by(PlanAction.number)
    return [action.facts for action in db.session.scalars(
        rows.limit(ACTIONS_SHOWN).offset((page - 1) * ACTIONS_SHOWN))]


def commitments(plan: Plan) -> list[Commitment]:
    """Commitments that belong to it."""
    return list(db.session.scalars(sa.select(Commitment).where(Commitment.plan_id == plan.id).options(
        joinedload(Commitment.department)).order_by(Commitment.id).limit(MOST_ACTIONS * 2)))


def promised(plan: Plan) -> dict[str, tuple[int, int]]:
    """Key → the commitment that this action became, and the row of the action in which it was said last."""
    rows = db.session.execute(
        sa.select(PlanAction.key, CommitmentOrigin.commitment_id, PlanAction.id)
        .join(PlanVersion, PlanVersion.id == PlanAction.version_id)
        .join(CommitmentOrigin, sa.and_(CommitmentOrigin.kind == "plan_action",
                                        CommitmentOrigin.record_id == PlanAction.id))
        .where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number))
    return {key: (commitment_id, action_id) for key, commitment_id, action_id in rows}


def keys_used(plan: Plan) -> set[str]:
    return set(db.session.scalars(sa.select(PlanAction.key).distinct().join(PlanVersion).where(
        PlanVersion.plan_id == plan.id)))


def names(model: type[Department | Body | Neighbourhood]) -> dict[str, int]:
    """Name without spaces → id."""
    name = Body.name if model is Body else model.name_ko  # type: ignore[union-attr]
    rows = db.session.execute(sa.select(name, model.id).order_by(model.id.desc()).limit(1_000))
    return {"".join(called.split()): number for called, number in rows}


def departments_now() -> dict[int | None, int]:
    """Id of a department → its own, or that of the successor of a closed one."""
    rows = sa.select(Department.id, sa.func.coalesce(Department.successor_id, Department.id)).limit(1_000)
    return dict(db.session.execute(rows).all())


def deciders(plan: Plan) -> dict[str, str]:
    """Things that may have decided a version, as `poll:12`, each with its title: passed items of meetings of its body,
    published polls, rounds that have chosen, none that missed its quorum; the newest of each."""
    passed = sa.select(MeetingItem.id, MeetingItem.title, Forum.title.label("within")).join(
        Meeting, Meeting.id == MeetingItem.meeting_id).join(Forum, Forum.id == Meeting.forum_id).where(
        MeetingItem.result.in_(PASSED), Meeting.kept_at.is_not(None), Forum.announced_at.is_not(None),
        *([Meeting.body_id == plan.body_id] if plan.body_id else [])).order_by(MeetingItem.id.desc())
    polls = sa.select(Poll.id, Poll.title, sa.null().label("within")).join(
        BallotBox, BallotBox.id == Poll.box_id).where(
        IS_REACHED, Poll.rehearsal_of_id.is_(None)).order_by(Poll.id.desc())
    envelopes = sa.select(Envelope.round_id).outerjoin(BallotBox, BallotBox.id == Envelope.box_id).where(
        sa.or_(Envelope.box_id.is_(None), IS_REACHED),
        *([sa.or_(Envelope.neighbourhood_id.is_(None), Envelope.neighbourhood_id == plan.neighbourhood_id)]
          if plan.neighbourhood_id else []))
    rounds = sa.select(BudgetRound.id, BudgetRound.title, sa.null().label("within")).join(
        BudgetPhase, BudgetPhase.round_id == BudgetRound.id).where(
        BudgetPhase.phase == Phase.CHOSEN, BudgetPhase.starts_at <= clock.now(), BudgetRound.id.in_(envelopes),
        BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_(None)).order_by(BudgetRound.id.desc())
    return {str(Ref(kind, row.id)): f"{row.within}: {row.title}" if row.within else row.title
            for kind, statement in (("meeting_item", passed), ("poll", polls), ("budget_round", rounds))
            for row in db.session.execute(statement.limit(MOST_DECIDERS))}


def missed(version: PlanVersion) -> list[tuple[str, str]]:
    """Title and address of each round of its neighbourhood that missed its quorum since the version was asked."""
    plan = version.plan
    if plan.neighbourhood_id is None or version.asked_at is None:
        return []
    rows = db.session.execute(sa.select(BudgetRound.title, BudgetRound.slug).distinct().join(
        Envelope, Envelope.round_id == BudgetRound.id).join(BallotBox, BallotBox.id == Envelope.box_id).where(
        Envelope.neighbourhood_id == plan.neighbourhood_id, BallotBox.published_at >= version.asked_at, ~IS_REACHED,
        BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_(None)).limit(MOST_DECIDERS))
    return [(row.title, f"/budgets/{row.slug}") for row in rows]


def decided_by(thing: Ref) -> list[PlanVersion]:
    """Versions that everybody reads and that this thing decided."""
    return list(db.session.scalars(sa.select(PlanVersion).where(
        PlanVersion.about_kind == thing.kind, PlanVersion.about_id == thing.id,
        PlanVersion.state != VersionState.DRAFT).options(joinedload(PlanVersion.plan)).order_by(
        PlanVersion.id).limit(MOST_DECIDERS)))


def to_confirm(staff: Any) -> sa.Select[Any] | None:
    """For the desk: versions that a colleague wants in force, since then."""
    return sa.select(PlanVersion.id, PlanVersion.proposed_at, sa.null(), sa.null(), sa.null()).join(
        Plan, Plan.id == PlanVersion.plan_id).where(
        PlanVersion.proposed_at.is_not(None), PlanVersion.proposed_by_id != staff.id,
        Plan.department_id.in_(staff.department_ids())) if staff.department_ids() else None


def versions(ids: Sequence[int]) -> dict[int, PlanVersion]:
    return {version.id: version for version in db.session.scalars(sa.select(PlanVersion).where(
        PlanVersion.id.in_(ids)).options(joinedload(PlanVersion.plan)))}
