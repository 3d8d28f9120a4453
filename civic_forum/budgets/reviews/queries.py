"""Reviews and second looks: those of a project, those that wait at the desk, and single ones for those who write
them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.platform import clock, paging, plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import SEOUL, _, local

from ..models import BudgetPhase, BudgetRound
from ..rules import Phase, ProjectState
from ..projects.models import EligibilityReview, Project, SecondLook

PAGE = 30
MOST = 50
OPEN = sa.and_(EligibilityReview.ended_at.is_(None), EligibilityReview.taken_back_at.is_(None))


@dataclass(frozen=True)
class Looked:
    """A project with the review that decided, and when its proposer last asked for another look."""

    project: Project
    decided_at: datetime | None
    asked_at: datetime | None


class ReviewList(StrEnum):
    """Lists of reviews at the desk."""

    REVIEWS = "reviews"
    UNASSIGNED = "unassigned"
    CONDITIONS = "conditions"
    LOOKS = "looks"


class Progress(StrEnum):
    """Filter of the reviews that wait."""

    LATE = "late"
    BEGUN = "begun"
    """Something was saved."""
    UNTOUCHED = "untouched"


@dataclass(frozen=True)
class ReviewFilter:
    """Filters of the lists of the desk. `progress` narrows the list of reviews alone."""

    round_id: int | None = None
    progress: Progress | None = None

    @property
    def narrowed(self) -> bool:
        return self != ReviewFilter()

    def of_round(self) -> list[sa.ColumnElement[bool]]:
        return [] if self.round_id is None else [BudgetRound.id == self.round_id]

    def of_review(self) -> list[sa.ColumnElement[bool]]:
        """Late is what was due before today."""
        today = datetime.combine(local(clock.now()).date(), time(), SEOUL)
        return {None: [], Progress.LATE: [EligibilityReview.due_at < today],
                Progress.BEGUN: [EligibilityReview.version > 1],
                Progress.UNTOUCHED: [EligibilityReview.version == 1]}[self.progress]


EVERYTHING = ReviewFilter()


def _missing() -> NotFound:
    return NotFound(_("없는 검토예요. 목록에서 다시 찾아보세요."))


def of_project(project_id: int) -> list[EligibilityReview]:
    """Those that ended and those that are being written, the newest first; not what was passed on."""
    return list(db.session.scalars(
        sa.select(EligibilityReview).where(EligibilityReview.project_id == project_id,
                                           EligibilityReview.taken_back_at.is_(None))
        .options(joinedload(EligibilityReview.department), joinedload(EligibilityReview.exclusion_reason))
        .order_by(EligibilityReview.id.desc()).limit(MOST)))


def looked(project: Project) -> Looked:
    decided = sa.select(sa.func.max(EligibilityReview.ended_at)).where(
        EligibilityReview.project_id == project.id, EligibilityReview.is_second_opinion.is_(False)).scalar_subquery()
    asked = sa.select(sa.func.max(SecondLook.at)).where(SecondLook.project_id == project.id).scalar_subquery()
    return Looked(project, *db.session.execute(sa.select(decided, asked)).one())


def looked_among(project: Project, reviews: list[EligibilityReview], asked: list[datetime]) -> Looked:
    """The same from what a page has read already."""
    decided = [review.ended_at for review in reviews if review.ended_at and not review.is_second_opinion]
    return Looked(project, max(decided, default=None), max(asked, default=None))


def project_of(review_id: int) -> int:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(EligibilityReview.project_id).filter_by(id=review_id)), _missing)


def project_of_look(look_id: int) -> int:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(SecondLook.project_id).filter_by(id=look_id)),
                    lambda: NotFound(_("없는 재검토 요청이에요. 목록에서 다시 찾아보세요.")))


def locked(review_id: int) -> EligibilityReview | None:
    """Read again and locked; the caller holds its round and project."""
    return db.session.get(EligibilityReview, review_id, with_for_update={"key_share": True}, populate_existing=True)


def locked_look(look_id: int) -> SecondLook | None:
    """Read again and locked; the caller holds its round and project."""
    return db.session.get(SecondLook, look_id, with_for_update={"key_share": True}, populate_existing=True)


def review(review_id: int) -> EligibilityReview:
    """With its project and all that its page says. Raises NotFound."""
    return existing(db.session.scalar(sa.select(EligibilityReview).filter_by(id=review_id).options(
        joinedload(EligibilityReview.department), _whole(EligibilityReview.project))), _missing)


def look(look_id: int) -> SecondLook:
    """With its project. Raises NotFound."""
    return existing(db.session.scalar(sa.select(SecondLook).filter_by(id=look_id).options(_whole(SecondLook.project))),
                    lambda: NotFound(_("없는 재검토 요청이에요. 목록에서 다시 찾아보세요.")))


def project(project_id: int) -> Project:
    """A project for the pages of the desk. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Project).filter_by(id=project_id).options(
        joinedload(Project.round).selectinload(BudgetRound.phases), joinedload(Project.envelope),
        joinedload(Project.department), joinedload(Project.kind), joinedload(Project.neighbourhood))),
        lambda: NotFound(_("이런 사업은 없어요. 목록에서 다시 찾아보세요.")))


def codes(project_ids: Collection[str]) -> dict[str, str]:
    """Codes of these projects by their ids, as a form says them."""
    ids = [number for project_id in project_ids if (number := plain_text.number(project_id)) is not None]
    return {str(id_): code for id_, code in db.session.execute(
        sa.select(Project.id, Project.code).where(Project.id.in_(ids)))}


