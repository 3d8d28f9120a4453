"""Work that waits at the desk of moderators: objections to the rolls of polls."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.models import RollObjection
from civic_forum.platform.i18n import _
from civic_forum.platform.waiting import DeskLine, Waiting

from ..models import Poll

ANSWERED_WITHIN = timedelta(days=3)


def roll_objections(_user: User) -> sa.Select:
    """Without an answer. What they say stands on the page of the roll alone."""
    return sa.select(RollObjection.id, RollObjection.at, Poll.slug, Poll.title, sa.null()).join(
        Poll, sa.and_(Poll.roll_id == RollObjection.roll_id, Poll.rehearsal_of_id.is_(None))).where(
        RollObjection.answered_at.is_(None))


def roll_objection_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/polls/{one.ref}/roll", one.title, (),
                     _("명부에서 빠졌거나 내용이 다르다고 했어요.")) for one in found]
