"""Operations on projects inside somebody's transaction. The caller holds the round, then the project."""

import sqlalchemy as sa

from civic_forum.attachments import operations as attachments
from civic_forum.journeys import operations as journeys
from civic_forum.comments import operations as comments
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, won
from civic_forum.platform.text_checks import check_lengths, words_given
from civic_forum.platform.work import Work

from ..events import ProjectHandedIn, ProjectMoved
from .. import queries as budgets
from ..models import BudgetRound, Envelope, ProjectKind
from ..rules import ProjectState, may_move
from . import queries, rules
from .models import EligibilityReview, Project, ProjectVersion
from .rules import Belonging, ProjectText

KIND = "project"


def address(project: Project) -> str:
    """Of its page, root-relative."""
    return f"/budgets/{project.round.slug}/projects/{project.code}"


def check(text: ProjectText) -> None:
    """Raises Refusal for the first thing that is missing, too long, or never to be published."""
    check_lengths(text, rules.LONGEST)
    words_given(text.title, rules.TITLE_LEAST, rules.TITLE_MOST, "title")
    words_given(text.text, rules.TEXT_LEAST, rules.TEXT_MOST, "text")
    if not 0 < text.cost <= rules.MOST_COST:
        raise Refusal(_("드는 돈을 원 단위로 적어 주세요."), field="cost")


def envelope_for(work: Work, budget_round: BudgetRound, belonging: Belonging, cost: int) -> Envelope:
    """The envelope of this round that takes a project of this cost. Raises Refusal."""
    envelope = next((envelope for envelope in budget_round.envelopes if envelope.id == belonging.envelope_id), None)
    if envelope is None:
        raise Refusal(_("배정 예산을 골라 주세요."), field="envelope")
    kind = work.session.get(ProjectKind, belonging.kind_id) if belonging.kind_id is not None else None
    if belonging.kind_id is not None and (kind is None or kind.round_id != budget_round.id):
        raise Refusal(_("목록에 있는 종류를 골라 주세요."), field="kind")
    if envelope.neighbourhood_id is not None and belonging.neighbourhood_id != envelope.neighbourhood_id:
        raise Refusal(_("이 배정 예산은 한 동의 돈이에요. 그 동의 사업만 낼 수 있어요."), field="neighbourhood")
    if belonging.neighbourhood_id is not None and work.session.get(Neighbourhood, belonging.neighbourhood_id) is None:
        raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
    refuse_over(cost, budget_round, envelope, kind, field="cost")
    return envelope


def refuse_over(cost: int, budget_round: BudgetRound, envelope: Envelope, kind: ProjectKind | None, *,
                field: str) -> None:
    """Raises Refusal for a cost over the lowest of the caps of the round, the kind and the envelope's money."""
    most = rules.cap(budget_round.project_cap, kind and kind.cap, envelope.amount)
    if most is not None and cost > most:
        raise Refusal(_("한 사업에 쓸 수 있는 돈은 %(cap)s까지예요. 지금 적은 돈은 %(cost)s이에요.", cap=won(most),
                        cost=won(cost)), field=field)


def held(project_id: int) -> tuple[BudgetRound, Project]:
    """The round of a project and the project, locked in this order. Raises NotFound."""
    return budgets.locked(queries.round_of(project_id)), budgets.locked_project(project_id)


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
    work.store(project)
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
    work.store(ProjectVersion(
        project_id=project.id, number=project.version, note=note, at=work.at, by_id=getattr(work.actor, "id", None),
        department_id=department_id, **{name: getattr(project, name) for name in rules.KEPT}))


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


def withdraw(work: Work, project: Project, reason: str) -> None:
    """Give it up; it stays readable, with the reason."""
    take_back_reviews(work, project)
    project.withdrawn_at = work.at
    move(work, project, ProjectState.WITHDRAWN, evidence=reason)


def take_back_reviews(work: Work, project: Project) -> None:
    """Nobody reviews it any more: it was withdrawn, merged, or is given out anew."""
    work.session.execute(sa.update(EligibilityReview).where(
        EligibilityReview.project_id == project.id, EligibilityReview.ended_at.is_(None),
        EligibilityReview.taken_back_at.is_(None)).values(taken_back_at=work.at))
