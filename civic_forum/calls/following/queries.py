"""SELECTs of those who were chosen."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from civic_forum.platform.base import db

from ..models import Call, CallApplication
from ..rules import ApplicationState

MOST_CHOSEN = 500


def chosen(call: Call) -> Sequence[CallApplication]:
    """With their submissions, in the order in which they were begun."""
    return db.session.scalars(sa.select(CallApplication).join(CallApplication.submission).where(
        CallApplication.call_id == call.id, CallApplication.state == ApplicationState.CHOSEN).options(
        contains_eager(CallApplication.submission)).order_by(CallApplication.id).limit(MOST_CHOSEN)).all()
