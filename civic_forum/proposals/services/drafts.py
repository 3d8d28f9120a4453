"""Drafts: written step by step, with their files, looked through, thrown away."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from secrets import token_hex

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from civic_forum.accounts.models import User
from civic_forum.attachments import operations as attachments
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.attachments.queries import KEY as FILE_KEY
from civic_forum.district.models import Audience
from civic_forum.platform import clock, rich_text
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import checks, operations, rules
from ..events import ProposalThrownAway
from ..models import Proposal
from ..policy import may_write, may_write_draft
from ..queries import drafts
from ..queries import records as queries
from ..queries.drafts import untouched_since
from ..rules import Basics, Body, State


def new_key() -> str:
    """Names a draft before it is there, so that two clicks make one."""
    return token_hex(16)


def save_draft(key: str, part: Basics | Body, *, version: int | None = None, by: User) -> Proposal:
    """Keep one step of the form; the first save makes the draft.

    `version` is what the page had read (0: nothing yet); None overwrites whatever is there.
    Raises Refusal for a text that is too long, Conflict when a newer text was saved meanwhile,
    NotFound for the key of somebody else.
    """
    checks.check_lengths(part)
    changes = _changes(part)
    try:
        return _save(key, part, changes, version, by)
    except Conflict as conflict:
        if not isinstance(conflict.__cause__, IntegrityError):
            raise
        # Another click made the draft in the same moment: this one finds it now.
        return _save(key, part, changes, version, by)


def _save(key: str, part: Basics | Body, changes: dict[str, object], version: int | None, by: User) -> Proposal:
    with use_case(by) as work:
        proposal = _draft(work, key, by)
        require(by, may_write_draft, proposal)
        if proposal.version and _says(proposal, part, changes):
            return proposal
        if version is not None and version != proposal.version:
            raise Conflict(_("다른 창에서 더 새로운 글을 저장했어요. 둘을 견주어 보고 남길 글을 저장해 주세요."))
        for name, value in changes.items():
            setattr(proposal, name, value)
        if isinstance(part, Basics):
            proposal.audiences = list(work.session.scalars(
                sa.select(Audience).where(Audience.id.in_(part.audience_ids), Audience.closed_at.is_(None))
                .order_by(Audience.position)))
        proposal.version += 1
        proposal.edited_at = work.at
        return proposal


def _changes(part: Basics | Body) -> dict[str, object]:
    """Columns of this step; the slow rendering happens here, outside the transaction."""
    if isinstance(part, Basics):
        return {"title": part.title, "category": part.category, "neighbourhood_id": part.neighbourhood_id}
    problem_html, wish_html = operations.render(part)
    return {"problem": part.problem, "wish": part.wish, "problem_html": problem_html, "wish_html": wish_html,
            "excerpt": rich_text.excerpt(problem_html, rules.EXCERPT)}


def _says(proposal: Proposal, part: Basics | Body, changes: dict[str, object]) -> bool:
    """True if the draft says this already, as after two clicks."""
    same = all(getattr(proposal, name) == value for name, value in changes.items())
    return same and (isinstance(part, Body) or {group.id for group in proposal.audiences} == set(part.audience_ids))


def _draft(work: Work, key: str, by: User) -> Proposal:
    if not rules.DRAFT_KEY.fullmatch(key):
        raise queries.missing()
    known = work.session.scalar(sa.select(Proposal.id).filter_by(draft_key=key))
    if known is not None:
        proposal = queries.locked(known)
        if proposal.author_id != getattr(by, "id", None):
            raise queries.missing()
        return proposal
    require(by, may_write)
    proposal = Proposal(draft_key=key, state=State.DRAFT, author_id=by.id, language=by.language, version=0,
                        created_at=work.at, title="", problem="", wish="", support_count=0, comment_count=0)
    operations.begin(work.session, proposal)
    work.record("proposals.draft_begun", proposal)
    return proposal


def attach(key: str, files: Sequence[tuple[PreparedFile, str]], *, by: User) -> Proposal:
    """Put files that `attachments.services.prepare` has looked at into a draft, each with its description."""
    with use_case(by) as work:
        proposal = _own(key, by)
        for prepared, description in files:
            attachments.add(work.session, proposal.attachment_set_id, prepared=prepared, description=description,
                            by=by, at=work.at)
        work.record("proposals.files_attached", proposal, files=len(files))
        return proposal


def describe(key: str, descriptions: Mapping[str, str], *, by: User) -> Proposal:
    """Say what files of a draft show: key of the file → sentence."""
    with use_case(by) as work:
        proposal = _own(key, by)
        for file_key, description in descriptions.items():
            _check_file_key(file_key)
            attachments.describe(work.session, proposal.attachment_set_id, file_key, description)
        work.record("proposals.files_described", proposal)
        return proposal


def detach(key: str, file_key: str, *, by: User) -> Proposal:
    """Take a file out of a draft."""
    with use_case(by) as work:
        proposal = _own(key, by)
        _check_file_key(file_key)
        attachments.remove(work.session, proposal.attachment_set_id, file_key)
        work.record("proposals.file_removed", proposal)
        return proposal


def _check_file_key(file_key: str) -> None:
    if not FILE_KEY.fullmatch(file_key):
        raise NotFound(_("그 파일은 이미 없어요. 화면을 새로 고쳐 주세요."))


def _own(key: str, by: User) -> Proposal:
    """The draft, locked, for its author."""
    proposal = queries.locked(drafts.draft(key, getattr(by, "id", None)).id)
    require(by, may_write_draft, proposal)
    return proposal


def throw_away_draft(key: str, *, by: User) -> None:
    """Delete a draft with its files."""
    with use_case(by) as work:
        proposal = _own(key, by)
        proposal_id = proposal.id
        operations.throw_away(work.session, proposal)
        work.record("proposals.draft_thrown_away", f"proposal:{proposal_id}")
        work.emit(ProposalThrownAway(proposal_id))


def throw_away_old_drafts(days: int) -> int:
    """Delete drafts that nobody has touched for so many days; returns how many went."""
    before = clock.now() - timedelta(days=days)
    gone = 0
    while ids := untouched_since(before):
        for proposal_id in ids:
            with use_case(None) as work:
                proposal = queries.locked(proposal_id)
                if proposal.state is State.DRAFT and (proposal.edited_at or proposal.created_at) < before:
                    operations.throw_away(work.session, proposal)
                    work.record("proposals.draft_expired", f"proposal:{proposal_id}")
                    work.emit(ProposalThrownAway(proposal_id))
                    gone += 1
    return gone
