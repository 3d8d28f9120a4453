"""Participants of a forum and its waiting list, for those who register and for those who prepare it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from civic_forum.platform import paging
from civic_forum.platform.base import db

from ..models import Forum
from ..rules import Place, Way
from .models import RecordingConsent, Registration


def came(forum_id: int) -> dict[str, int]:
    """Numbers of those who registered and of those who came, by their way."""
    rows = db.session.execute(sa.select(Registration.way, sa.func.count(), sa.func.count(Registration.came_at)).where(
        Registration.forum_id == forum_id, Registration.place == Place.HELD).group_by(Registration.way)).all()
    return {"registered": sum(number for _way, number, _came in rows)} | {way.value: there for way, _number,
                                                                          there in rows}


def waiting_longest(forum_id: int, way: Way, most: int) -> list[Registration]:
    """So many of those who wait, in the order of asking."""
    if most <= 0:
        return []
    return list(db.session.scalars(
        sa.select(Registration).filter_by(forum_id=forum_id, way=way, place=Place.WAITING)
        .order_by(Registration.asked_at, Registration.id).limit(most)))


@dataclass(frozen=True)
class Counts:
    """Numbers of those who have a place and of those who wait, by how they come."""

    held: dict[Way, int]
    waiting: dict[Way, int]
    came: int = 0

    @property
    def everybody(self) -> int:
        return sum(self.held.values())

    @property
    def all_waiting(self) -> int:
        return sum(self.waiting.values())


def counts(forum_id: int) -> Counts:
    rows = db.session.execute(
        sa.select(Registration.way, Registration.place, sa.func.count(), sa.func.count(Registration.came_at))
        .where(Registration.forum_id == forum_id, Registration.place != Place.WITHDRAWN)
        .group_by(Registration.way, Registration.place)).all()
    return Counts(held={way: number for way, place, number, _came in rows if place is Place.HELD},
                  waiting={way: number for way, place, number, _came in rows if place is Place.WAITING},
                  came=sum(came for _way, place, _number, came in rows if place is Place.HELD))


@dataclass(frozen=True)
class Mine:
    """Registration of somebody, and their place on the waiting list."""

    registration: Registration
    ahead: int
    """So many wait before them."""
    consent: RecordingConsent | None


def mine(forum_id: int, user) -> Mine | None:
    """None for visitors and for who never registered."""
    if not user.is_authenticated:
        return None
    other = aliased(Registration)
    ahead = sa.select(sa.func.count()).where(
        other.forum_id == Registration.forum_id, other.way == Registration.way, other.place == Place.WAITING,
        sa.or_(other.asked_at < Registration.asked_at,
               sa.and_(other.asked_at == Registration.asked_at, other.id < Registration.id))
    ).correlate(Registration).scalar_subquery()
    row = db.session.execute(
        sa.select(Registration, ahead, RecordingConsent)
        .outerjoin(RecordingConsent, sa.and_(RecordingConsent.forum_id == Registration.forum_id,
                                             RecordingConsent.user_id == Registration.user_id))
        .where(Registration.forum_id == forum_id, Registration.user_id == user.id)
        .options(joinedload(Registration.submission))).one_or_none()
    return Mine(*row) if row else None


def of(forum_id: int, user_id: int) -> Registration | None:
    """Somebody's registration, as it stands now."""
    return db.session.scalar(sa.select(Registration).filter_by(forum_id=forum_id, user_id=user_id)
                             .execution_options(populate_existing=True))


def of_submission(submission_id: int) -> Registration | None:
    """Registration by what was handed in at a window."""
    return db.session.scalar(sa.select(Registration).filter_by(submission_id=submission_id))


def of_applied(submission_ids: Collection[int]) -> list[tuple[Registration, Forum]]:
    """Registrations of those who were chosen without an account, by their applications."""
    return [tuple(row) for row in db.session.execute(
        sa.select(Registration, Forum).join(Forum, Forum.id == Registration.forum_id)
        .where(Registration.applied_id.in_(submission_ids)).order_by(Registration.id).limit(MOST_APPLIED))]


def by_id(forum_id: int, registration_id: int) -> Registration | None:
    return db.session.scalar(sa.select(Registration).filter_by(forum_id=forum_id, id=registration_id)
                             .execution_options(populate_existing=True))


@dataclass(frozen=True)
class RegistrationRow:
    """Somebody who comes, as those who prepare the forum see them."""

    registration: Registration
    consents: bool | None
    """None: they said nothing."""


PAGE, MOST_APPLIED = 50, 10_000


def listed(forum_id: int, place: Place, after: str | None = None) -> paging.Page[RegistrationRow]:
    """People who have a place, wait or withdrew, in the order of asking. Raises Invalid for an `after` that is no
    token."""
    beyond = paging.parts(after, int, int)
    statement = (sa.select(Registration, RecordingConsent.given)
                 .outerjoin(RecordingConsent, sa.and_(RecordingConsent.forum_id == Registration.forum_id,
                                                      RecordingConsent.user_id == Registration.user_id))
                 .where(Registration.forum_id == forum_id, Registration.place == place)
                 .options(joinedload(Registration.user), joinedload(Registration.submission)))
    if beyond is not None:
        at = paging.moment(beyond[0])
        statement = statement.where(sa.or_(Registration.asked_at > at, sa.and_(Registration.asked_at == at,
                                                                               Registration.id > beyond[1])))
    rows = [RegistrationRow(*row) for row in db.session.execute(
        statement.order_by(Registration.asked_at, Registration.id).limit(PAGE + 1))]
    return paging.page_of(rows, PAGE, lambda line: (paging.microseconds(line.registration.asked_at),
                                                    line.registration.id))


def needed(forum_id: int) -> dict[str, int]:
    """Numbers of those with a place by what they need."""
    tally: dict[str, int] = {}
    for needs in db.session.scalars(sa.select(Registration.needs).filter_by(forum_id=forum_id, place=Place.HELD)):
        for need in needs:
            tally[need] = tally.get(need, 0) + 1
    return tally


def of_user(user_id: int) -> list[tuple[Registration, Forum, RecordingConsent | None]]:
    """All that somebody registered for."""
    statement = (sa.select(Registration, Forum, RecordingConsent).join(Forum, Forum.id == Registration.forum_id)
                 .outerjoin(RecordingConsent, sa.and_(RecordingConsent.forum_id == Registration.forum_id,
                                                      RecordingConsent.user_id == Registration.user_id))
                 .where(Registration.user_id == user_id).options(joinedload(Registration.submission))
                 .order_by(Registration.id))
    return [tuple(row) for row in db.session.execute(statement)]


def forget_needs(over_since: datetime) -> int:
    """Forget what people said of themselves at forums that were over by then; returns of how many."""
    over = sa.select(Forum.id).where(Forum.closed_at < over_since)
    details = sa.or_(Registration.needs_sealed.is_not(None), Registration.age_group.is_not(None),
                     Registration.neighbourhood_id.is_not(None))
    return db.session.execute(sa.update(Registration).where(Registration.forum_id.in_(over), details).values(
        needs_sealed=None, needs=[], age_group=None, neighbourhood_id=None)).rowcount
