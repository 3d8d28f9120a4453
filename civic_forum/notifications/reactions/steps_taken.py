"""Notices of steps of what somebody proposed, supports or follows: every step of a journey passes here."""

from textwrap import shorten

import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.agendas.queries import links
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.projects.operations import address
from civic_forum.journeys.events import StepTaken
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import hooks
from civic_forum.platform.i18n import local
from civic_forum.platform.work import acting_id
from civic_forum.proposals.models import Proposal

from .. import operations
from ..queries import recipients
from ..rules import NoticeKind

TOLD = frozenset(
    """registered threshold formal edited answered interim_answer answered_again corrected referred
    referral_undone completion completed second_review in_agenda in_poll in_meeting became_project decided in_progress
    done lapsed withdrawn ungrouped agenda_in_deliberation agenda_closed forum_announced nominated awarded noted
    project_chosen project_not_chosen project_in_budget project_dropped project_council_corrected project_in_progress
    project_done""".split()
)
"""Steps that are told as they are. Merging, parting and grouping have sentences of their own (`agendas`), hiding too;
what an outcome moves is told with the outcome."""
ONCE_A_DAY = frozenset(("edited", "project_edited", "in_agenda", "ungrouped", "agenda_in_deliberation",
                        "agenda_closed"))
"""What can be done and taken back as often as somebody likes: tens of thousands are told of it once."""
OF_PROJECT = frozenset("""project_edited project_in_review project_passed_on project_opinion project_eligible
    project_eligible_if project_not_eligible project_look_declined project_merged project_took_up""".split())
"""Steps that whoever proposed a project is told of, unless it was their own doing."""
OUTCOME = "/outcomes/"
MOST_WORDS = 80
"""Of what was written down; the rest stands where the notice leads."""


@hooks.on(StepTaken)
def tell_of_step(fact: StepTaken, session) -> None:
    entry = session.get_one(JourneyEntry, fact.entry_id)
    if entry.step.startswith("project_") and entry.step in OF_PROJECT | TOLD:
        _tell_of_project(session, entry)
    if entry.step not in TOLD or (entry.link or "").startswith(OUTCOME):
        return
    proposal = session.scalar(sa.select(Proposal).filter_by(journey_id=fact.journey_id))
    if proposal is not None:
        _tell_of_proposal(session, entry, proposal)
        return
    agenda = session.scalar(sa.select(Agenda).filter_by(journey_id=fact.journey_id))
    if agenda is not None and agenda.published_at is not None:
        _tell_of_agenda(session, entry, agenda)


def _tell_of_proposal(session, entry: JourneyEntry, proposal: Proposal) -> None:
    people = recipients.but(recipients.concerned([proposal.id]), proposal.author_id)
    _tell_both(session, entry, recipients.one(proposal.author_id), people, about=f"proposal:{proposal.id}",
               title=proposal.title, url=entry.link or f"/proposals/{proposal.number}")


def _tell_of_project(session, entry: JourneyEntry) -> None:
    project = session.scalar(sa.select(Project).filter_by(journey_id=entry.journey_id))
    if project is None or project.author_id is None or project.author_id == acting_id():
        return
    if entry.step in TOLD and project.proposal_id is not None:
        return  # The journey of its proposal has the same step.
    about = f"project:{project.id}"
    operations.tell(session, recipients.one(project.author_id), kind=NoticeKind.MY_PROPOSAL, about=about,
                    step=entry.step, title=project.title, url=entry.link or address(project),
                    once=_once(entry, about), at=entry.at)


def _tell_of_agenda(session, entry: JourneyEntry, agenda: Agenda) -> None:
    grouped = links.proposals_in(agenda.id)
    _tell_both(session, entry, recipients.authors(grouped), recipients.concerned(grouped), about=f"agenda:{agenda.id}",
               title=agenda.question, url=entry.link or f"/agendas/{agenda.slug}", what=_what(entry))


def _what(entry: JourneyEntry) -> str | None:
    """A step that has no words of its own is told in those of who wrote it down."""
    return shorten(entry.evidence, MOST_WORDS, placeholder="…") if entry.step == "noted" and entry.evidence else None


def _tell_both(session, entry: JourneyEntry, authors, people, *, about: str, title: str, url: str,
               what: str | None = None) -> None:
    """Authors first: who is told as an author is not told again as a supporter."""
    once = _once(entry, about)
    for kind, whom in ((NoticeKind.MY_PROPOSAL, authors), (NoticeKind.SUPPORTED, people)):
        operations.tell(session, whom, kind=kind, about=about, step="noted_in_words" if what else entry.step,
                        title=title, url=url, once=once, at=entry.at, details={"what": what} if what else None)


def _once(entry: JourneyEntry, about: str) -> str:
    return f"step:{about}:{entry.step}:{local(entry.at).date()}" if entry.step in ONCE_A_DAY else f"step:{entry.id}"
