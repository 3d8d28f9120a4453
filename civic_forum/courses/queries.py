"""SELECTs of sessions, of who came to them, and of certificates."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic_forum.accounts.models import User
from civic_forum.blocks.submissions import Submission
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState
from civic_forum.forums import queries as forums
from civic_forum.forums.models import Forum
from civic_forum.forums.registration.models import Registration
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from . import rules
from .models import CourseAttendance, CourseCertificate, CourseSession

PAGE, MOST_OWN = 50, 50


def sessions(call_id: int) -> Sequence[Forum]:
    """Gatherings of a course in the order of their days."""
    return db.session.scalars(sa.select(Forum).join(CourseSession, CourseSession.forum_id == Forum.id).where(
        CourseSession.call_id == call_id).order_by(Forum.starts_at, Forum.id).limit(rules.MOST_SESSIONS)).all()


def session(call_id: int, slug: str) -> Forum:
    """Raises NotFound for a gathering that is not of this course."""
    return existing(db.session.scalar(sa.select(Forum).join(CourseSession, CourseSession.forum_id == Forum.id).where(
        CourseSession.call_id == call_id, Forum.slug == slug)), forums.no_such_forum)


def counts(call_id: int) -> dict[int, tuple[int, int]]:
    """Numbers of those who have a place, and of those who came, by session."""
    came = sa.func.count(sa.case((CourseAttendance.present, 1)))
    rows = db.session.execute(sa.select(CourseAttendance.forum_id, sa.func.count(), came).join(
        CourseAttendance.application).where(CallApplication.call_id == call_id).group_by(CourseAttendance.forum_id))
    return {forum_id: (places, there) for forum_id, places, there in rows}


class Row(NamedTuple):
    """Somebody at a session, as the desk sees them."""

    attendance: CourseAttendance
    number: str
    name: str | None


def people(call_id: int, forum_id: int, after: str | None) -> paging.Page[Row]:
    """Those who have a place at a session. Raises Invalid for an `after` that is no token."""
    beyond = paging.parts(after, int)
    rows = db.session.execute(sa.select(CourseAttendance, Submission.number, User.nickname).join(
        CourseAttendance.application).join(CallApplication.submission).outerjoin(
        User, User.id == Submission.owner_id).where(
        CallApplication.call_id == call_id, CourseAttendance.forum_id == forum_id,
        CourseAttendance.id > (beyond[0] if beyond else 0)).options(
        joinedload(CourseAttendance.registration), contains_eager(CourseAttendance.application)).order_by(
        CourseAttendance.id).limit(PAGE + 1))
    return paging.page_of([Row(*row) for row in rows], PAGE, lambda row: (row.attendance.id,))


def held(call_id: int, forum_id: int, number: str) -> CourseAttendance:
    """Place of the application of this number, read again under its lock. Raises NotFound for none."""
    return existing(db.session.scalar(sa.select(CourseAttendance).join(CourseAttendance.application).join(
        CallApplication.submission).where(
        CallApplication.call_id == call_id, CourseAttendance.forum_id == forum_id, Submission.number == number)
        .with_for_update(of=CourseAttendance).execution_options(populate_existing=True)),
        lambda: NotFound(_("이 회차에 자리가 없는 신청이에요.")))


def placed(call_id: int) -> set[tuple[int, int]]:
    """Sessions and applications that have a place there."""
    return {(forum_id, application_id) for forum_id, application_id in db.session.execute(
        sa.select(CourseAttendance.forum_id, CourseAttendance.application_id).join(
            CourseAttendance.application).where(CallApplication.call_id == call_id))}


def tied(forum_id: int) -> set[int]:
    """Registrations for a session that places at it have."""
    return set(db.session.scalars(sa.select(CourseAttendance.registration_id).where(
        CourseAttendance.forum_id == forum_id, CourseAttendance.registration_id.is_not(None))))


def twin(attendance: CourseAttendance) -> CourseAttendance | None:
    """Another place of the same account at this session, by another application or course; it has no registration."""
    owner = sa.select(Registration.user_id).where(Registration.id == attendance.registration_id).scalar_subquery()
    return db.session.scalar(sa.select(CourseAttendance).join(CourseAttendance.application).join(
        CallApplication.submission).where(
        CourseAttendance.forum_id == attendance.forum_id, CourseAttendance.registration_id.is_(None),
        Submission.owner_id == owner).order_by(CourseAttendance.id).limit(1))


def not_chosen(call_id: int) -> Sequence[int]:
    """Applications with places that are not chosen any more: passed over in a lot, or not drawn by its true values."""
    return db.session.scalars(sa.select(CourseAttendance.application_id).join(CourseAttendance.application).where(
        CallApplication.call_id == call_id, CallApplication.state != ApplicationState.CHOSEN).distinct()).all()


def attended(applications: Collection[int]) -> Sequence[CourseAttendance]:
    """Places of these applications with their sessions, in the order of their days."""
    return db.session.scalars(sa.select(CourseAttendance).join(CourseAttendance.forum).where(
        CourseAttendance.application_id.in_(applications)).options(
        contains_eager(CourseAttendance.forum), joinedload(CourseAttendance.registration)).order_by(
        Forum.starts_at, Forum.id)).all()


def minutes(applications: Collection[int]) -> dict[int, int]:
    """Minutes to which each of these came."""
    came: dict[int, list[Forum]] = {}
    for attendance in attended(applications) if applications else ():
        if attendance.present:
            came.setdefault(attendance.application_id, []).append(attendance.forum)
    return {application_id: rules.minutes(gatherings) for application_id, gatherings in came.items()}


def own(user_id: int, call_id: int | None = None) -> Sequence[CallApplication]:
    """Applications of somebody that have places at sessions."""
    has_place = sa.exists().where(CourseAttendance.application_id == CallApplication.id)
    return db.session.scalars(sa.select(CallApplication).join(CallApplication.submission).where(
        Submission.owner_id == user_id, has_place, sa.true() if call_id is None else CallApplication.call_id == call_id)
        .options(contains_eager(CallApplication.submission), joinedload(CallApplication.call)).order_by(
        CallApplication.id.desc()).limit(MOST_OWN)).all()


def certificate(application_id: int) -> CourseCertificate | None:
    return db.session.get(CourseCertificate, application_id, populate_existing=True)


def numbered(number: str) -> CourseCertificate | None:
    """With the course."""
    return db.session.scalar(sa.select(CourseCertificate).filter_by(number=number).options(
        joinedload(CourseCertificate.application).joinedload(CallApplication.call).joinedload(Call.department)))


def forget_names(user_id: int) -> None:
    """Erase by what the names on somebody's certificates are compared."""
    theirs = sa.select(CallApplication.id).join(CallApplication.submission).where(Submission.owner_id == user_id)
    db.session.execute(sa.update(CourseCertificate).where(CourseCertificate.application_id.in_(theirs)).values(
        name_hash=None))
