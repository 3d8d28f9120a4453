"""Hours and certificates of courses, for who reads them, inside the transaction of who changes them."""

from collections.abc import Collection
from dataclasses import dataclass

from civic_forum.accounts.identity import normalised, opened
from civic_forum.accounts.models import User
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import CallKind
from civic_forum.forums import queries as forums
from civic_forum.forums.registration import operations as registrations
from civic_forum.forums.rules import Place, Stage
from civic_forum.platform import keys, typed_codes
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from . import queries, rules
from .models import CourseCertificate

_NAME = "course.name"


@dataclass(frozen=True)
class Certified:
    """A certificate as a stranger reads it."""

    certificate: CourseCertificate
    holds: bool
    name: str | None
    """As it was typed, where it is the one that stands there."""


def taught(call: Call) -> int | None:
    """Minutes of all sessions of a course."""
    return rules.minutes(queries.sessions(call.id)) if call.kind is CallKind.COURSE else None


def came(call_id: int, user_id: int) -> int:
    """Minutes to which somebody came, by the application that has most."""
    return max(queries.minutes([each.id for each in queries.own(user_id, call_id)]).values(), default=0)


def certified(call_id: int, number: str, name: str) -> int:
    """Minutes behind a certificate of this course with this name; none without it."""
    certificate = queries.numbered(typed_codes.normalised(number))
    if certificate is None or certificate.application.call_id != call_id or not _is_of(
            certificate, name) or not has_hours(certificate.application):
        return 0
    return queries.minutes([certificate.application_id])[certificate.application_id]


def has_hours(application: CallApplication) -> bool:
    """True for who came as long as the course promised."""
    came_for = queries.minutes([application.id]).get(application.id, 0)
    return application.call.hours is not None and came_for >= 60 * application.call.hours


def look_up(number: str, name: str) -> Certified:
    """The certificate of this number. Raises NotFound, with the same sentence for whatever is none."""
    certificate = queries.numbered(typed_codes.normalised(number)[:rules.NUMBER_SIGNS + 1])
    if certificate is None:
        raise NotFound(_("이 번호의 마침 쪽지가 없어요. 번호를 한 글자씩 다시 확인해 주세요."))
    return Certified(certificate, has_hours(certificate.application), name if _is_of(certificate, name) else None)


def _is_of(certificate: CourseCertificate, name: str) -> bool:
    """True for the name that stands on it."""
    return bool(name) and certificate.name_hash is not None and keys.is_one_of(
        certificate.name_hash, keys.hashes(_NAME, _bound(certificate.number, name)))


def issue(work: Work, application: CallApplication, name: str, *, is_checked: bool) -> CourseCertificate:
    """The certificate of who came long enough, with this name: from now on if somebody checked it, else unless it has
    one. Raises Conflict for who did not."""
    if not has_hours(application):
        raise Conflict(_("아직 마치는 시간을 채우지 못했어요."))
    certificate = queries.certificate(application.id) or CourseCertificate(
        application=application, number=typed_codes.fresh(rules.NUMBER_SIGNS), issued_at=work.at)
    if is_checked or certificate.name_hash is None:
        certificate.name_hash = keys.keyed_hash(_NAME, _bound(certificate.number, name))
    work.session.add(certificate)
    work.record("courses.certified", application)
    return certificate


def give_back(work: Work, applications: Collection[int]) -> int:
    """Places of these at sessions that are still to come go to others; how many. The caller holds the call."""
    count = 0
    for attendance in sorted(queries.attended(applications), key=lambda each: each.forum_id):
        if attendance.forum.stage is Stage.ANNOUNCED and not attendance.present:
            count, registration = count + 1, attendance.registration
            twin = queries.twin(attendance) if registration is not None else None
            work.session.delete(attendance)
            work.session.flush()
            if twin is not None:
                twin.registration = registration
            elif registration is not None and registration.place is not Place.WITHDRAWN:
                registrations.withdraw(work, forums.locked(attendance.forum_id), registration)
    return count


def name_of(user: User) -> str:
    """Verified name of somebody, else that of the account."""
    return opened(user.person).name if user.person is not None else user.name


def _bound(number: str, name: str) -> bytes:
    return f"{number}\n{normalised(name)}".encode()
