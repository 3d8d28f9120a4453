"""Projects as lists and pages show them, and small look-ups for those who change them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from civic_forum.accounts.models import User
from civic_forum.attachments.models import Attachment
from civic_forum.attachments.queries import first_picture
from civic_forum.ballots.voted import Sign
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import NUMBER, Order, TEXT
from civic_forum.blocks.slugs import SLUG
from civic_forum.comments.models import Thread
from civic_forum.district.filters import category, neighbourhood
from civic_forum.district.models import Department
from civic_forum.journeys import queries as journeys
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.statements import made_once
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE
from civic_forum.proposals.rules import TAKES_COMMENTS

from .. import labels
from ..models import BudgetRound, Envelope
from ..queries import CODE, DIGITS, by_code, no_project
from ..rules import ProjectState
from .models import Project, ProjectVersion, SecondLook

MOST_VERSIONS = 100
MOST_OWN = 10
OVER = (ProjectState.WITHDRAWN, ProjectState.MERGED)


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project as a list shows it."""

    id: int
    code: str
    title: str
    state: ProjectState
    cost: int
    category: str | None
    envelope_id: int
    neighbourhood_id: int | None
    place: str
    texts: dict
    is_hidden: bool
    comments: int
    picture: str | None
    """Key of its first picture."""


@dataclass(frozen=True)
class ProjectDetail:
    """All that the page of a project says of it, its reviews apart."""

    project: Project
    thread: Thread | None
    """Held here so that its comments are read without asking for it again."""
    author_name: str | None
    proposal: tuple[str, str] | None
    """Number and title of the proposal that it came from, if everybody may read that one."""
    carried_on_by: tuple[str, str] | None
    """Code and title of the project that this one was merged into."""
    took_up: list[tuple[str, str]]
    entries: list[journeys.Entry]
    versions: Sequence[sa.Row[tuple[int, datetime]]]
    """Number and moment, the newest first."""
    looks: Sequence[sa.Row[tuple[str, datetime, bool | None, str | None, datetime | None]]]
    """Second looks that were asked for, with their answers: text, at, is_granted, answer, answered_at."""
    picture: str | None
    """Key of its first picture."""


def _rows() -> sa.Select:
    return (sa.select(Project.id, Project.code, Project.title, Project.state, Project.cost, Project.category,
                      Project.envelope_id, Project.neighbourhood_id, Project.place, Project.texts,
                      Project.hidden_at.is_not(None), sa.func.coalesce(Thread.comment_count, 0),
                      first_picture(Project.attachment_set_id))
            .outerjoin(Thread, Thread.id == Project.thread_id).where(Project.round_id == _ROUND))


def _behind(code: sa.BindParameter, number: sa.BindParameter) -> sa.ColumnElement[bool]:
    return sa.tuple_(*by_code(), Project.id) > sa.tuple_(
        sa.func.rtrim(code, DIGITS), sa.func.length(code), code, number)


_ROUND = sa.bindparam("round", type_=Project.round_id.type)
PROJECTS = listing.declare(Listing(
    "projects", _rows, endpoint="budgets.show_projects", size=24,
    filters=(
        Filter("envelope", _l("배정 예산"), lambda slug: Project.envelope_id.in_(
            sa.select(Envelope.id).where(Envelope.round_id == _ROUND, Envelope.slug == slug)), dict, _l("모든 배정 예산"),
               type=sa.String(), written=True),
        Filter("state", _l("단계"), Project.state, labels.STATE, _l("모든 단계")),
        neighbourhood(Project.neighbourhood_id, Project.neighbourhood_id.is_(None), _l("구 전체")),
        category(Project.category),
        words("q", _l("낱말"), Project.title, Project.text, Project.place, most=50, also=Project.hidden_at.is_(None))),
    orders=(Order("code", None, (*by_code(), Project.id), (TEXT, NUMBER), lambda row: (row.code, row.id), _behind),)))
"""The projects of a `round`. Its envelopes are choices that whoever reads an address gives, label by slug."""


def listed(budget_round: BudgetRound, wanted: Chosen, after: str | None, *, limit: int = 0) -> paging.Page[ProjectCard]:
    """A page of the projects of a round in the order of their codes. Raises Invalid for an `after` that is no token."""
    page = wanted.page(after, limit=limit, round=budget_round.id)
    return paging.Page([ProjectCard(*row[:10], bool(row[10]), *row[11:13]) for row in page.items], page.after)


def detail(slug: str, code: str) -> ProjectDetail:
    """Raises NotFound. Whether the viewer may read it is for the caller to ask."""
    named = SLUG.fullmatch(slug) and CODE.fullmatch(code)
    row = db.session.execute(_statement(), {"slug": slug, "code": code}).one_or_none() if named else None
    if row is None:
        raise no_project()
    project, thread, author, number, title, other_code, other_title, picture = row
    versions, looks, took_up = (db.session.execute(statement, {"project": project.id}).all()
                                for statement in _histories())
    return ProjectDetail(
        project, thread, author, (number, title) if number else None,
        (other_code, other_title or _("운영 원칙에 따라 가린 사업")) if other_code else None,
        [(code, name or _("운영 원칙에 따라 가린 사업")) for code, name in took_up],
        journeys.entries(project.journey_id), versions, looks, picture)


