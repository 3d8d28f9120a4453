"""Operations on reviews inside somebody's transaction. The caller holds the round, then the project."""

import sqlalchemy as sa

from civic_forum.district import queries as district
from civic_forum.district.models import Department
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from ..models import BudgetRound
from ..rules import ProjectState
from ..projects import operations as projects
from ..projects.models import EligibilityReview, Project
from . import rules

COPIED = ("legal", "legal_text", "technical", "technical_text", "cost", "cost_parts", "duration", "running_cost",
          "running_cost_text", "conflicts", "text")
"""What a new look at the same project begins with: all but the verdict."""


def assign(work: Work, project: Project, department_id: int, *, note: str | None = None, second_opinion: bool = False,
           look_id: int | None = None) -> EligibilityReview:
    """Ask a department for a review, due so many days from now. Raises Refusal for a department that there is not,
    Conflict where it has this review already."""
    if district.open_department(department_id) is None:
        raise Refusal(_("목록에 있는 부서를 골라 주세요."), field="department")
    if work.session.scalar(sa.select(EligibilityReview.id).filter_by(
            project_id=project.id, department_id=department_id, ended_at=None, taken_back_at=None)):
        raise Conflict(_("그 부서가 이미 이 사업을 검토하고 있어요."), field="department")
    review = EligibilityReview(
        project_id=project.id, department_id=department_id, is_second_opinion=second_opinion, second_look_id=look_id,
        assigned_at=work.at, assigned_by_id=getattr(work.actor, "id", None), assigned_note=note, cost_parts=[],
        due_at=rules.due(work.at, project.round.review_due_days, project.round.phases), version=1)
    work.session.add(review)
    if not second_opinion:
        project.department_id = department_id
    work.session.flush()
    return review


def keep_due(session, budget_round: BudgetRound) -> None:
    """After its calendar or its days were changed: what is being reviewed is due by what the round says now."""
    session.flush()
    session.expire(budget_round, ["phases"])
    waiting = sa.select(EligibilityReview).join(EligibilityReview.project).where(
        Project.round_id == budget_round.id, EligibilityReview.ended_at.is_(None),
        EligibilityReview.taken_back_at.is_(None))
    for review in session.scalars(waiting.order_by(EligibilityReview.id).with_for_update(of=EligibilityReview)):
        review.due_at = rules.due(review.assigned_at, budget_round.review_due_days, budget_round.phases)
    session.flush()


def begin(work: Work, project: Project, department_id: int, *, note: str | None = None,
          look_id: int | None = None) -> EligibilityReview:
    """Give a project to a department: it is being reviewed from now on."""
    review = assign(work, project, department_id, note=note, look_id=look_id)
    name = work.session.get_one(Department, department_id).name_ko
    projects.move(work, project, ProjectState.IN_REVIEW, evidence=f"{name}. {note}" if note else name)
    return review


def pass_on(work: Work, review: EligibilityReview, department_id: int, note: str) -> EligibilityReview:
    """Another department has it from now on; what was written stays with the one before."""
    review.taken_back_at = work.at
    work.session.flush()
    passed = assign(work, review.project, department_id, note=note, second_opinion=review.is_second_opinion,
                    look_id=review.second_look_id)
    if not review.is_second_opinion and review.project.journey_id is not None:
        journeys.add(work.session, review.project.journey_id, "project_passed_on", at=work.at,
                     evidence=f"{work.session.get_one(Department, department_id).name_ko}. {note}"[:300])
    return passed


def look_again(work: Work, project: Project) -> None:
    """Its proposer changed what had been reviewed: the department looks at it again, beginning with what it said."""
    last = work.session.scalar(sa.select(EligibilityReview).where(
        EligibilityReview.project_id == project.id, EligibilityReview.ended_at.is_not(None),
        EligibilityReview.is_second_opinion.is_(False)).order_by(EligibilityReview.ended_at.desc(),
                                                                 EligibilityReview.id.desc()).limit(1))
    department_id = district.department_now(last.department_id if last is not None else project.department_id)
    if department_id is None:
        return
    review = begin(work, project, department_id, note=_("검토가 끝난 뒤에 내용을 고쳤어요."))
    for name in COPIED if last is not None else ():
        setattr(review, name, getattr(last, name))
    work.session.flush()


def move(work: Work, review: EligibilityReview, department_id: int) -> None:
    """With what is written so far; where that department reviews the project already, this one is taken back."""
    if work.session.scalar(sa.select(EligibilityReview.id).filter_by(
            project_id=review.project_id, department_id=department_id, ended_at=None, taken_back_at=None)):
        review.taken_back_at = work.at
    else:
        review.department_id = department_id
    review.version += 1
