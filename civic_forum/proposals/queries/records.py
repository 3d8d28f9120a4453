"""Proposals and drafts as records: by number, locked, counted, similar, versions."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.search import queries as search

from .. import rules
from ..models import Follow, Proposal, ProposalTally, ProposalVersion
from ..rules import State
from .listing import COLUMNS, ProposalCard, cards, of_ids, overdue_ids, public

READABLE = sa.and_(Proposal.state.in_(rules.PUBLIC), Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
"""What everybody may read, as a condition; for the statements of other features too."""


def missing() -> NotFound:
    return NotFound(_("이런 제안은 없어요. 번호를 다시 확인하거나 검색으로 찾아보세요."))


def by_number(number: str) -> Proposal:
    """Raises NotFound."""
    proposal = numbered(number)
    if proposal is None:
        raise missing()
    return proposal


def numbered(number: str) -> Proposal | None:
    if not rules.NUMBER.fullmatch(number):
        return None
    return db.session.scalar(sa.select(Proposal).filter_by(number=number))


def readable(proposal_ids: Collection[int]) -> Sequence[Proposal]:
    """Those of these proposals that everybody may read."""
    return db.session.scalars(sa.select(Proposal).where(Proposal.id.in_(proposal_ids), READABLE)).all()


def locked(proposal_id: int) -> Proposal:
    """The proposal read again, and locked until this transaction ends. Raises NotFound.

    The lock leaves foreign keys to the row alone, so that rows which point to it are written beside.
    """
    found = sa.select(Proposal).filter_by(id=proposal_id).with_for_update(key_share=True, of=Proposal)
    proposal = db.session.scalar(found.execution_options(populate_existing=True))
    if proposal is None:
        raise missing()
    return proposal


def totals() -> dict[State, int]:
    """Numbers of proposals in each state, zero included."""
    kept = dict(db.session.execute(sa.select(ProposalTally.state, ProposalTally.total)).all())
    return {state: max(kept.get(state, 0), 0) for state in State}


MOST_OWN = 100


def of_author(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """The user's own proposals but drafts, those held or hidden too, the newest first."""
    found = sa.select(*COLUMNS).where(Proposal.author_id == user.id, Proposal.state != State.DRAFT)
    return cards(db.session.execute(found.order_by(Proposal.id.desc()).limit(MOST_OWN)).all(), names)


def followed_by(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """Proposals that the user gets news of and everybody may read, the latest first."""
    found = public().join(Follow, Follow.proposal_id == Proposal.id).where(
        Follow.user_id == user.id, sa.or_(Proposal.author_id.is_(None), Proposal.author_id != user.id))
    return cards(db.session.execute(found.order_by(Follow.at.desc(), Proposal.id.desc()).limit(MOST_OWN)).all(), names)


def draft_count(user) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(
        author_id=user.id, state=State.DRAFT))


def carried_count(proposal_id: int) -> int:
    """Number of proposals that this one carries on."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(merged_into_id=proposal_id))


MOST_DRAFTS = 50
MOST_HELD = 20


def draft(key: str, author_id: int) -> Proposal:
    """The author's own draft, or what became of it. Raises NotFound for anybody else."""
    found = rules.DRAFT_KEY.fullmatch(key) and db.session.scalar(sa.select(Proposal).filter_by(draft_key=key))
    if not found or found.author_id != author_id:
        raise missing()
    return found


def drafts_of(user) -> list[Proposal]:
    """The drafts of this user, the one touched last first; those given back carry a reason."""
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return list(db.session.scalars(
        sa.select(Proposal).filter_by(author_id=user.id, state=State.DRAFT)
        .order_by(touched.desc(), Proposal.id.desc()).limit(MOST_DRAFTS)))


def held(number: str | None = None) -> list[Proposal]:
    """Proposals that wait for a moderator, the oldest first; or the one with this number, if it does."""
    found = (sa.select(Proposal).filter_by(state=State.HELD)
             .options(joinedload(Proposal.author), joinedload(Proposal.neighbourhood))
             .order_by(Proposal.edited_at, Proposal.id).limit(MOST_HELD))
    return list(db.session.scalars(found if number is None else found.filter_by(number=number)))


def held_due(staff) -> sa.Select:
    """For the desk: what waits for another moderator than its author, since it was handed in or edited."""
    held = sa.bindparam(None, State.HELD, type_=Proposal.state.type, literal_execute=True)
    return sa.select(Proposal.id, Proposal.edited_at, Proposal.number, Proposal.title, sa.null()).where(
        Proposal.state == held, Proposal.author_id != staff.id)


def untouched_since(moment: datetime, limit: int = 200) -> list[int]:
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return list(db.session.scalars(
        sa.select(Proposal.id).where(Proposal.state == State.DRAFT, touched < moment).limit(limit)))


def overdue(now: datetime) -> list[int]:
    """Ids of proposals that still gather support after their time, the longest overdue first."""
    return list(db.session.scalars(overdue_ids(now)))


MOST_SIMILAR = 4
LONGEST = 100


def similar_to(title: str, exclude: int | None = None) -> list[ProposalCard]:
    """Public proposals that have much in common with this title, the most similar first."""
    hits = search.similar(title[:LONGEST], "proposal", MOST_SIMILAR, exclude=exclude)
    found = of_ids([hit.ref_id for hit in hits])
    return [found[hit.ref_id] for hit in hits if hit.ref_id in found]


MOST_VERSIONS = 100


def versions(proposal_id: int) -> list[sa.Row]:
    """Number and moment of the versions, the newest first."""
    return list(db.session.execute(
        sa.select(ProposalVersion.version, ProposalVersion.at).filter_by(proposal_id=proposal_id)
        .order_by(ProposalVersion.version.desc()).limit(MOST_VERSIONS)))


def version(proposal_id: int, number: int) -> ProposalVersion:
    """Raises NotFound."""
    found = db.session.get(ProposalVersion, (proposal_id, number))
    if found is None:
        raise NotFound(_("그런 판은 없어요. 목록에서 다시 골라 주세요."))
    return found
