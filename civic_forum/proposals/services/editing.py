"""Changes by authors to a proposal that others read: every version is kept."""

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.journeys import steps as journeys
from civic_forum.platform import clock, rich_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import queries, rules, steps
from ..events import ProposalEdited, ProposalWithdrawn, WithdrawalBegun
from ..models import Proposal
from ..policy import may_edit, may_withdraw
from ..rules import Mover, State, Text
from .checking import reason_given
from .drafting import EXCERPT, check_complete, check_lengths
from .publication import note_similar


def edit(proposal_id: int, text: Text, *, version: int, by: User) -> Proposal:
    """Say it anew; the text before stays readable. A text that is the same changes nothing.

    `version` is the one that the author had before them. Raises Conflict when it is not the newest,
    Refusal for a title that is locked and for what is too short or too long.
    """
    check_lengths(text)
    check_complete(text)
    problem_html, wish_html = rich_text.render(text.problem), rich_text.render(text.wish)
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_edit, proposal)
        if version != proposal.version:
            raise Conflict(_("그 사이에 다른 창에서 글을 고쳤어요. 지금 글을 확인한 뒤 다시 저장해 주세요."))
        changed = [name for name in rules.LONGEST if getattr(proposal, name) != getattr(text, name)]
        if not changed:
            return proposal
        if "title" in changed and rules.title_is_locked(proposal.support_count,
                                                        current_app.config["TITLE_LOCK_SUPPORTS"]):
            raise Refusal(_("공감한 사람이 많아서 제목은 바꿀 수 없어요."), field="title")
        proposal.title, proposal.problem, proposal.wish = text.title, text.problem, text.wish
        proposal.problem_html, proposal.wish_html = problem_html, wish_html
        proposal.excerpt = rich_text.excerpt(problem_html, EXCERPT)
        proposal.version += 1
        proposal.edited_at = work.at
        work.record("proposals.edited", proposal, version=proposal.version, changed=changed)
        if proposal.published_at:
            steps.keep_version(work.session, proposal, at=work.at, by_id=by.id)
            journeys.add(work.session, proposal.journey_id, "edited", at=work.at,
                         link=f"/proposals/{proposal.number}/versions", details={"version": proposal.version})
            work.emit(ProposalEdited(proposal.id, proposal.version))
            if "title" in changed:
                note_similar(work.session, proposal)
        return proposal


def withdraw(proposal_id: int, *, reason: str, by: User) -> Proposal:
    """Give a proposal up before it is decided; what was public stays readable, with the reason."""
    with use_case(by) as work:
        work.emit(WithdrawalBegun(proposal_id))
        proposal = queries.locked(proposal_id)
        work.at = clock.now()
        require(by, may_withdraw, proposal)
        reason = reason_given(reason)
        steps.move(work.session, proposal, State.WITHDRAWN, Mover.AUTHOR, at=work.at, evidence=reason[:300])
        proposal.withdrawn_at, proposal.reason = work.at, reason
        work.record("proposals.withdrawn", proposal)
        work.emit(ProposalWithdrawn(proposal.id))
        return proposal
