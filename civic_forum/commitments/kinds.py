"""Commitments as a kind of thing, found and told of; their entries as one with files."""

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Kind, Searched, SearchResult, Told
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l

from . import labels, policy
from .models import Commitment, CommitmentEntry
from .queries import board
from .queries import records as queries
from .rules import EntryState, codes_in


def _in_search(ids: list[int]) -> dict[int, SearchResult]:
    rows = db.session.scalars(sa.select(Commitment).where(Commitment.id.in_(ids)))
    return {commitment.id: SearchResult(
        url=f"/commitments/{commitment.id}", word=str(labels.STANDING[board.standing_of(commitment)]),
        about=(_("약속"), commitment.department.name if commitment.department else _("맡은 부서 없음")))
        for commitment in rows}


def _told(ids: sa.BindParameter, _reader_id: sa.BindParameter) -> sa.Select:
    return sa.select(sa.literal("commitment"), Commitment.id, Commitment.title).where(Commitment.id.in_(ids))


def _everybody(_actor, _commitment: Commitment) -> None:
    return None


COMMITMENT = kinds.register(Kind(
    "commitment", Commitment, label=_l("약속"), title=lambda commitment: commitment.title,
    url=lambda commitment: f"/commitments/{commitment.id}", why_not_read=_everybody, missing=queries.missing,
    named=kinds.numbered(Commitment), capabilities=(
        Searched(_in_search, place=75, number=sa.func.upper(Commitment.code), numbers_in=codes_in), Told(_told))))


def _why_not_read(actor, entry: CommitmentEntry) -> str | None:
    """Everybody reads an entry that counts; one that waits or was sent back is for its department alone."""
    return None if entry.state is EntryState.APPROVED else policy.may_keep(actor, entry.commitment)


ENTRY = kinds.register(Kind(
    "commitment_entry", CommitmentEntry, label=_l("약속 기록"), title=lambda entry: entry.commitment.title,
    url=lambda entry: f"/commitments/{entry.commitment_id}#entry-{entry.number}", why_not_read=_why_not_read,
    missing=queries.missing, named=kinds.numbered(CommitmentEntry),
    capabilities=(Attached(sets="commitment_entry", why_not_read=_why_not_read),)))
