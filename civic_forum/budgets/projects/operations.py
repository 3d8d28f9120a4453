"""Operations on projects inside somebody's transaction. The caller holds the round, then the project."""

import sqlalchemy as sa

from civic_forum.attachments import operations as attachments
from civic_forum.journeys import operations as journeys
from civic_forum.comments import operations as comments
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from ..events import ProjectHandedIn, ProjectMoved
from ..models import BudgetRound, Envelope
from ..rules import ProjectState, may_move
from . import rules
from .models import EligibilityReview, Project, ProjectVersion
from .rules import Belonging, ProjectText

KIND = "project"


def address(project: Project) -> str:
    """Of its page, root-relative."""
    return f"/budgets/{project.round.slug}/projects/{project.code}"


def add(work: Work, budget_round: BudgetRound, envelope: Envelope, text: ProjectText, belonging: Belonging, *,
        html: str,
        author_id: int | None, proposal_id: int | None = None, form_key: str | None = None) -> Project:
    """A new project with its code, journey, thread, files and first version. The lock of the round keeps two from
    getting the same code."""
    taken = work.session.scalars(sa.select(Project.code).filter_by(round_id=budget_round.id))
    project = Project(
        round_id=budget_round.id, code=rules.next_code(envelope.position, taken), state=ProjectState.HANDED_IN,
        author_id=author_id, proposal_id=proposal_id, form_key=form_key, version=1, cost=text.cost,
        proposed_cost=text.cost, created_at=work.at, journey_id=journeys.start(work.session).id)
    place(project, belonging)
    write(project, text, html)
    work.session.add(project)
    work.session.flush()
    project.thread_id = comments.open_thread(work.session, KIND, project.id).id
    project.attachment_set_id = attachments.open_set(work.session, KIND, project.id).id
    keep_version(work, project)
    journeys.add(work.session, project.journey_id, "project_handed_in", at=work.at)
    work.emit(ProjectHandedIn(project.id))
    return project


def write(project: Project, text: ProjectText, html: str) -> None:
    """Put the words and the cost into the record; `html` is the rendered text."""
    project.title, project.text, project.text_html = text.title, text.text, html
    project.place, project.scope = text.place, text.scope
    project.cost, project.cost_note = text.cost, text.cost_note or None


def place(project: Project, belonging: Belonging) -> None:
    """Say where it belongs. In another envelope it is in none of the groups of the one before."""
    if project.envelope_id != belonging.envelope_id:
        project.envelope_id, project.group_id, project.exclusion_id = belonging.envelope_id, None, None
    project.neighbourhood_id, project.category = belonging.neighbourhood_id, belonging.category
    project.kind_id = belonging.kind_id


def keep_version(work: Work, project: Project, *, note: str | None = None, department_id: int | None = None) -> None:
    """Keep the text as it stands now, under its version."""
    work.session.add(ProjectVersion(
        project_id=project.id, number=project.version, note=note, at=work.at, by_id=getattr(work.actor, "id", None),
        department_id=department_id, **{name: getattr(project, name) for name in rules.KEPT}))
    work.session.flush()


def keep_edit(work: Work, project: Project, *, note: str | None, department_id: int | None) -> None:
    """Keep the text as it stands now, under a version of its own."""
    project.version += 1
    project.edited_at = work.at
    keep_version(work, project, note=note, department_id=department_id)


def move(work: Work, project: Project, after: ProjectState, *, evidence: str | None = None,
         link: str | None = None) -> None:
    """Bring a project into its next state, write the public step (`project_<state>`) and tell of it.

    Raises Conflict when the table of moves has no such way.
    """
    if not may_move(project.state, after):
        raise Conflict(_("그 사이에 단계가 바뀌었어요. 새로 고친 뒤 다시 확인해 주세요."))
    project.state = after
    if project.journey_id is not None:
        journeys.add(work.session, project.journey_id, f"project_{after.value}", at=work.at, link=link,
                     evidence=evidence and evidence[:300])
    work.emit(ProjectMoved(project.id))


def take_back_reviews(work: Work, project: Project) -> None:
    """Nobody reviews it any more: it was withdrawn, merged, or is given out anew."""
    work.session.execute(sa.update(EligibilityReview).where(
        EligibilityReview.project_id == project.id, EligibilityReview.ended_at.is_(None),
        EligibilityReview.taken_back_at.is_(None)).values(taken_back_at=work.at))