@made_once
def _histories() -> tuple[sa.Select, sa.Select, sa.Select]:
    """Versions of a `project`, second looks at it, and what it took up."""
    project_id = sa.bindparam("project", type_=Project.id.type)
    return (
        sa.select(ProjectVersion.number, ProjectVersion.at).where(ProjectVersion.project_id == project_id)
        .order_by(ProjectVersion.number.desc()).limit(MOST_VERSIONS),
        sa.select(SecondLook.text, SecondLook.at, SecondLook.is_granted, SecondLook.answer, SecondLook.answered_at)
        .where(SecondLook.project_id == project_id).order_by(SecondLook.id),
        sa.select(Project.code, sa.case((Project.hidden_at.is_(None), Project.title)))
        .where(Project.merged_into_id == project_id).order_by(Project.code))


@made_once
def _statement() -> sa.Select:
    """The statement of `detail`; it is given the `slug` of the round and the `code`."""
    other = aliased(Project)
    return (sa.select(Project, Thread, User.nickname, Proposal.number, Proposal.title, other.code,
                      sa.case((other.hidden_at.is_(None), other.title)), first_picture(Project.attachment_set_id))
            .join(BudgetRound, BudgetRound.id == Project.round_id)
            .outerjoin(Thread, Thread.id == Project.thread_id).outerjoin(User, User.id == Project.author_id)
            .outerjoin(Proposal, sa.and_(Proposal.id == Project.proposal_id, READABLE))
            .outerjoin(other, other.id == Project.merged_into_id)
            .where(BudgetRound.slug == sa.bindparam("slug"), Project.code == sa.bindparam("code"))
            .options(contains_eager(Project.round).selectinload(BudgetRound.phases), joinedload(Project.envelope),
                     joinedload(Project.department), joinedload(Project.neighbourhood), joinedload(Project.kind)))


def version(project_id: int, number: int) -> tuple[ProjectVersion, str | None]:
    """A version of a project with the department that wrote it. Raises NotFound."""
    row = existing(db.session.execute(sa.select(ProjectVersion, Department.name).outerjoin(
        Department, Department.id == ProjectVersion.department_id).where(
        ProjectVersion.project_id == project_id, ProjectVersion.number == number)).one_or_none(),
        lambda: NotFound(_("그런 판은 없어요. 목록에서 다시 골라 주세요.")))
    return tuple(row)


def by_form_key(form_key: str) -> Project | None:
    return db.session.scalar(sa.select(Project).filter_by(form_key=form_key))


def of_proposal(round_id: int, proposal_id: int) -> Project | None:
    """The project that goes on of those that this proposal became in a round."""
    return db.session.scalar(sa.select(Project).where(
        Project.round_id == round_id, Project.proposal_id == proposal_id, Project.state.not_in(OVER)))


def not_yet_projects(round_id: int, author_id: int) -> Sequence[sa.Row]:
    """Number and title of somebody's own proposals that could still become a project of this round, the newest
    first."""
    is_one = sa.exists().where(Project.round_id == round_id, Project.proposal_id == Proposal.id,
                               Project.state.not_in(OVER))
    return db.session.execute(sa.select(Proposal.number, Proposal.title).where(
        Proposal.author_id == author_id, READABLE, Proposal.state.in_(TAKES_COMMENTS), ~is_one)
        .order_by(Proposal.id.desc()).limit(MOST_OWN)).all()


def round_of(project_id: int) -> int:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(Project.round_id).filter_by(id=project_id)), no_project)


def id_of(round_id: int, code: str) -> int | None:
    return db.session.scalar(sa.select(Project.id).filter_by(round_id=round_id, code=code)) if CODE.fullmatch(
        code) else None


def pictures(envelope_ids: Collection[int]) -> dict[int, dict[int, Attachment | Sign]]:
    """Envelope → number on its ballot → the first picture of the project, or the sign of its category; nothing of one
    that is hidden."""
    pictures: dict[int, dict[int, Attachment | Sign]] = {envelope_id: {} for envelope_id in envelope_ids}
    rows = db.session.execute(
        sa.select(Project.envelope_id, Project.number, Project.category, Attachment)
        .outerjoin(Attachment, sa.and_(Attachment.set_id == Project.attachment_set_id, Attachment.is_picture))
        .where(Project.envelope_id.in_(envelope_ids), Project.number.is_not(None), Project.hidden_at.is_(None))
        .order_by(Attachment.position, Attachment.id))
    for envelope_id, number, about, picture in rows:
        if picture is not None or about is not None:
            pictures[envelope_id].setdefault(number, picture or Sign(about))
    return pictures


def topics(ids: sa.Select) -> sa.Select:
    """Those with these ids, as lists of what is owed name them."""
    url = sa.literal("/budgets/") + BudgetRound.slug + "/projects/" + Project.code
    return sa.select(Project.id, sa.case((Project.hidden_at.is_(None), Project.title)).label("title"),
                     sa.literal(0).label("support_count"), url.label("url")).join(
        BudgetRound, BudgetRound.id == Project.round_id).where(Project.id.in_(ids))


def proposer(project: Project) -> sa.Select:
    """Id of whoever handed it in."""
    return sa.select(Project.author_id).where(Project.id == project.id, Project.author_id.is_not(None))
