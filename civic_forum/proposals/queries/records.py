"""One proposal as a record, for those who change it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from .. import rules
from ..models import Proposal

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
