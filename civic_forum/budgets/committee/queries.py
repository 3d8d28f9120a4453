"""The committee of a round: its members, their own marks, and the sums once they are fixed."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.bodies.queries import seated
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from ..models import BudgetRound, Envelope
from ..queries import by_code, held_projects
from ..rules import FIT_FOR_BALLOT
from ..projects.models import EligibilityReview, Project
from .models import CommitteeMark, CommitteeMember


def members(round_id: int) -> list[CommitteeMember]:
    """In the order in which they were named, with who they are."""
    return seated(CommitteeMember, round_id)


def member_of(round_id: int, user_id: int) -> CommitteeMember | None:
    return db.session.scalar(sa.select(CommitteeMember).filter_by(round_id=round_id, user_id=user_id))


def member(round_id: int, member_id: int) -> CommitteeMember:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(CommitteeMember).filter_by(round_id=round_id, id=member_id)),
                    lambda: NotFound(_("이런 위원이 없어요. 이미 뺐을 수 있어요.")))


def of_user(user_id: int) -> list[tuple[CommitteeMember, BudgetRound]]:
    """On which committees somebody sits."""
    statement = sa.select(CommitteeMember, BudgetRound).join(BudgetRound, BudgetRound.id == CommitteeMember.round_id)
    return [(member, budget_round) for member, budget_round in db.session.execute(
        statement.where(CommitteeMember.user_id == user_id).order_by(CommitteeMember.id))]


def own_marks(member_id: int) -> set[int]:
    """The projects that one member recommends."""
    return set(db.session.scalars(sa.select(CommitteeMark.project_id).filter_by(member_id=member_id)))


def own_codes(member_id: int) -> set[str]:
    """The same by their codes, with those that no longer stand to choice."""
    return set(db.session.scalars(sa.select(Project.code).join(CommitteeMark, CommitteeMark.project_id == Project.id)
                                  .where(CommitteeMark.member_id == member_id)))


def marks(round_id: int) -> list[tuple[int, int]]:
    """Pairs (member, project) of everybody: only for adding them up, never for a page."""
    statement = sa.select(CommitteeMark.member_id, CommitteeMark.project_id).join(
        CommitteeMember, CommitteeMember.id == CommitteeMark.member_id).where(CommitteeMember.round_id == round_id)
    return [(member, project) for member, project in db.session.execute(statement)]


def fit(round_id: int) -> list[Project]:
    """Projects before the committee: all that may stand on a ballot, by envelope and code, without envelopes that are
    counted by rules of their own."""
    statement = _listed(round_id).where(Project.state.in_(FIT_FOR_BALLOT), Project.hidden_at.is_(None),
                                        Envelope.counting.is_(sa.null()))
    return list(db.session.scalars(statement))


def undecided(round_id: int) -> list[Project]:
    """Projects that may stand on a ballot and that the committee did not look at: it became fit after the votes were
    fixed."""
    return [project for project in fit(round_id) if project.committee_votes is None]


def fixed(round_id: int) -> list[Project]:
    """Projects that the committee decided on, whatever became of it since."""
    return list(db.session.scalars(_listed(round_id).where(Project.committee_votes.is_not(None),
                                                           Project.hidden_at.is_(None))))


def locked_fit(round_id: int) -> list[Project]:
    """The same as `fit`, in ascending order of the ids and locked; the caller holds the round."""
    counted = sa.select(Envelope.id).where(Envelope.round_id == round_id, Envelope.counting.is_(sa.null()))
    return held_projects([Project.round_id == round_id, Project.state.in_(FIT_FOR_BALLOT), Project.hidden_at.is_(None),
                          Project.envelope_id.in_(counted)])


def locked_decided(round_id: int) -> list[Project]:
    """Every project on which the committee decided, locked; the caller holds the round."""
    return held_projects([Project.round_id == round_id, Project.committee_votes.is_not(None)])


def reviews(project_ids: Iterable[int]) -> dict[int, EligibilityReview]:
    """The review that counts of each project: the newest that was handed in."""
    statement = (sa.select(EligibilityReview).order_by(EligibilityReview.ended_at, EligibilityReview.id)
                 .options(joinedload(EligibilityReview.department))
                 .where(EligibilityReview.project_id.in_(list(project_ids)), EligibilityReview.ended_at.is_not(None),
                        EligibilityReview.is_second_opinion.is_(False)))
    return {review.project_id: review for review in db.session.scalars(statement)}


def _listed(round_id: int) -> sa.Select:
    return (sa.select(Project).where(Project.round_id == round_id).join(Project.envelope)
            .options(joinedload(Project.neighbourhood), joinedload(Project.department))
            .order_by(Envelope.position, *by_code(), Project.id))
