"""Registrations of budget rounds with the rest of the site."""

import json
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.ballots.events import BoxOpened, BoxPublished
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.queries import follows_district
from civic_forum.blocks.extensions import HOME, ME
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.journeys import operations as journeys
from civic_forum.search import operations as search
from civic_forum.platform import clock, countdown, hooks, jobs
from civic_forum.platform.i18n import _, _l, end, won
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.platform.work import going_on
from civic_forum.proposals.extensions import ASIDE
from civic_forum.proposals.queries.detail import Detail

from . import frozen as _frozen  # noqa: F401 (guards by being imported)
from . import kinds, labels, queries
from . import sheets  # noqa: F401 (it registers itself)
from .committee import own_data as _committee  # noqa: F401 (listens by being imported)
from .events import (ProjectEdited, ProjectHandedIn, ProjectMoved, ProjectsHidden, ProjectsShown, RoundAnnounced,
                     RoundEdited)
from .kinds import ENVELOPE
from .projects import own_data as personal_data
from .models import BudgetRound, Envelope
from .projects.models import EligibilityReview, Project
from .results import council
from .results import labels as result_labels
from .reviews import operations as review_operations
from .reviews import waiting
from .rounds import listing, opening
from .rules import NO_MORE, Phase, ProjectState
from .trials import services as trials

MENU["budget"] = Navigation(_l("주민참여예산"), "budgets.show_list", 25, "votes")

ROUND, PROJECT = kinds.ROUND.name, kinds.PROJECT.name
MOST_CARDS = 4
"""Of rounds that the first page looks at."""


@dataclass(frozen=True)
class BudgetSection:
    """Projects on a page of another feature."""

    template: str
    cards: list[listing.Linked]
    labels: ModuleType = labels


search.follow(kinds.ROUNDS, "round_id", RoundAnnounced, RoundEdited)


@hooks.on(RoundAnnounced)
def make_its_projects_findable(fact, session) -> None:
    """Those that stood in it before it was announced."""
    for project in session.query(Project).filter_by(round_id=fact.round_id).order_by(Project.id):
        _make_findable(project, session)


@hooks.on(ProjectHandedIn)
@hooks.on(ProjectEdited)
@hooks.on(ProjectMoved)
def make_project_findable(fact, session) -> None:
    _make_findable(session.get_one(Project, fact.project_id), session)


@hooks.on(ProjectsHidden)
def forget_hidden(fact, session) -> None:
    search.remove_all(session, PROJECT, fact.project_ids)


@hooks.on(ProjectsShown)
def find_again(fact, session) -> None:
    for project in session.query(Project).filter(Project.id.in_(fact.project_ids)).order_by(Project.id):
        _make_findable(project, session)


def _make_findable(project: Project, session) -> None:
    if project.hidden_at is not None:
        search.remove(session, PROJECT, project.id)
        return
    search.keep(session, kinds.PROJECTS, project)


def on_first_page() -> list[Current]:
    """Rounds in which people take part now."""
    cards, now = listing.under_way(MOST_CARDS), clock.now()
    return [_current(card, now) for card in cards if card.phase in TAKING_PART]


TAKING_PART = {Phase.COLLECTING: _l("사업 제안하기"), Phase.VOTING: _l("투표하기")}


def _current(card: listing.UnderWay, now: datetime) -> Current:
    budget_round, next_ = card.round, card.next
    until = next_.at if next_ is not None else None
    is_vote = card.phase is Phase.VOTING
    return kinds.ROUNDS.current(
        budget_round, _("사업 %(count)s개에서 골라요.", count=f"{budget_round.projects:,}") if is_vote
        else _("우리 동네에 필요한 사업을 받아요."),
        icon="budget", label=str(labels.PHASE[card.phase]), action=str(TAKING_PART[card.phase]),
        act="vote" if is_vote else "", is_open=True, until=until,
        left=countdown.days_left(until, now) if until else "", figure=won(budget_round.money),
        at=_("%(moment)s까지", moment=end(until, year=False)) if until else "")


def on_proposal(detail: Detail) -> BudgetSection | None:
    cards = listing.of_proposal(detail.proposal.id)
    return BudgetSection("budgets/of_proposal.html", cards) if cards else None


HOME.add(on_first_page)
ME.add(personal_data.on_me)
ASIDE.add_section(on_proposal)


