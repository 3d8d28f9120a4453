"""Proposals published, checked by a moderator, edited, withdrawn, out of time."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock, settings
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import checks, operations, rules
from ..events import (ProposalEdited, ProposalGivenBack, ProposalHeld, ProposalLapsed, WithdrawalBegun)
from ..models import Proposal
from ..policy import may_approve, may_edit, may_publish, may_withdraw
from ..queries import drafts
from ..queries import records as queries
from ..queries.records import overdue
from ..rules import Mover, State, Text
from ..settings import title_is_locked


def publish(key: str, *, by: User) -> Proposal:
    """Hand the draft in: it gets its number and is public, or held where the setting says so.

    A second click gets what the first one made. Raises Refusal with `field` for what is missing.
    """
    with use_case(by) as work:
        proposal = queries.locked(drafts.draft(key, getattr(by, "id", None)).id)
        if proposal.state is not State.DRAFT and proposal.number:
            return proposal
        require(by, may_publish, proposal)
        checks.check_complete(proposal)
        if settings.value("HOLD_PROPOSALS"):
            operations.register(work.session, proposal, year=local(work.at).year)
            operations.move(work.session, proposal, State.HELD, Mover.AUTHOR, at=work.at)
            proposal.edited_at = work.at
            work.record("proposals.handed_in", proposal)
            work.emit(ProposalHeld(proposal.id))
        else:
            operations.open_to_all(work, proposal, Mover.AUTHOR)
            work.record("proposals.published", proposal)
        return proposal


def approve(proposal_id: int, *, seen: int = 0, by: User) -> Proposal:
    """Publish a held proposal; its time to gather support begins now.

    `seen` is the version that was read, if a page says which. Raises Conflict when the author wrote another since.
    """
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_approve, proposal)
        if seen and seen != proposal.version:
            raise Conflict(_("그 사이에 제안한 사람이 글을 고쳤어요. 지금 글을 읽고 다시 정해 주세요."))
        operations.open_to_all(work, proposal, Mover.MODERATOR)
        work.record("proposals.approved", proposal)
        return proposal


def give_back(proposal_id: int, *, reason: str, by: User) -> Proposal:
    """Return a held proposal to its author as a draft, saying what to change."""
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_approve, proposal)
        reason = reason_given(reason)
        operations.move(work.session, proposal, State.DRAFT, Mover.MODERATOR, at=work.at)
        proposal.reason = reason
        proposal.version += 1
        work.record("proposals.given_back", proposal)
        work.emit(ProposalGivenBack(proposal.id))
        return proposal


def reason_given(reason: str) -> str:
    """The reason, if it says something."""
    if not rules.REASON_LEAST <= len(reason) <= rules.REASON_MOST:
        raise Refusal(_("이유를 %(least)s자 이상 %(most)s자 이하로 적어 주세요.", least=rules.REASON_LEAST,
                        most=rules.REASON_MOST), field="reason")
    refuse_secret(reason=reason)
    return reason


def edit(proposal_id: int, text: Text, *, version: int, by: User) -> Proposal:
    """Say it anew; the text before stays readable. A text that is the same changes nothing.

    `version` is the one that the author had before them. Raises Conflict when it is not the newest,
    Refusal for a title that is locked and for what is too short or too long.
    """
    checks.check_lengths(text)
    checks.check_complete(text)
    html = operations.render(text)
    with use_case(by) as work:
        proposal = queries.locked(proposal_id)
        require(by, may_edit, proposal)
        if version != proposal.version:
            raise Conflict(_("그 사이에 다른 창에서 글을 고쳤어요. 지금 글을 확인한 뒤 다시 저장해 주세요."))
        changed = [name for name in rules.LONGEST if getattr(proposal, name) != getattr(text, name)]
        if not changed:
            return proposal
        if "title" in changed and title_is_locked(proposal):
            raise Refusal(_("공감한 사람이 많아서 제목은 바꿀 수 없어요."), field="title")
        operations.write(proposal, text, html)
        proposal.edited_at = work.at
        work.record("proposals.edited", proposal, version=proposal.version, changed=changed)
        if proposal.published_at:
            operations.keep_version(work.session, proposal, at=work.at, by_id=by.id)
            journeys.add(work.session, proposal.journey_id, "edited", at=work.at,
                         link=f"/proposals/{proposal.number}/versions", details={"version": proposal.version})
            work.emit(ProposalEdited(proposal.id, proposal.version))
            if "title" in changed:
                operations.note_similar(work.session, proposal)
        return proposal


def withdraw(proposal_id: int, *, reason: str, by: User) -> Proposal:
    """Give a proposal up before it is decided; what was public stays readable, with the reason."""
    with use_case(by) as work:
        work.emit(WithdrawalBegun(proposal_id))
        proposal = queries.locked(proposal_id)
        work.at = clock.now()
        require(by, may_withdraw, proposal)
        reason = reason_given(reason)
        operations.give_up(work, proposal, reason)
        return proposal


def lapse_due() -> int:
    """Write down what has run out of time; returns how many. Pages show it at the moment itself."""
    ids = overdue(clock.now())
    for proposal_id in ids:
        with use_case(None) as work:
            proposal = queries.locked(proposal_id)
            if not rules.is_over(proposal.state, proposal.gathering_ends_at, work.at):
                continue
            operations.move(work.session, proposal, State.LAPSED, Mover.CLOCK, at=proposal.gathering_ends_at)
            work.record("proposals.lapsed", proposal, supports=proposal.support_count)
            work.emit(ProposalLapsed(proposal.id))
    return len(ids)
