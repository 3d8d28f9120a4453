"""Notices of acts on many things at once."""

import sqlalchemy as sa

from civic_forum.platform import hooks
from civic_forum.moderation.events import BulkTaken
from civic_forum.moderation.models import BulkAction, ModerationAction

from .. import steps
from ..rules import NoticeKind
from .table import ACTS, ACTS_UNTIL, under


@hooks.on(BulkTaken)
def tell_whose_they_are(fact: BulkTaken, session) -> None:
    """However many texts of somebody are hidden at once, their author is told once, and once of what befell the
    account."""
    bulk = session.get_one(BulkAction, fact.bulk_id)
    firsts = sa.select(sa.func.min(ModerationAction.id)).filter_by(bulk_id=bulk.id).group_by(ModerationAction.kind)
    for one in session.scalars(sa.select(ModerationAction).where(ModerationAction.id.in_(firsts))
                               .order_by(ModerationAction.id)).all():
        people = sa.select(ModerationAction.user_id).filter_by(bulk_id=bulk.id, kind=one.kind).where(
            ModerationAction.user_id.is_not(None))
        steps.tell(session, people, kind=NoticeKind.MODERATION, about=f"bulk:{bulk.id}", title="", url="/me/actions",
                   step=(ACTS_UNTIL if one.until else ACTS)[one.kind], details=under(one),
                   once=f"bulk:{bulk.id}:{one.kind}", at=bulk.at)
