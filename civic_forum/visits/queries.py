"""SELECTs of requests for a visit."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.rules import Role
from civic_forum.district.models import Neighbourhood
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.waiting import DeskLine, Staff, Waiting

from .models import VisitRequest
from .policy import AskedOf
from .rules import MOST_SHOWN


def missing() -> NotFound:
    return NotFound(_("이런 청은 없어요. 목록에서 찾아보세요."))


def asked_of(request_id: int, *, lock: bool = False) -> AskedOf:
    """A request and who holds visits; read again under its lock where it is answered. Raises NotFound."""
    statement = sa.select(VisitRequest).filter_by(id=request_id).execution_options(populate_existing=True)
    request = db.session.scalar(statement.with_for_update(of=VisitRequest) if lock else statement)
    holders = sa.select(Forum.department_id).where(Forum.form == Form.VISIT, Forum.department_id.is_not(None))
    return AskedOf(existing(request, missing), frozenset(db.session.scalars(holders.distinct())))


def is_open(user_id: int, neighbourhood_id: int) -> bool:
    """True for somebody who waits for an answer about this neighbourhood."""
    return db.session.scalar(sa.select(sa.exists().where(
        VisitRequest.by_id == user_id, VisitRequest.neighbourhood_id == neighbourhood_id,
        VisitRequest.answered_at.is_(None)))) or False


def listed() -> Sequence[VisitRequest]:
    """Those that wait, the longest first, then answers, the latest first."""
    waits = VisitRequest.answered_at.is_(None)
    return db.session.scalars(sa.select(VisitRequest).options(
        joinedload(VisitRequest.neighbourhood), joinedload(VisitRequest.visit)).order_by(
        sa.case((waits, 0), else_=1), sa.case((waits, VisitRequest.due_on)), VisitRequest.answered_at.desc(),
        VisitRequest.id).limit(MOST_SHOWN)).all()


def waiting(staff: Staff) -> sa.Select:
    """Requests that this person may answer."""
    holds = sa.exists().where(Forum.form == Form.VISIT, Forum.department_id.in_(staff.department_ids()))
    name = sa.select(Neighbourhood.name_ko).where(Neighbourhood.id == VisitRequest.neighbourhood_id).scalar_subquery()
    open_ones = sa.select(VisitRequest.id, VisitRequest.due_on, sa.cast(VisitRequest.id, sa.Text).label("ref"), name,
                          VisitRequest.place).where(VisitRequest.answered_at.is_(None))
    return open_ones if staff.has(Role.MODERATOR) else open_ones.where(sa.or_(
        VisitRequest.neighbourhood_id.in_(staff.neighbourhood_ids()), holds))


def lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/visits/{row.ref}", f"{row.title} {row.note}", (), _("언제 갈지, 못 가면 왜 못 가는지 답해 주세요."))
            for row in rows]
