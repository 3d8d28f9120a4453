"""Entering a round that was decided elsewhere, with its projects as they came out."""

from civic_forum.accounts.models import User
from civic_forum.attachments import operations as attachments
from civic_forum.journeys import operations as journeys
from civic_forum.comments import operations as comments
from civic_forum.platform import rich_text, text_checks
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..events import RoundAnnounced
from .. import queries as records
from .. import rules as parts
from ..models import BudgetRound, Envelope
from ..policy import may_make
from ..parts import EnvelopeParts
from ..process import write_calendar
from ..projects import operations as project_steps
from ..projects.models import Project
from . import rules
from .rules import PastProject, PastRound

LONGEST_PLACE = 200


def enter(past: PastRound, *, by: User) -> BudgetRound:
    """The round with everything in it, for everybody to see at once.

    Raises Refusal naming the field for what does not fit: a project that was not chosen, an envelope over its money;
    Conflict for an address that is taken.
    """
    _check(past)
    with use_case(by) as work:
        require(by, may_make)
        if records.slugged(past.slug) is not None:
            raise Conflict(_("이 주소를 쓰는 주민참여예산이 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
        budget_round = BudgetRound(slug=past.slug, created_by_id=by.id, created_at=work.at, announced_at=work.at,
                                   binding="", decided_in=past.decided_in, invented=past.invented)
        past.wording.write(budget_round)
        work.store(budget_round)
        write_calendar(budget_round, past.calendar)
        envelopes = {slug: _envelope(work, budget_round, slug, position, purse)
                     for position, (slug, purse) in enumerate(past.envelopes, start=1)}
        for project in past.projects:
            _project(work, budget_round, envelopes[project.envelope], project)
        work.session.expire(budget_round, ["envelopes", "phases"])
        work.record("budgets.history_entered", budget_round, projects=len(past.projects))
        work.emit(RoundAnnounced(budget_round.id))
        return budget_round


def _check(past: PastRound) -> None:
    if not parts.slug_fits(past.slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요."), field="slug")
    text_checks.words_given(past.decided_in, 2, LONGEST_PLACE, "decided_in")
    for slug, _purse in past.envelopes:
        if not parts.envelope_slug_fits(slug):
            raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 40자까지 적어 주세요."), field="envelopes")
    if code := rules.first_astray(past):
        raise Refusal(_("%(code)s: 뽑힌 사업만, 있는 배정 예산에, 한 번씩 적어 주세요.", code=code), field="projects")
    if name := rules.first_over(past):
        raise Refusal(_("%(name)s: 뽑힌 사업의 돈이 배정 예산보다 많아요.", name=name), field="projects")


def _envelope(work: Work, budget_round: BudgetRound, slug: str, position: int, purse: EnvelopeParts) -> Envelope:
    envelope = Envelope(round_id=budget_round.id, slug=slug, position=position)
    with work.session.no_autoflush:
        purse.write(envelope)
    return work.store(envelope)


def _project(work: Work, budget_round: BudgetRound, envelope: Envelope, past: PastProject) -> None:
    """With a public step for what became of it, on its day."""
    project = Project(
        round_id=budget_round.id, envelope_id=envelope.id, code=past.code, state=past.state, version=1,
        neighbourhood_id=past.neighbourhood_id, category=past.category, department_id=past.department_id,
        proposed_cost=past.text.cost, decided_amount=past.decided_amount, created_at=work.at,
        journey_id=journeys.start(work.session).id)
    project_steps.write(project, past.text, rich_text.render(past.text.text))
    work.store(project)
    project.thread_id = comments.open_thread(work.session, project_steps.KIND, project.id).id
    project.attachment_set_id = attachments.open_set(work.session, project_steps.KIND, project.id).id
    project_steps.keep_version(work, project)
    journeys.add(work.session, project.journey_id, f"project_{past.state.value}", at=past.at,
                 evidence=past.note[:300] or None)
