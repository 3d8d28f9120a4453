"""Registrations of calls with the rest of the site."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import HOME, ME
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.questions import LATEST
from civic_forum.blocks.pages import MENU, USED, Navigation
from civic_forum.platform import clock, countdown, hooks, jobs, site_version
from civic_forum.platform.i18n import _, _l, end
from civic_forum.platform.waiting import ENTRIES, WORK, DeskEntry, DeskLine, DeskWork, Waiting
from civic_forum.platform.web import visitor
from civic_forum.platform.work import going_on
from civic_forum.proposals.events import ProposalsHidden, ProposalsShown
from civic_forum.proposals.extensions import BODY
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.detail import Detail
from civic_forum.search import operations as search

from . import kinds, labels, queries, services
from . import sheets  # noqa: F401 (it registers itself)
from .applying import own_data
from .applying import queries as applications
from .events import ApplicationWithdrawn, CallAnnounced, CallEdited
from .judging import own_data as jurors  # noqa: F401 (it registers itself)
from .judging.operations import give_place
from .models import Call, CallApplication
from .reviewing import queries as reviews
from .rules import KIND, UNDECIDED_DAYS, ApplicationState


@dataclass(frozen=True)
class Nominations:
    """Prizes on the page of a proposal."""

    template: str
    won: list[CallApplication]
    standing: list[CallApplication]
    """With which the reader, its author, may decline."""


def on_first_page() -> list[Current]:
    """Calls for which one can apply now."""
    if site_version.is_unused(Call.__tablename__):  # a district without any
        return []
    calls = queries.open_now(clock.now())
    return [_current(call) for call in calls]


def _current(call: Call) -> Current:
    return kinds.PUBLIC.current(
        call, icon="self-governance", label=str(labels.STAGE[call.stage]), action=_("자세히 보기"), is_open=True,
        until=call.closes_at, left=countdown.days_left(call.closes_at, clock.now()),
        at=_("%(moment)s까지", moment=end(call.closes_at, year=False)))


@hooks.on(ApplicationWithdrawn)
def give_way(fact: ApplicationWithdrawn, session) -> None:
    """Somebody chosen takes it back: the next of the reserve moves up."""
    if fact.was == ApplicationState.CHOSEN:
        give_place(going_on(), session.get_one(CallApplication, fact.call_application_id))


@hooks.on(ProposalsHidden)
@hooks.on(ProposalsShown)
def title_nominations(fact: ProposalsHidden | ProposalsShown, session) -> None:
    """The title of what is hidden stands nowhere, also among those nominated for a prize."""
    title = "" if isinstance(fact, ProposalsHidden) else sa.select(Proposal.title).where(
        Proposal.id == CallApplication.proposal_id).scalar_subquery()
    session.execute(sa.update(CallApplication).where(
        CallApplication.proposal_id.in_(fact.proposal_ids),
        CallApplication.state != ApplicationState.WITHDRAWN).values(title=title))


def on_proposal(detail: Detail) -> Nominations | None:
    """Asks nothing but where a proposal was nominated."""
    proposal, steps, viewer = detail.proposal, detail.steps_taken, visitor()
    own = viewer.is_authenticated and viewer.id == proposal.author_id
    if "awarded" not in steps and not (own and "nominated" in steps):
        return None
    nominations = applications.of_proposal(proposal.id)
    won = [each for each in nominations if each.call.decided_at and each.state is ApplicationState.CHOSEN]
    standing = [each for each in nominations if own and each.call.decided_at is None]
    return Nominations("calls/on_proposal.html", won, standing) if won or standing else None


def score_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/calls/{call.ref}/scores", call.title or "") for call in waiting]


WORK["calls.score"] = DeskWork("desk.enter", _l("점수 매기기"), queries.to_score, score_lines)
search.follow(kinds.PUBLIC, "call_id", CallAnnounced, CallEdited)
jobs.every(60, "answers that were to be kept so long")(services.forget)
PERSONAL_DATA["calls"] = PersonalData(collect=own_data.collect, erase=own_data.erase)
ME.add(own_data.on_me)
BODY.add_section(on_proposal)
HOME.add(on_first_page)
WORK["calls.reviews"] = DeskWork("calls.review", _l("모집 신청 검토하기"), reviews.to_review, reviews.lines)
LATEST[KIND] = UNDECIDED_DAYS
ENTRIES["calls"] = DeskEntry("calls.see_desk", _l("모집·공모"), "call_desk.calls")
MENU["calls"] = Navigation(_l("모집·공모"), "calls.show_list", 37)
USED["calls"] = Call.__tablename__
