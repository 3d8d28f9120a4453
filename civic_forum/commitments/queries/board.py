"""The board of commitments: its list, its numbers, standings as SQL."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.filters import neighbourhood
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, today

from .. import days, labels, rules
from ..models import Commitment, CommitmentNews, commitment_neighbourhood
from ..rules import Status
from ..standings import ELSEWHERE, Standing, standing

MOST_OF_MINE = 50
MOST_KEPT = 20
MOST_FIRST = 3


TODAY = sa.bindparam("today", type_=sa.Date(), callable_=today)
_LONG_AGO = sa.bindparam("long_ago", type_=sa.Date(), callable_=lambda: days.four_quarters_before(today()))
_HEARD_ON = sa.func.coalesce(Commitment.told_on, Commitment.promised_on)
_DONE = Commitment.status == Status.DONE
TERM_IS_OVER = sa.and_(Commitment.origin.in_(ELSEWHERE), Commitment.ends_on < TODAY)
STANDING = sa.case(
    (sa.and_(_DONE, sa.or_(Commitment.reached > 0, Commitment.reported)), Standing.KEPT.value),
    (_DONE, Standing.WRITTEN.value),
    (Commitment.status.in_(rules.STOPPED), Standing.STOPPED.value),
    (sa.and_(TERM_IS_OVER, Commitment.steps > 0, Commitment.reached == Commitment.steps), Standing.KEPT.value),
    (TERM_IS_OVER, Standing.OVER.value),
    (sa.and_(Commitment.next_due_on < TODAY, sa.or_(_HEARD_ON >= _LONG_AGO, _HEARD_ON > Commitment.next_due_on)),
     Standing.LATE.value),
    (_HEARD_ON < _LONG_AGO, Standing.SILENT.value), else_=Standing.GOING.value)
"""As `standings.standing`."""
IS = {each: STANDING == each.value for each in Standing}


def standing_of(commitment: Commitment) -> Standing:
    return standing(commitment, today())


def _board() -> sa.Select[Any]:
    return sa.select(Commitment).options(joinedload(Commitment.department), selectinload(Commitment.neighbourhoods))


def _departments() -> dict[int, str]:
    known = sa.exists().where(Commitment.department_id == Department.id)
    return {department.id: department.name for department in db.session.scalars(
        sa.select(Department).where(known).order_by(Department.position))}


def _fields() -> dict[str, object]:
    known = labels.fields()
    return {field: known.get(field, field) for field in db.session.scalars(
        sa.select(Commitment.field).where(Commitment.field != "").distinct().order_by(Commitment.field))}


_PLACED = sa.exists().where(commitment_neighbourhood.c.commitment_id == Commitment.id)
COMMITMENTS = listing.declare(Listing(
    "commitments", _board, endpoint="commitments.index", card="commitments/row.html",
    filters=(
        Filter("standing", _l("어떻게 되었나요"), Commitment.status, labels.STANDING, cases=IS),
        Filter("field", _l("분야"), Commitment.field, _fields, _l("모든 분야"), written=True),
        Filter("department", _l("부서"), Commitment.department_id, _departments, _l("모든 부서")),
        neighbourhood(lambda place: _PLACED.where(commitment_neighbourhood.c.neighbourhood_id == place), ~_PLACED,
                      _l("구 전체")),
        Filter("status", _l("상태"), Commitment.status, labels.STATUS, _l("모든 상태")),
        words("q", _l("낱말"), Commitment.title, Commitment.goal, most=60)),
    orders=(Order("due", _l("급한 것부터"), (Commitment.sort_on, Commitment.id)),
            Order("newest", _l("새 것부터"), (Commitment.promised_on.desc(), Commitment.id.desc())))))


@dataclass(frozen=True)
class Totals:
    """Numbers of the board below some filters."""

    standings: dict[Standing, int]
    in_time: int
    """Of those that were kept: by the day that was set first."""
    dated: int
    """Of those that were kept: with a day at all."""
    planned: int
    """Won of all that say it, as the next two."""
    secured: int
    executed: int
    unplanned: int
    """Commitments whose plan is not known, as the next two."""
    unsecured: int
    unexecuted: int

    @property
    def all(self) -> int:
        return sum(self.standings.values())


def totals(wanted: Chosen) -> Totals:
    kept_in_time = sa.and_(IS[Standing.KEPT], Commitment.done_on <= Commitment.first_due_on)
    dated = sa.and_(IS[Standing.KEPT], Commitment.first_due_on.is_not(None))
    counted = [sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
               for condition in (*(IS[each] for each in Standing), kept_in_time, dated)]
    columns = (Commitment.planned, Commitment.secured, Commitment.executed)
    money = [sa.func.coalesce(sa.func.sum(column), 0) for column in columns] + [
        sa.func.count() - sa.func.count(column) for column in columns]
    numbers = db.session.execute(sa.select(*counted, *money).where(*wanted.conditions(but=("standing",)))).one()
    size = len(Standing)
    return Totals(dict(zip(Standing, map(int, numbers[:size]), strict=True)), *map(int, numbers[size:]))


def by_neighbourhood() -> dict[int, int]:
    """Id of each neighbourhood → how many commitments are about it."""
    table = commitment_neighbourhood.c
    return dict(db.session.execute(sa.select(table.neighbourhood_id, sa.func.count())
                                   .group_by(table.neighbourhood_id)).all())


def told_first() -> dict[Standing, list[Commitment]]:
    """Commitments kept last, and those late for the longest."""
    orders = {Standing.KEPT: (Commitment.done_on.desc().nulls_last(), Commitment.id.desc()),
              Standing.LATE: (Commitment.next_due_on, Commitment.id)}
    return {each: list(db.session.scalars(_board().where(IS[each]).order_by(*order).limit(MOST_FIRST)))
            for each, order in orders.items()}


def due_days(limit: int) -> list[Commitment]:
    """Commitments with a day that is still to come, for a calendar."""
    return list(db.session.scalars(_board().where(Commitment.next_due_on >= TODAY)
                                   .order_by(Commitment.sort_on, Commitment.id).limit(limit)))


def going_on(limit: int) -> list[Commitment]:
    """Those that are carried out and furthest on their way."""
    return list(db.session.scalars(
        sa.select(Commitment).where(IS[Standing.GOING], Commitment.progress.between(1, 99),
                                    Commitment.due_on >= today())
        .order_by(Commitment.progress.desc(), Commitment.id).limit(limit)))


@dataclass(frozen=True)
class Kept:
    """Commitments of a department or a field: all, and how many of each standing."""

    name: str
    standings: dict[Standing, int]


def kept_by_department() -> list[Kept]:
    """Standings by department, the largest first."""
    name = sa.select(Department.name).where(Department.id == Commitment.department_id).scalar_subquery()
    return _kept_by(Commitment.department_id, sa.func.min(name), _("맡은 부서 없음"))


def kept_by_field() -> list[Kept]:
    """Standings by field, the largest first."""
    return _kept_by(Commitment.field, Commitment.field, _("분야 없음"))


def _kept_by(column: Any, name: Any, nameless: str) -> list[Kept]:
    """All of them: those of one name now together, and those behind the largest."""
    counted = (sa.func.sum(sa.case((IS[each], 1), else_=0)) for each in Standing)
    rows = db.session.execute(sa.select(name, *counted).group_by(column).order_by(sa.func.count().desc(), column))
    known, totals = labels.fields_now(), defaultdict[str, Counter[Standing]](Counter)
    for title, *numbers in rows:
        totals[str(known.get(title, title) or nameless)].update(dict(zip(Standing, map(int, numbers), strict=True)))
    largest = sorted(totals, key=lambda name: -totals[name].total())
    for beyond in largest[MOST_KEPT:]:
        totals[_("그 밖에")].update(totals[beyond])
    names = [*largest[:MOST_KEPT], *([_("그 밖에")] if len(largest) > MOST_KEPT else [])]
    return [Kept(name, {standing: totals[name][standing] for standing in Standing}) for name in names]


def of_mine(user: User) -> list[Commitment]:
    """Commitments of which somebody hears, the newest news first."""
    told = sa.select(CommitmentNews.commitment_id).filter_by(user_id=user.id)
    return list(db.session.scalars(_board().where(Commitment.id.in_(told)).order_by(
        Commitment.sort_on, Commitment.id).limit(MOST_OF_MINE)))
