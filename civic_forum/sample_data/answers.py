"""Questions given to the departments of the sample district, and their answers."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.answers import queries, steps
from civic_forum.answers.events import AnswerPublished, DutyChanged, ProposalAssigned
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind, AnswerOutcome, AnswerState, AssignmentState, Disclosure
from civic_forum.answers.labels import DISCLOSURE
from civic_forum.district.models import Department
from civic_forum.kernel import rich_text
from civic_forum.kernel.i18n import local
from civic_forum.kernel.work import Work, use_case
from civic_forum.proposals.models import Proposal

OPENNESS = {str(word): disclosure for disclosure, word in DISCLOSURE.items()}
ASKED = "현장에서 고칠 수 있는 곳이 어디인지 알려 주세요."


def put_on_the_table(proposal_id: int, entry: dict, *, by: User) -> None:
    """The department that has to answer takes it, and asks those that know more."""
    with use_case(None) as work:
        _assign(work, proposal_id, entry["assigned_department"], by, is_lead=True)
        for name in entry.get("cooperating_departments") or ():
            _assign(work, proposal_id, name, by, is_lead=False)


def publish(proposal_id: int, given: dict, *, by: User) -> None:
    """The answer as it was given, at the moment to which the clock is set."""
    with use_case(None) as work:
        proposal = work.session.get_one(Proposal, proposal_id)
        if queries.case(proposal).lead is None:
            _assign(work, proposal_id, given["department"], by, is_lead=True)
        outcome = given["outcome"]
        answer = Answer(
            proposal=proposal, department=_department(work, given["department"]), kind=AnswerKind(given["kind"]),
            outcome=outcome and AnswerOutcome(outcome), state=AnswerState.PUBLISHED, text=given["text"],
            document_number=given["document_number"], dated_on=local(work.at).date(), team=given["team"],
            disclosure=OPENNESS.get(given["disclosure"], Disclosure.OPEN), written_by=by, written_at=work.at,
            submitted_at=work.at, published_at=work.at, text_html=rich_text.render(given["text"]))
        work.session.add(answer)
        work.session.flush()
        steps.publish(work.session, proposal, answer, at=work.at)
        work.record("answers.published", proposal, answer=answer.id)
        work.emit(AnswerPublished(answer.id, proposal_id, answer.version))
        work.emit(DutyChanged(proposal_id))


def _assign(work: Work, proposal_id: int, department: str, by: User, *, is_lead: bool) -> None:
    found = _department(work, department)
    state = AssignmentState.TAKEN if is_lead else AssignmentState.ASKED
    steps.assign(work.session, proposal_id, found.id, is_lead=is_lead, state=state, note="" if is_lead else ASKED,
                 at=work.at, by_id=by.id)
    work.emit(ProposalAssigned(proposal_id, found.id, is_lead))


def _department(work: Work, name: str) -> Department:
    return work.session.scalars(sa.select(Department).filter_by(name_ko=name)).one()
