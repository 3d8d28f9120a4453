"""The versions of a published text."""

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import ProposalVersion

MOST = 100


def versions(proposal_id: int) -> list[sa.Row]:
    """Number and moment of the versions, the newest first."""
    return list(db.session.execute(
        sa.select(ProposalVersion.version, ProposalVersion.at).filter_by(proposal_id=proposal_id)
        .order_by(ProposalVersion.version.desc()).limit(MOST)))


def version(proposal_id: int, number: int) -> ProposalVersion:
    """Raises NotFound."""
    found = db.session.get(ProposalVersion, (proposal_id, number))
    if found is None:
        raise NotFound(_("그런 판은 없어요. 목록에서 다시 골라 주세요."))
    return found
