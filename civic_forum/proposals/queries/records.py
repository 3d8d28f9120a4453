"""Proposals as records: by number, locked, counted, their versions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.platform.base import Instant, db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from .. import rules
from ..models import Proposal, ProposalTally, ProposalVersion, Support
from ..rules import State

READABLE = sa.and_(Proposal.state.in_(rules.PUBLIC), Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
"""Condition of being read by everybody; for the statements of other features too."""


def overdue_ids(now: datetime, limit: int = 200) -> sa.Select:
    return (sa.select(Proposal.id).where(Proposal.state == State.GATHERING, Proposal.gathering_ends_at <= now)
            .order_by(Proposal.gathering_ends_at).limit(limit))


def missing() -> NotFound:
    return NotFound(_("이런 제안은 없어요. 번호를 다시 확인하거나 검색으로 찾아보세요."))


def by_number(number: str) -> Proposal:
    """Raises NotFound."""
    return existing(numbered(number), missing)


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
    statement = sa.select(Proposal).filter_by(id=proposal_id).with_for_update(key_share=True, of=Proposal)
    return existing(db.session.scalar(statement.execution_options(populate_existing=True)), missing)


def totals() -> dict[State, int]:
    """Numbers of proposals in each state, zero included."""
    return by_state(db.session.execute(sa.select(ProposalTally.state, ProposalTally.total)))


def by_state(rows: Iterable[Any]) -> dict[State, int]:
    kept = {row.state: row.total for row in rows}
    return {state: max(kept.get(state, 0), 0) for state in State}


def by_neighbourhood(start: datetime, end: datetime) -> dict[int, int]:
    """Numbers of proposals for each neighbourhood between these moments."""
    return dict(db.session.connection().execute(_by_neighbourhood(), {"start": start, "end": end}).all())


@made_once
def _by_neighbourhood() -> sa.Select:
    start, end = (sa.bindparam(name, type_=Instant()) for name in ("start", "end"))
    return sa.select(Proposal.neighbourhood_id, sa.func.count()).where(
        Proposal.published_at >= start, Proposal.published_at < end, Proposal.neighbourhood_id.is_not(None),
        READABLE).group_by(Proposal.neighbourhood_id)


def support_count(user) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Support).filter_by(user_id=user.id))


def carried_count(proposal_id: int) -> int:
    """Number of proposals that this one carries on."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(merged_into_id=proposal_id))


def unmarked(limit: int, before: datetime) -> list[int]:
    """Ids of verified people who gave supports that have no mark, to what counts still; `before`: marks of what closed
    by then are gone for good."""
    return list(db.session.scalars(
        sa.select(User.id).distinct().join(Support, Support.user_id == User.id)
        .join(Proposal, Proposal.id == Support.proposal_id)
        .where(Support.person_mark.is_(None), User.person_id.is_not(None), Proposal.state.in_(rules.COUNTED_STILL),
               Proposal.id.not_in(closed_for_support(before))).limit(limit)))


def closed_for_support(before: datetime) -> sa.Select:
    """Ids of proposals whose time to gather support ended before, and that are not carried on by one that is open."""
    into = aliased(Proposal)
    carried_on = sa.exists().where(into.id == Proposal.merged_into_id, into.state.in_(rules.COUNTED_STILL))
    return sa.select(Proposal.id).where(Proposal.gathering_ends_at < before,
                                        Proposal.state.not_in(rules.TAKES_SUPPORT), ~carried_on)


def overdue(now: datetime) -> list[int]:
    """Ids of proposals that still gather support after their time, the longest overdue first."""
    return list(db.session.scalars(overdue_ids(now)))


MOST_VERSIONS = 100


def versions(proposal_id: int) -> list[sa.Row]:
    """Number and moment of the versions, the newest first."""
    return list(db.session.execute(
        sa.select(ProposalVersion.version, ProposalVersion.at).filter_by(proposal_id=proposal_id)
        .order_by(ProposalVersion.version.desc()).limit(MOST_VERSIONS)))


def version(proposal_id: int, number: int) -> ProposalVersion:
    """Raises NotFound."""
    return existing(db.session.get(ProposalVersion, (proposal_id, number)),
                    lambda: NotFound(_("그런 판은 없어요. 목록에서 다시 골라 주세요.")))
