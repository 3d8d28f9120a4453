"""SELECTs of sheets with names."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..models import IntakeItem
from ..queries import STANDS
from ..rules import Became, ItemForm

SHOWN = 50


def _sheets(*conditions: sa.ColumnElement[bool]) -> Sequence[IntakeItem]:
    return db.session.scalars(sa.select(IntakeItem).join(IntakeItem.submission).where(
        STANDS, IntakeItem.form == ItemForm.SIGNATURE, *conditions).order_by(IntakeItem.id).limit(SHOWN)
        .options(joinedload(IntakeItem.submission))).all()


def to_count() -> Sequence[IntakeItem]:
    """Sheets that wait for a second person, or whose two counts differed; the oldest first."""
    return _sheets(IntakeItem.became.is_(None))


def kept() -> Sequence[IntakeItem]:
    """Counted sheets that nobody shredded yet, the oldest first."""
    return _sheets(IntakeItem.became == Became.COUNTED, IntakeItem.shredded_on.is_(None))


def enough_with_paper(actor: User) -> Sequence[Proposal]:
    """Proposals that gather support and are over their threshold together with names on paper, without those of this
    account and those on whose sheets it counted first."""
    return db.session.scalars(sa.select(Proposal).where(
        Proposal.state == State.GATHERING, Proposal.paper_count > 0, Proposal.hidden_at.is_(None),
        Proposal.support_count + Proposal.paper_count >= Proposal.threshold, Proposal.author_id != actor.id,
        Proposal.id.not_in(_counted(IntakeItem.about_id).where(IntakeItem.typed_by_id == actor.id)))
        .order_by(Proposal.id).limit(SHOWN)).all()


def first_counters(proposal_id: int) -> Sequence[User]:
    """Accounts that counted first on sheets of this proposal."""
    return db.session.scalars(sa.select(User).where(User.id.in_(_counted(IntakeItem.typed_by_id).where(
        IntakeItem.about_id == proposal_id))).limit(SHOWN)).all()


def _counted(column: Any) -> sa.Select[Any]:
    return sa.select(column).where(IntakeItem.form == ItemForm.SIGNATURE, IntakeItem.became == Became.COUNTED,
                                   IntakeItem.about_kind == "proposal")
