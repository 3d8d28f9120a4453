"""Decisions of the district council on chosen projects: read, entered, put right, carried out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import SEOUL, _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.plain_text import clean
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals.queries import records as proposals

from .. import queries as records
from ..events import ProjectCarriedOut
from ..models import BudgetRound, Envelope
from ..rules import ProjectState, WON
from ..projects import operations
from ..projects.models import CouncilStep, Project
from . import labels, rules
from .policy import may_carry_out, may_correct, may_decide
from .queries import ResultRow
from .rules import AFTER, Decided, MOST_NOTE


@dataclass(frozen=True)
class Chosen:
    """A project that the vote chose, and what the council made of it."""

    project: Project
    step: CouncilStep | None
    """None: nothing is entered yet."""

    @property
    def waits(self) -> bool:
        return self.project.state is ProjectState.CHOSEN

    @property
    def carried_on(self) -> ProjectState | None:
        """Steps that can be reported next."""
        return {ProjectState.IN_BUDGET: ProjectState.IN_PROGRESS,
                ProjectState.IN_PROGRESS: ProjectState.DONE}.get(self.project.state)


def chosen(round_id: int) -> list[Chosen]:
    """By envelope, in the order in which they were chosen."""
    rows = db.session.execute(
        sa.select(Project, CouncilStep).outerjoin(CouncilStep, CouncilStep.project_id == Project.id)
        .join(Envelope, Envelope.id == Project.envelope_id)
        .where(Project.round_id == round_id, Project.state.in_(sorted(WON)))
        .order_by(Envelope.position, Project.place_in_order, Project.code)
        .options(joinedload(Project.department)))
    return [Chosen(project, step) for project, step in rows]


def decided(round_id: int, code: str) -> Chosen:
    """One of which something is entered. Raises NotFound."""
    return existing(next((choice for choice in chosen(round_id)
                          if choice.project.code == code and choice.step is not None), None),
                    lambda: NotFound(_("아직 적지 않은 사업이에요.")))


@dataclass(frozen=True)
class Council:
    """Projects and money that the district council left of what was chosen."""

    chosen: list[ResultRow]
    decided: list[ResultRow]

    @property
    def is_complete(self) -> bool:
        return bool(self.chosen) and len(self.decided) == len(self.chosen)

    @property
    def money(self) -> int:
        """Won that were chosen."""
        return sum(line.cost for line in self.chosen)

    @property
    def confirmed(self) -> int:
        """Won that are in the budget."""
        return sum(line.council.amount for line in self.decided if line.council)

    @property
    def changed(self) -> list[ResultRow]:
        """Those of which it took something away."""
        return [line for line in self.decided if line.council and line.council.amount != line.cost]

    @property
    def kept(self) -> list[ResultRow]:
        """Those that it left as they were."""
        return [line for line in self.decided if line.council and line.council.amount == line.cost]


def council_of(funded: Iterable[ResultRow]) -> Council:
    """Those of the chosen projects that the council left."""
    won = list(funded)
    return Council(won, [line for line in won if line.council is not None])


def held(session, project_ids: Collection[int]) -> list[Project]:
    """These projects, locked after the proposals behind them, in the order of their ids."""
    behind = session.scalars(sa.select(Project.proposal_id).where(
        Project.id.in_(project_ids), Project.proposal_id.is_not(None)))
    for proposal_id in sorted(set(behind)):
        proposals.locked(proposal_id)
    return [records.locked_project(project_id) for project_id in sorted(project_ids)]


def move(work: Work, project: Project, after: ProjectState, *, evidence: str, link: str | None = None) -> None:
    """The next state, with the same public step for the project and for its proposal. The caller holds both.

    Raises Conflict when the table of moves has no such way.
    """
    link = link or operations.address(project)
    operations.move(work, project, after, evidence=evidence, link=link)
    _tell_proposal(work, project, f"project_{after.value}", work.at, evidence, link)


def note(work: Work, project: Project, step: str, *, evidence: str) -> None:
    """A public step without another state. The caller holds the project and its proposal."""
    link = operations.address(project)
    if project.journey_id is not None:
        journeys.add(work.session, project.journey_id, step, at=work.at, evidence=evidence, link=link)
    _tell_proposal(work, project, step, work.at, evidence, link)


def _tell_proposal(work: Work, project: Project, step: str, at: datetime, evidence: str, link: str) -> None:
    proposal = project.proposal
    if proposal is not None and proposal.journey_id is not None:
        journeys.add(work.session, proposal.journey_id, step, at=at, evidence=evidence, link=link)


NOON = time(12)


def decide(round_id: int, decisions: Sequence[Decided], *, on: date, by: User) -> list[CouncilStep]:
    """Enter what the council did with several chosen projects at once, all or none; `on` is the day of its vote.

    Raises Refusal with the field `reason-<code>` or `amount-<code>` for what does not fit, and Conflict for a project
    of which it was entered already.
    """
    with use_case(by) as work:
        budget_round = records.locked(round_id)
        require(by, may_decide, budget_round)
        if not decisions:
            raise Refusal(_("적을 사업을 하나 이상 골라 주세요."))
        at = _decided_at(work, budget_round, on)
        projects = _projects(work, budget_round, [decision.code for decision in decisions])
        entered = [_enter(work, projects[decision.code], decision, at, by) for decision in decisions]
        work.record("budgets.council_entered", budget_round, projects=len(entered), on=on.isoformat())
        return entered


def correct(round_id: int, decided: Decided, *, on: date, seen: tuple[str, int], by: User) -> CouncilStep:
    """Put right what was entered. `seen`: decision and amount as the page showed them.

    The journey gets a step that says so, the audit trail what stood before. Raises Conflict when somebody else has
    put it right meanwhile.
    """
    with use_case(by) as work:
        budget_round = records.locked(round_id)
        require(by, may_correct, budget_round)
        at = _decided_at(work, budget_round, on)
        project = _projects(work, budget_round, [decided.code])[decided.code]
        step = existing(work.session.scalar(sa.select(CouncilStep).filter_by(project_id=project.id)),
                        lambda: NotFound(_("아직 적지 않은 사업이에요.")))
        if (step.decision.value, step.amount) != seen:
            raise Conflict(_("그 사이에 다른 담당자가 고쳤어요. 새로 고친 뒤 다시 확인해 주세요."))
        _check(decided, project)
        was, evidence = step.decision, labels.evidence(decided.decision, project.cost, _amount(decided, project),
                                                      decided.reason)
        work.record("budgets.council_corrected", project, decision=was.value, amount=step.amount)
        _write(work, step, project, decided, at, by)
        if AFTER[was] is AFTER[decided.decision]:
            note(work, project, "project_council_corrected", evidence=evidence)
        elif project.state is AFTER[was]:
            note(work, project, "project_council_corrected", evidence=evidence)
            move(work, project, AFTER[decided.decision], evidence=evidence)
        else:
            raise Conflict(_("이미 실행을 시작한 사업이라 바꿀 수 없어요."))
        return step


def carry_out(project_id: int, after: ProjectState, *, note: str, by: User) -> Project:
    """Say that a project in the budget has begun (`IN_PROGRESS`) or is done (`DONE`), with a public note."""
    with use_case(by) as work:
        round_id = work.session.scalar(sa.select(Project.round_id).filter_by(id=project_id))
        if round_id is None:
            raise records.no_project()
        records.locked(round_id)
        [project] = held(work.session, [project_id])
        require(by, may_carry_out, project)
        if after not in (ProjectState.IN_PROGRESS, ProjectState.DONE):
            raise Refusal(_("시작했는지 마쳤는지 골라 주세요."), field="after")
        if not clean(note) or len(note) > MOST_NOTE:
            raise Refusal(_("무엇을 했는지 %(most)s자 안으로 적어 주세요.", most=MOST_NOTE), field="note")
        refuse_secret(note=note)
        move(work, project, after, evidence=note)
        work.record("budgets.carried_out", project, state=after.value)
        work.emit(ProjectCarriedOut(project.id, note, after is ProjectState.DONE))
        return project


def _decided_at(work: Work, budget_round: BudgetRound, on: date) -> datetime:
    """Noon of the day: nobody is asked for the hour. Raises Refusal for a day on which it cannot have been."""
    moments = [envelope.box.published_at for envelope in budget_round.envelopes
               if envelope.box is not None and envelope.box.published_at]
    published = local(min(moments)).date() if moments else None
    if not rules.day_fits(on, published=published, today=local(work.at).date()):
        raise Refusal(_("결과를 공개한 날부터 오늘까지의 날을 적어 주세요."), field="on")
    return datetime.combine(on, NOON, SEOUL)


def _projects(work: Work, budget_round: BudgetRound, codes: Sequence[str]) -> dict[str, Project]:
    """By code, locked. Raises NotFound for one that is not of this round, Refusal for one that is named twice."""
    if len(set(codes)) != len(codes):
        raise Refusal(_("한 사업을 두 번 적었어요."))
    ids = list(work.session.scalars(sa.select(Project.id).where(Project.round_id == budget_round.id,
                                                                Project.code.in_(codes))))
    if len(ids) != len(codes):
        raise records.no_project()
    return {project.code: project for project in held(work.session, ids)}


def _enter(work: Work, project: Project, decided: Decided, at: datetime, by: User) -> CouncilStep:
    if project.state is not ProjectState.CHOSEN:
        raise Conflict(_("%(title)s: 선정한 뒤 아직 적지 않은 사업만 적을 수 있어요. 새로 고친 뒤 다시 확인해 주세요.", title=project.title))
    _check(decided, project)
    step = CouncilStep(project_id=project.id)
    _write(work, step, project, decided, at, by)
    work.session.add(step)
    evidence = labels.evidence(decided.decision, project.cost, step.amount, decided.reason)
    move(work, project, AFTER[decided.decision], evidence=evidence)
    return step


def _check(decided: Decided, project: Project) -> None:
    if wrong := rules.why_not(decided, project.cost):
        field = "amount" if wrong is rules.Wrong.AMOUNT else "reason"
        raise Refusal(f"{project.title}: {labels.WRONG[wrong]}", field=f"{field}-{project.code}")
    refuse_secret(**{f"reason-{project.code}": decided.reason})


def _amount(decided: Decided, project: Project) -> int:
    return rules.amount_of(decided, project.cost)


def _write(work: Work, step: CouncilStep, project: Project, decided: Decided, at: datetime, by: User) -> None:
    step.decision, step.amount = decided.decision, _amount(decided, project)
    step.reason, step.decided_at, step.at, step.by_id = decided.reason, at, work.at, by.id
    project.decided_amount = step.amount
