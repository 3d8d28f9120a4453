"""Reports on how decisions were carried out."""

from civic_forum.accounts.models import User
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Mover, State

from .. import policy, rules
from ..events import ProposalCarriedOn
from .text_checks import locked_case, words_given


def carry_on(proposal_id: int, *, evidence: str, by: User) -> Proposal:
    """Decided → being carried out → done, each with what shows it."""
    evidence = words_given(evidence, rules.EVIDENCE_LEAST, rules.EVIDENCE_MOST, "evidence")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.triage.may_carry_on, case)
        after = State.IN_PROGRESS if case.proposal.state is State.DECIDED else State.DONE
        proposals.move(work.session, case.proposal, after, Mover.OFFICIAL, at=work.at, evidence=evidence)
        work.record("answers.carried_on", case.proposal, state=after)
        work.emit(ProposalCarriedOn(proposal_id))
        return case.proposal
