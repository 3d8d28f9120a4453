"""Interests of people with a project of their own where something is decided about projects."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..projects.models import Project
from ..rules.states import EDITABLE


def proposers(envelope_ids: Collection[int]) -> list[User]:
    """Of all projects that compete for the money of these envelopes."""
    return list(db.session.scalars(sa.select(User).where(User.id.in_(
        sa.select(Project.author_id).where(Project.envelope_id.in_(envelope_ids), Project.state.in_(EDITABLE))))))


def by_envelope(round_id: int) -> dict[int, list[User]]:
    """The same for every envelope of a round."""
    found: dict[int, list[User]] = defaultdict(list)
    for envelope_id, user in db.session.execute(
            sa.select(Project.envelope_id, User).join(User, User.id == Project.author_id)
            .where(Project.round_id == round_id, Project.state.in_(EDITABLE))):
        found[envelope_id].append(user)
    return found
