"""Facts about a round for those who prepare it, beside its record."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.ballots.models import VoteNotice
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.base import db

from ..models import BudgetRound, ChoiceGroup, Envelope, ExclusionGroup
from ..projects.models import EligibilityReview, Project
from ..rules.states import FIT_FOR_BALLOT, WON, ProjectState

VOTED_ON = frozenset((ProjectState.ON_BALLOT, ProjectState.NOT_CHOSEN, *WON))
UNDECIDED = frozenset((ProjectState.HANDED_IN, ProjectState.IN_REVIEW))


def on_ballots(budget_round: BudgetRound) -> dict[int, list[Project]]:
    """Envelope id → its projects that stand on the ballot, in the order of their numbers.

    Before the opening those that are fit and not hidden, in the order of their codes; afterwards those that were
    frozen, whatever became of them. The first opening closes the whole round: what is hidden later stays on the ballots
    that are opened after it, as it does on its own.
    """
    opened = [one.id for one in budget_round.envelopes if one.box is not None and one.box.opened_at is not None]
    shown = Project.hidden_at.is_(None)
    if budget_round.opened_at is not None:
        shown = sa.or_(shown, Project.hidden_at >= budget_round.opened_at)
    there = sa.or_(
        sa.and_(Project.envelope_id.not_in(opened), Project.state.in_(FIT_FOR_BALLOT), shown),
        sa.and_(Project.envelope_id.in_(opened), Project.state.in_(VOTED_ON), Project.number.is_not(None)))
    rows = db.session.scalars(
        sa.select(Project).where(Project.round_id == budget_round.id, there).options(
            joinedload(Project.neighbourhood), joinedload(Project.kind), joinedload(Project.department),
            joinedload(Project.proposal)).order_by(sa.func.length(Project.code), Project.code))
    found: dict[int, list[Project]] = defaultdict(list)
    for project in rows:
        found[project.envelope_id].append(project)
    for envelope_id in opened:
        found[envelope_id].sort(key=lambda project: project.number)
    return found


def on_ballot(envelope: Envelope) -> list[Project]:
    """The same of one envelope."""
    return on_ballots(envelope.round).get(envelope.id, [])


def how_many(round_id: int) -> dict[tuple[int, ProjectState], int]:
    """(Envelope id, state) → projects that everybody may see."""
    return {(envelope_id, state): number for envelope_id, state, number in db.session.execute(
        sa.select(Project.envelope_id, Project.state, sa.func.count()).where(
            Project.round_id == round_id, Project.hidden_at.is_(None)).group_by(Project.envelope_id, Project.state))}


def all_projects(round_id: int) -> list[Project]:
    """Projects that may still come onto a ballot, for choosing among them; in the order of their codes."""
    still = (*UNDECIDED, *FIT_FOR_BALLOT, ProjectState.ON_BALLOT)
    return list(db.session.scalars(
        sa.select(Project).where(Project.round_id == round_id, Project.state.in_(still), Project.hidden_at.is_(None))
        .order_by(sa.func.length(Project.code), Project.code)))


def held_projects(conditions: Iterable[sa.ColumnElement[bool]]) -> list[Project]:
    """Read again and locked in the order of their ids; the caller holds their round."""
    return list(db.session.scalars(
        sa.select(Project).where(*conditions).order_by(Project.id).with_for_update(key_share=True, of=Project)
        .execution_options(populate_existing=True)))


def numbered(envelope_id: int) -> sa.ColumnElement[bool]:
    """Projects that stand on the ballot of an envelope that is being opened."""
    return sa.and_(Project.envelope_id == envelope_id, Project.number.is_not(None), Project.state.in_(FIT_FOR_BALLOT))


def envelope_of_roll(roll_id: int) -> Envelope | None:
    """The envelope that has this electoral roll."""
    return db.session.scalar(sa.select(Envelope).filter_by(roll_id=roll_id).order_by(Envelope.id).limit(1))


def round_of_roll(roll_id: int) -> BudgetRound | None:
    """The round of which an envelope has this electoral roll."""
    return db.session.scalar(sa.select(BudgetRound).join(Envelope).where(Envelope.roll_id == roll_id)
                             .order_by(Envelope.id).limit(1))


def has_projects(envelope_id: int) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(Project.envelope_id == envelope_id)))


def kinds_in_use(round_id: int) -> set[int]:
    """Ids of the kinds that a project has."""
    return set(db.session.scalars(sa.select(Project.kind_id).where(
        Project.round_id == round_id, Project.kind_id.is_not(None)).distinct()))


def reasons_in_use(round_id: int) -> set[int]:
    """Ids of the reasons that a review gave."""
    return set(db.session.scalars(sa.select(EligibilityReview.reason_id).join(
        Project, Project.id == EligibilityReview.project_id).where(
        Project.round_id == round_id, EligibilityReview.reason_id.is_not(None)).distinct()))


def group(envelope_id: int, group_id: int) -> ChoiceGroup | None:
    return db.session.scalar(sa.select(ChoiceGroup).filter_by(id=group_id, envelope_id=envelope_id))


def exclusion(round_id: int, exclusion_id: int) -> ExclusionGroup | None:
    return db.session.scalar(sa.select(ExclusionGroup).join(Envelope).where(
        ExclusionGroup.id == exclusion_id, Envelope.round_id == round_id))


def envelopes(round_id: int) -> list[Envelope]:
    """In their order."""
    return list(db.session.scalars(sa.select(Envelope).filter_by(round_id=round_id).order_by(Envelope.position)))


def subject(round_id: int) -> str:
    """Name of a round in notices."""
    return str(Ref("budget_round", round_id))


def notices_of(round_id: int) -> list[VoteNotice]:
    """On the round and on the votes of its envelopes, newest first."""
    own = sa.select(sa.literal("envelope:") + sa.cast(Envelope.id, sa.String)).where(Envelope.round_id == round_id)
    return list(db.session.scalars(
        sa.select(VoteNotice).where(sa.or_(VoteNotice.subject == subject(round_id), VoteNotice.subject.in_(own)))
        .order_by(VoteNotice.at.desc(), VoteNotice.id.desc())))
