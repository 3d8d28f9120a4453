"""An officer leaves the office, inside somebody else's transaction."""

import sqlalchemy as sa

from civic_forum.accounts.extensions import Obstacle
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from ..models import BallotBox
from . import queries
from .models import Officer


def leave(work: Work, officer: Officer, _receiver_id: int | None) -> None:
    """The position ends; votes that are prepared name another one before they open."""
    officer.ended_at, officer.ended_by_id = work.at, work.actor.id
    work.record("ballots.officer_ended", officer)


def why_not_leave(user_id: int) -> Obstacle | None:
    """An open vote in which somebody is an officer."""
    officer = db.session.scalar(sa.select(Officer).where(Officer.user_id == user_id, *queries.IN_OFFICE))
    boxes = db.session.scalars(sa.select(BallotBox).where(
        BallotBox.opened_at.is_not(None), BallotBox.published_at.is_(None), ~BallotBox.rehearsal)) if officer else ()
    for box in boxes:
        if any(named.grant == officer.id for named in queries.current(box)):
            return Obstacle(_("끝나지 않은 투표의 담당관이에요. 먼저 다른 담당관으로 바꿔 주세요. 바꾸면 72시간 뒤부터 일해요."),
                            f"/desk/votes/{box.id.hex()}/officers")
    return None
