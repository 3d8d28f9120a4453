"""Every change that people make to projects: handing in, editing, withdrawing, merging."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform import rich_text
from civic_forum.platform.errors import Conflict, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.rules import DRAFT_KEY

from ..events import ProjectEdited
from .. import queries as budgets
from ..models import BudgetRound
from ..policy import may_decide
from ..rules import EDITABLE, FIT_FOR_BALLOT, ProjectState
from ..reviews import operations as reviews
from . import operations, policy, queries, rules
from .models import Project
from .rules import Belonging, Hand, ProjectText


def hand_in(round_id: int, text: ProjectText, belonging: Belonging, *, form_key: str,
            proposal_number: str | None = None,
            by: User) -> Project:
    """A new project of a round, or one that a proposal becomes: then the proposal's author is its proposer.

    A second click gets what the first one made. Raises Refusal with `field` for what is missing, too long or over the
    cap, Conflict where the proposal is a project of this round already.
    """
    operations.check(text)
    if not DRAFT_KEY.fullmatch(form_key):
        raise Refusal(_("화면을 새로 고친 뒤 다시 해 주세요."))
    html = rich_text.render(text.text)
    with use_case(by) as work:
        budget_round = budgets.locked(round_id)
        if (known := queries.by_form_key(form_key)) is not None:
            return _made_before(known, budget_round, by)
        require(by, policy.may_hand_in, budget_round)
        proposal = _proposal(proposal_number, by)
        if proposal is not None and queries.of_proposal(budget_round.id, proposal.id) is not None:
            raise Conflict(_("이 제안은 이미 이 주민참여예산의 사업이에요."), field="proposal")
        envelope = operations.envelope_for(work, budget_round, belonging, text.cost)
        project = operations.add(work, budget_round, envelope, text, belonging, html=html, form_key=form_key,
                                 author_id=proposal.author_id if proposal else by.id,
                                 proposal_id=proposal.id if proposal else None)
        if proposal is not None and proposal.journey_id is not None:
            journeys.add(work.session, proposal.journey_id, "became_project", at=work.at,
                         evidence=f"{budget_round.title} {project.code}"[:300], link=operations.address(project),
                         once=f"project:{project.id}")
        work.record("budgets.project_handed_in", project, round=budget_round.slug, code=project.code)
        return project


def _made_before(known: Project, budget_round: BudgetRound, by: User) -> Project:
    if known.round_id != budget_round.id or policy.hands(by, known) == []:
        raise Conflict(_("화면을 새로 고친 뒤 다시 해 주세요."))
    return known


def _proposal(number: str | None, by: User) -> Proposal | None:
    if not number:
        return None
    proposal = existing(proposals.numbered(number),
                        lambda: Refusal(_("이런 번호의 제안은 없어요. 2026-0412처럼 적어 주세요."), field="proposal"))
    proposal = proposals.locked(proposal.id)
    require(by, policy.may_make_project_of, proposal)
    return proposal


def edit(project_id: int, text: ProjectText, *, version: int, note: str = "", belonging: Belonging | None = None,
         by: User) -> Project:
    """Say it anew; every version is kept and public. What is the same changes nothing.

    An office says in `note` what it changed. Where its proposer changes what was reviewed, the department looks again.
    `version` is the one that was read: raises Conflict when it is not the newest, Refusal for what does not fit.
    """
    operations.check(text)
    html = rich_text.render(text.text)
    with use_case(by) as work:
        budget_round, project = operations.held(project_id)
        require(by, policy.may_edit_project, project)
        hand = policy.hand_of(by, project)
        if hand is not Hand.PROPOSER:
            goes_to = {belonging.envelope_id} if belonging is not None else set()
            require(by, may_decide, budgets.proposers({project.envelope_id} | goes_to))
        if version != project.version:
            raise Conflict(_("그 사이에 다른 사람이 사업을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
        note = words_given(note, 0 if hand is Hand.PROPOSER else rules.NOTE_LEAST, rules.NOTE_MOST, "note")
        if belonging is None or not policy.may_place(by, project):
            belonging = belonging_of(project)
        operations.envelope_for(work, budget_round, belonging, text.cost)
        moved = belonging != belonging_of(project)
        changed = [name for name in (*rules.KEPT, "cost_note") if (getattr(project, name) or "") != getattr(text, name)]
        if not changed and not moved:
            return project
        operations.write(project, text, html)
        operations.place(project, belonging)
        operations.keep_edit(work, project, note=note or None,
                             department_id=project.department_id if hand is Hand.OFFICIAL else None)
        journeys.add(work.session, project.journey_id, "project_edited", at=work.at, evidence=note or None,
                     link=f"{operations.address(project)}/versions/{project.version}",
                     details={"version": project.version})
        work.record("budgets.project_edited", project, version=project.version, hand=hand.value, moved=moved,
                    changed=changed)
        work.emit(ProjectEdited(project.id))
        if hand is Hand.PROPOSER and project.state in FIT_FOR_BALLOT:
            reviews.look_again(work, project)
        return project


def belonging_of(project: Project) -> Belonging:
    return Belonging(project.envelope_id, project.neighbourhood_id, project.category, project.kind_id)


def withdraw(project_id: int, *, reason: str, by: User) -> Project:
    """Give a project up before the vote is opened; it stays readable, with the reason."""
    with use_case(by) as work:
        _round, project = operations.held(project_id)
        require(by, policy.may_withdraw, project)
        reason = words_given(reason, rules.NOTE_LEAST, rules.NOTE_MOST, "reason")
        operations.withdraw(work, project, reason)
        work.record("budgets.project_withdrawn", project)
        return project


def merge(project_id: int, into_code: str, *, note: str, by: User) -> Project:
    """Let another project of the round carry this one on; `note` is what its proposer said to that.

    Raises Refusal where the other one cannot, Conflict for one that is over, Denied for a moderator with a project of
    their own among those that compete with either.
    """
    with use_case(by) as work:
        budget_round = budgets.locked(queries.round_of(project_id))
        other_id = queries.id_of(budget_round.id, into_code)
        if other_id is None or other_id == project_id:
            raise Refusal(_("이 주민참여예산의 다른 사업 번호를 적어 주세요. 예: A07"), field="into")
        both = {id_: budgets.locked_project(id_) for id_ in sorted((project_id, other_id))}
        project, into = both[project_id], both[other_id]
        require(by, policy.may_merge, project)
        require(by, may_decide, budgets.proposers({project.envelope_id, into.envelope_id}))
        note = words_given(note, rules.NOTE_LEAST, rules.NOTE_MOST, "note")
        if into.state not in EDITABLE or into.hidden_at is not None:
            raise Refusal(_("접수했거나 검토하고 있는 사업, 적격인 사업에만 합칠 수 있어요."), field="into")
        operations.take_back_reviews(work, project)
        project.merged_into_id = into.id
        operations.move(work, project, ProjectState.MERGED, evidence=f"{into.code} {note}",
                        link=operations.address(into))
        journeys.add(work.session, into.journey_id, "project_took_up", at=work.at, evidence=project.code,
                     link=operations.address(project))
        work.record("budgets.project_merged", project, into=into.code)
        return project
