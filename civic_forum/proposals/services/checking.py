"""Acts of moderators on proposals that are held."""

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import queries, rules, steps
from ..events import ProposalGivenBack
from ..models import Proposal
from ..policy import may_approve
from ..rules import Mover, State
from .publication import open_to_all


def approve(proposal_id: int, *, seen: int = 0, by: User) -> Proposal:
    """Publish a held proposal; its time to gather support begins now.

    `seen` is the version that was read, if a page says which. Raises Conflict when the author wrote another since.
    """
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_approve, proposal)
        if seen and seen != proposal.version:
            raise Conflict(_("그 사이에 제안한 사람이 글을 고쳤어요. 지금 글을 읽고 다시 정해 주세요."))
        open_to_all(work, proposal, Mover.MODERATOR)
        work.record("proposals.approved", proposal)
        return proposal


def give_back(proposal_id: int, *, reason: str, by: User) -> Proposal:
    """Return a held proposal to its author as a draft, saying what to change."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_approve, proposal)
        reason = reason_given(reason)
        steps.move(work.session, proposal, State.DRAFT, Mover.MODERATOR, at=work.at)
        proposal.reason = reason
        proposal.version += 1
        work.record("proposals.given_back", proposal)
        work.emit(ProposalGivenBack(proposal.id))
        return proposal


def reason_given(reason: str) -> str:
    """The reason, if it says something."""
    if not rules.REASON_LEAST <= len(reason) <= rules.REASON_MOST:
        raise Refusal(_("까닭을 %(least)s자 이상 %(most)s자 이하로 적어 주세요.", least=rules.REASON_LEAST,
                        most=rules.REASON_MOST), field="reason")
    refuse_secret(reason=reason)
    return reason