def _whole(to_project):
    start = joinedload(to_project)
    return start.options(
        joinedload(Project.round).options(selectinload(BudgetRound.phases), selectinload(BudgetRound.reasons)),
        joinedload(Project.envelope), joinedload(Project.department), joinedload(Project.kind),
        joinedload(Project.neighbourhood))


def waiting(shown: ReviewList, by: User, after: str | None = None, *, wanted: ReviewFilter = EVERYTHING,
            limit: int = PAGE) -> paging.Page:
    """A page of what waits for this person, the one that waits longest or is due first at the top. Reviews and second
    looks come with their project and its round. Raises Invalid for an `after` that is no token."""
    statement, moment, key = {ReviewList.REVIEWS: _reviews, ReviewList.UNASSIGNED: _unassigned,
                              ReviewList.CONDITIONS: _conditions, ReviewList.LOOKS: _looks}[shown](by)
    statement = statement.where(*wanted.of_round(), *(wanted.of_review() if shown is ReviewList.REVIEWS else ()))
    if place := paging.parts(after, int, int):
        at = paging.moment(place[0])
        statement = statement.where(sa.or_(moment > at, sa.and_(moment == at, key > place[1])))
    rows = list(db.session.scalars(statement.order_by(moment, key).limit(limit + 1)))
    return paging.page_of(rows, limit, lambda row: (paging.microseconds(getattr(row, moment.key)), row.id))


def _own(column, by: User) -> sa.ColumnElement[bool]:
    """Moderators see what waits for everybody."""
    return sa.true() if by.has(Role.MODERATOR) else column.in_(by.department_ids())


Parts = tuple[sa.Select, Callable, Callable]


def _reviews(by: User) -> Parts:
    return (sa.select(EligibilityReview).join(EligibilityReview.project).join(Project.round)
            .where(OPEN, BudgetRound.opened_at.is_(None), _own(EligibilityReview.department_id, by))
            .options(contains_eager(EligibilityReview.project).contains_eager(Project.round),
                     joinedload(EligibilityReview.department))), EligibilityReview.due_at, EligibilityReview.id


def _of_projects(*conditions) -> Parts:
    return (sa.select(Project).join(Project.round).where(BudgetRound.opened_at.is_(None), *conditions)
            .options(contains_eager(Project.round), joinedload(Project.department))), Project.created_at, Project.id


def _unassigned(_by: User) -> Parts:
    begun = sa.exists().where(BudgetPhase.round_id == Project.round_id, BudgetPhase.phase != Phase.COLLECTING,
                              BudgetPhase.starts_at <= clock.now())
    return _of_projects(Project.state == ProjectState.HANDED_IN, begun)


def _conditions(by: User) -> Parts:
    return _of_projects(Project.state == ProjectState.ELIGIBLE_IF, _own(Project.department_id, by))


def _looks(by: User) -> Parts:
    return (sa.select(SecondLook).join(SecondLook.project).join(Project.round)
            .where(SecondLook.answered_at.is_(None), BudgetRound.opened_at.is_(None),
                   sa.true() if by.has(Role.MODERATOR) else sa.false())
            .options(contains_eager(SecondLook.project).contains_eager(Project.round))), SecondLook.at, SecondLook.id


def counts(by: User, wanted: ReviewFilter = EVERYTHING) -> dict[ReviewList, int]:
    """Numbers waiting in each of these lists, of one round or of all, in one statement."""
    columns = [sa.select(sa.func.count()).select_from(
        lists(by)[0].where(*wanted.of_round()).with_only_columns(lists(by)[2]).order_by(None).subquery())
        .scalar_subquery()
        for lists in (_reviews, _unassigned, _conditions, _looks)]
    return dict(zip(ReviewList, db.session.execute(sa.select(*columns)).one(), strict=True))


def rounds_reviewed() -> list[tuple[int, str, str]]:
    """Id, slug and title of the rounds in which something may wait, the latest first."""
    return [tuple(row) for row in db.session.execute(
        sa.select(BudgetRound.id, BudgetRound.slug, BudgetRound.title)
        .where(BudgetRound.opened_at.is_(None), BudgetRound.announced_at.is_not(None), BudgetRound.decided_in.is_(None))
        .order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(MOST))]


def next_for(by: User) -> tuple[EligibilityReview | None, int]:
    """The review that the departments of this official owe first, with its project and round, and how many they owe."""
    own = _reviews(by)[0].where(EligibilityReview.department_id.in_(by.department_ids()),
                                sa.or_(Project.author_id.is_(None), Project.author_id != by.id))
    row = db.session.execute(own.add_columns(sa.func.count().over())
                             .order_by(EligibilityReview.due_at, EligibilityReview.id).limit(1)).first()
    return tuple(row) if row else (None, 0)


def conditions_of(projects: Iterable[Project]) -> dict[int, str]:
    """Project id → the condition under which it is eligible, of those that still wait for one."""
    waiting = [project.id for project in projects if project.state is ProjectState.ELIGIBLE_IF]
    if not waiting:
        return {}
    rows = db.session.execute(
        sa.select(EligibilityReview.project_id, EligibilityReview.condition)
        .where(EligibilityReview.project_id.in_(waiting), EligibilityReview.ended_at.is_not(None),
               EligibilityReview.is_second_opinion.is_(False))
        .order_by(EligibilityReview.ended_at, EligibilityReview.id))
    return {project_id: condition for project_id, condition in rows if condition}
