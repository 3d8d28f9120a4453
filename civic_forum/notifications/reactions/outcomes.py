"""Notices of outcomes to those who took part."""

from datetime import datetime

from civic_forum.accounts.rules import Role
from civic_forum.kernel import clock, hooks
from civic_forum.outcomes.events import OutcomePublished, OutcomeReported, OutcomeSentBack, OutcomeSubmitted
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import participants, subjects

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind


@hooks.on(OutcomePublished)
def tell_of_outcome(fact: OutcomePublished, session) -> None:
    _tell_everybody_who_took_part(session, session.get_one(Outcome, fact.outcome_id), once=str(fact.version),
                                  step="outcome_published" if fact.version == 1 else "outcome_corrected")


@hooks.on(OutcomeReported)
def tell_of_report(fact: OutcomeReported, session) -> None:
    _tell_everybody_who_took_part(session, session.get_one(Outcome, fact.outcome_id), once=f"report:{fact.number}",
                                  step="outcome_done" if fact.is_done else "outcome_reported")


def _tell_everybody_who_took_part(session, outcome: Outcome, *, step: str, once: str) -> None:
    """Authors of its proposals first, then all who took part or wanted to hear of it."""
    proposals = participants.proposals_of(outcome)
    said = {"about": f"outcome:{outcome.id}", "title": outcome.title, "url": f"/outcomes/{outcome.id}", "step": step,
            "once": f"outcome:{outcome.id}:{once}", "at": clock.now()}
    for kind, people in ((NoticeKind.MY_PROPOSAL, recipients.authors(proposals)),
                         (NoticeKind.OUTCOME, participants.of(outcome)),
                         (NoticeKind.OUTCOME, recipients.concerned(proposals))):
        steps.tell(session, people, kind=kind, **said)


@hooks.on(OutcomeSubmitted)
def tell_who_approves(fact: OutcomeSubmitted, session) -> None:
    outcome, now = session.get_one(Outcome, fact.outcome_id), clock.now()
    if outcome.department_id is not None:
        steps.tell(session, recipients.staff(Role.OFFICIAL, department_id=outcome.department_id), kind=NoticeKind.DUTY,
                   about=f"outcome:{outcome.id}", title=outcome.title, url=subjects.about(outcome).desk_url,
                   step="duty_outcome", once=f"outcome-submitted:{outcome.id}:{_moment(now)}", at=now)


def _moment(at: datetime) -> str:
    """Submitted again, it is told again."""
    return f"{at:%Y%m%d%H%M%S%f}"


@hooks.on(OutcomeSentBack)
def tell_who_wrote_it(fact: OutcomeSentBack, session) -> None:
    """As long as they work in the department whose outcome it is."""
    outcome = session.get_one(Outcome, fact.outcome_id)
    people = recipients.staff(Role.OFFICIAL, department_id=outcome.department_id)
    steps.tell(session, recipients.among(people, outcome.written_by_id), kind=NoticeKind.DUTY,
               about=f"outcome:{outcome.id}", title=outcome.title, url=subjects.about(outcome).desk_url,
               step="duty_sent_back", once=f"outcome-sent-back:{outcome.id}:{outcome.version}", at=clock.now())
