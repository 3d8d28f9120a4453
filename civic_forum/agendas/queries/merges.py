"""Merges of proposals: the records, and what the page of a proposal says of them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.proposals.models import Proposal

from ..models import AuthorObjection, MergeOptOut, MergeReply, ProposalMerge
from ..rules import Reply

MOST = 100
"""Merges shown at one proposal."""


def merge(merge_id: int) -> ProposalMerge:
    """Raises NotFound."""
    found = db.session.scalar(sa.select(ProposalMerge).filter_by(id=merge_id).options(
        joinedload(ProposalMerge.merged), joinedload(ProposalMerge.into)))
    if found is None:
        raise NotFound(_("이렇게 합친 일은 없어요. 제안 화면에서 다시 들어와 주세요."))
    return found


def standing(merged_id: int) -> ProposalMerge | None:
    """The merge by which this proposal is carried on by another one now."""
    return db.session.scalar(sa.select(ProposalMerge).filter_by(merged_id=merged_id, undone_at=None))


@dataclass(frozen=True)
class Lineage:
    """The merges of one proposal in both directions, undone ones included, with what was said about them."""

    merges: list[ProposalMerge]
    objections: dict[int, list[AuthorObjection]]
    replies: dict[int, dict[int, Reply]]
    """merge → author → what they said"""
    opted_out: set[int]
    """Merges at which the viewer took the name back."""


def lineage(proposal_id: int, viewer_id: int | None = None) -> Lineage | None:
    """None for a proposal that was never part of a merge."""
    found = list(db.session.scalars(
        sa.select(ProposalMerge).where(sa.or_(ProposalMerge.merged_id == proposal_id,
                                              ProposalMerge.into_id == proposal_id))
        .options(joinedload(ProposalMerge.merged), joinedload(ProposalMerge.into))
        .order_by(ProposalMerge.id.desc()).limit(MOST)))
    if not found:
        return None
    ids = [one.id for one in found]
    objections: dict[int, list[AuthorObjection]] = {}
    said = sa.select(AuthorObjection).where(AuthorObjection.merge_id.in_(ids)).options(joinedload(AuthorObjection.by))
    for objection in db.session.scalars(said.order_by(AuthorObjection.id)):
        objections.setdefault(objection.merge_id, []).append(objection)
    replies: dict[int, dict[int, Reply]] = {}
    for reply in db.session.scalars(sa.select(MergeReply).where(MergeReply.merge_id.in_(ids))):
        replies.setdefault(reply.merge_id, {})[reply.user_id] = reply.reply
    opted_out = set(db.session.scalars(sa.select(MergeOptOut.merge_id).where(
        MergeOptOut.merge_id.in_(ids), MergeOptOut.user_id == viewer_id))) if viewer_id else set()
    return Lineage(found, objections, replies, opted_out)


def titled(proposal_ids: list[int]) -> dict[int, Proposal]:
    return {one.id: one for one in db.session.scalars(sa.select(Proposal).where(Proposal.id.in_(proposal_ids)))}