@hooks.on(BoxOpened)
def freeze(fact, session) -> None:
    """The first box that is opened closes the round to changes; the projects of each stand on its ballot for good."""
    if not ENVELOPE.names(fact.subject):
        return
    envelope = queries.envelope_by_subject(fact.subject)
    budget_round, work = envelope.round, going_on()
    if budget_round.opened_at is None:
        opening.end_the_vote(budget_round)
        session.flush()
        budget_round.opened_at = work.at
        budget_round.version += 1
        work.record("budgets.opened", budget_round)
    projects = queries.held_projects([queries.numbered(envelope.id)])
    for project in projects:
        project.state = ProjectState.ON_BALLOT
    session.flush()
    journeys.add_to_all(session, [project.journey_id for project in projects if project.journey_id],
                        "project_on_ballot", at=work.at)
    for project in projects:
        work.emit(ProjectMoved(project.id))


PERSONAL_DATA["projects"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
ENTRIES["budgets.reviews"] = DeskEntry("budgets.see_reviews", _l("적격성 검토"), "budget_desk.reviews")
WORK.update({
    "budgets.give_out": DeskWork("budgets.see_reviews", _l("검토할 부서 정하기"), waiting.to_give_out,
                                 waiting.giving_lines),
    "budgets.review": DeskWork("budgets.see_reviews", _l("적격성 검토"), waiting.to_review, waiting.review_lines,
                               within=waiting.BY_ITS_DAY),
    "budgets.second_look": DeskWork("budgets.see_reviews", _l("재검토 요청"), waiting.to_answer, waiting.look_lines,
                                    within=waiting.ANSWERED_WITHIN),
    "budgets.open": DeskWork("budgets.see_reviews", _l("투표 열기"), waiting.to_open, waiting.opening_lines),
    "budgets.council": DeskWork("budgets.see_reviews", _l("의결과 실행 적기"), waiting.to_enter, waiting.council_lines),
})


@hooks.on(BoxPublished)
def say_what_was_chosen(fact: BoxPublished, session) -> None:
    """As the signed outcome says. The box is locked by whoever publishes it, so no edit of the round is under way."""
    if not ENVELOPE.names(fact.subject):
        return
    box = session.get_one(BallotBox, fact.box_id)
    if box.rehearsal:
        return
    envelope = queries.envelope_by_subject(fact.subject)
    result = json.loads(box.result)
    outcome = result_labels.said_of(envelope.name, envelope.quorum_terms, result)
    on_ballot = session.scalars(sa.select(Project.id).where(
        Project.envelope_id == envelope.id, Project.state == ProjectState.ON_BALLOT))
    work, link = going_on(), f"/budgets/{envelope.round.slug}/{envelope.slug}/results"
    for project in council.held(session, list(on_ballot)):
        project.place_in_order = outcome.places.get(project.code)
        after = ProjectState.CHOSEN if project.code in outcome.selected else ProjectState.NOT_CHOSEN
        council.move(work, project, after, evidence=outcome.evidence(project.code), link=f"{link}/{project.code}")


ENTRIES["budgets"] = DeskEntry("budgets.see_desk", _l("주민참여예산 준비하기"), "budget_desk.rounds")
ENTRIES["budget.trials"] = DeskEntry("budgets.import_trial", _l("셈 방식 비교하기"), "budget_desk.trials")

jobs.every(1, "trial elections", at_start=True)(trials.count_waiting)
OPEN_WORK |= {
    "rounds": Moving(label=_l("여는 주민참여예산"), model=BudgetRound, column=BudgetRound.department_id,
                     is_open=(BudgetRound.opened_at.is_(None),)),
    "reviews": Moving(label=_l("예산 사업 검토"), model=EligibilityReview, column=EligibilityReview.department_id,
                      is_open=(EligibilityReview.ended_at.is_(None), EligibilityReview.taken_back_at.is_(None)),
                      move=review_operations.move),
    "projects": Moving(label=_l("예산 사업"), model=Project, column=Project.department_id,
                       is_open=(Project.state.not_in(NO_MORE),)),
    "voters_of": Moving(label=_l("아직 정해지지 않은 예산 투표"), model=Envelope, column=Envelope.voters_of,
                        list=DistrictList.NEIGHBOURHOODS, is_open=(follows_district(Envelope.roll_id),)),
}
