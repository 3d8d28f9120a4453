"""Operations on members of the committee and their marks, for whoever has the transaction."""

import sqlalchemy as sa

from .models import CommitteeMark, CommitteeMember


def forget(session, member: CommitteeMember) -> None:
    """Delete a member with what they marked; sums that are fixed stay as they are."""
    session.execute(sa.delete(CommitteeMark).filter_by(member_id=member.id))
    session.delete(member)
