"""Merges of proposals: the records, and what the page of a proposal says of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once
from civic_forum.proposals.models import Proposal

from ..models import AuthorObjection, MergeOptOut, MergeReply, ProposalMerge
from ..rules import Reply
from . import links
from .links import Belonging

MOST = 100
"""Merges shown at one proposal."""
SAID = 4
"""Rows of one merge at most: two authors, each with an objection and a reply."""


def merge(merge_id: int) -> ProposalMerge:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(ProposalMerge).filter_by(id=merge_id).options(
        joinedload(ProposalMerge.merged), joinedload(ProposalMerge.into))),
        lambda: NotFound(_("이렇게 합친 일은 없어요. 제안 화면에서 다시 들어와 주세요.")))


def standing(merged_id: int) -> ProposalMerge | None:
    """The merge by which this proposal is carried on by another one now."""
    return db.session.scalar(sa.select(ProposalMerge).filter_by(merged_id=merged_id, undone_at=None))


def carried(into_id: int) -> list[ProposalMerge]:
    """The merges by which this proposal carries others on now, the last one first."""
    return list(db.session.scalars(
        sa.select(ProposalMerge).filter_by(into_id=into_id, undone_at=None).options(
            joinedload(ProposalMerge.merged), joinedload(ProposalMerge.into)).order_by(ProposalMerge.id.desc())))


@dataclass(frozen=True)
class Lineage:
    """The merges of one proposal in both directions, undone ones included, with what was said about them."""

    merges: list[ProposalMerge]
    objections: dict[int, list[AuthorObjection]]
    replies: dict[int, dict[int, Reply]]
    """merge → author → what they said"""
    opted_out: set[int]
    """Merges at which the viewer took the name back."""


def around(proposal_id: int, viewer_id: int | None = None) -> tuple[list[Belonging], Lineage | None]:
    """Agendas and merges for the page of a proposal; no lineage where it was never part of a merge."""
    rows = db.session.execute(_around(), {"proposal": proposal_id, "viewer": viewer_id or 0}).all()
    return links.of_proposal(proposal_id), _lineage(rows)


def stands_alone(proposal_id: int) -> bool:
    """True if the proposal was never part of a merge and is in no agenda."""
    return around(proposal_id) == ([], None)


@made_once
def _around() -> sa.Select:
    """The statement of `around`; it is given the ids `proposal` and `viewer`."""
    proposal_id, viewer_id = (sa.bindparam(name, type_=Proposal.id.type) for name in ("proposal", "viewer"))
    mine = sa.exists().where(MergeOptOut.merge_id == ProposalMerge.id, MergeOptOut.user_id == viewer_id)
    return (
        sa.select(ProposalMerge, AuthorObjection, MergeReply, mine).select_from(ProposalMerge)
        .outerjoin(AuthorObjection, AuthorObjection.merge_id == ProposalMerge.id)
        .outerjoin(User, User.id == AuthorObjection.by_id)
        .outerjoin(MergeReply, MergeReply.merge_id == ProposalMerge.id)
        .where(sa.or_(ProposalMerge.merged_id == proposal_id, ProposalMerge.into_id == proposal_id))
        .options(joinedload(ProposalMerge.merged), joinedload(ProposalMerge.into), contains_eager(AuthorObjection.by))
        .order_by(ProposalMerge.id.desc(), AuthorObjection.id).limit(MOST * SAID))


def _lineage(rows: Sequence) -> Lineage | None:
    objections: dict[int, list[AuthorObjection]] = {}
    replies: dict[int, dict[int, Reply]] = {}
    for merge, objection, reply, _mine in rows:
        if objection is not None and objection not in objections.setdefault(merge.id, []):
            objections[merge.id].append(objection)
        if reply is not None:
            replies.setdefault(merge.id, {})[reply.user_id] = reply.reply
    return Lineage(list(dict.fromkeys(merge for merge, *_rest in rows)), objections, replies,
                   {merge.id for merge, _objection, _reply, mine in rows if mine}) if rows else None
