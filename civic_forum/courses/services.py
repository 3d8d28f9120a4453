"""Sessions of a course, places for who was chosen, presence, certificates.

Lock order: the call, then gatherings by their ids, then places."""

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import queries as applications
from civic_forum.calls.following.operations import give_places
from civic_forum.calls.following.queries import chosen
from civic_forum.calls.judging.operations import holding
from civic_forum.calls.models import CallApplication
from civic_forum.forums import queries as forums
from civic_forum.forums.models import Forum
from civic_forum.forums.policy import may_prepare
from civic_forum.forums.registration import queries as registered
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import Stage
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import labels, operations, policy, queries, rules
from .models import CourseAttendance, CourseCertificate, CourseSession


def add_session(slug: str, forum_slug: str, *, by: User) -> None:
    """Teach at a gathering. Raises Refusal at the field, Denied, Conflict."""
    with holding(slug, policy.may_hold, by) as (work, call):
        if (known := forums.slugged(forum_slug)) is None:
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field="forum")
        forum, others = forums.locked(known.id), queries.sessions(call.id)
        require(by, may_prepare, forum)
        if forum in others or len(others) >= rules.MOST_SESSIONS:
            raise Conflict(_("이미 넣은 회차이거나 회차가 너무 많아요."), field="forum")
        if fault := rules.why_not_session(forum, others):
            raise Conflict(labels.FAULT[fault], field="forum")
        work.session.add(CourseSession(call_id=call.id, forum_id=forum.id))
        work.record("courses.session_added", call, forum=forum.id)


def remove_session(slug: str, forum_slug: str, *, by: User) -> None:
    """Raises Conflict once everybody knows of the course."""
    with holding(slug, policy.may_hold, by) as (work, call):
        forum = queries.session(call.id, forum_slug)
        if call.announced_at is not None:
            raise Conflict(_("알린 뒤에는 회차를 뺄 수 없어요. 열지 못하면 그 모임을 취소해 주세요."))
        work.session.delete(work.session.get_one(CourseSession, (call.id, forum.id)))
        work.record("courses.session_removed", call, forum=forum.id)


def give_all(slug: str, *, by: User) -> int:
    """Give all who were chosen a place at every session that is still to come, and tell them; those who were chosen
    later have one at the others too, where presence can be noted afterwards. Who is not chosen any more gives theirs
    back. How many places were given. Raises Conflict, and then nobody has any."""
    with holding(slug, policy.may_hold, by) as (work, call):
        if call.decided_at is None:
            raise Conflict(_("결과를 알린 뒤에 할 수 있어요."))
        given_back = operations.give_back(work, queries.not_chosen(call.id))
        people, placed, count = chosen(call), queries.placed(call.id), 0
        for forum_id in sorted(session.id for session in queries.sessions(call.id)):
            forum = forums.locked(forum_id)
            fresh = [application for application in people if (forum_id, application.id) not in placed]
            if forum.listed_as is not Stage.CANCELLED:
                count += _place(work, forum, fresh)
        if not count and not given_back:
            raise Conflict(_("뽑힌 사람이 이미 모든 회차에 신청되어 있어요."))
        work.record("courses.places_given", call, count=count)
        return count


def _place(work: Work, forum: Forum, fresh: list[CallApplication]) -> int:
    """Places at one session. Who registered before, or withdrew, stays as they are; so does who has a registration by
    another application or course."""
    if forum.stage is Stage.PREPARING and fresh:
        raise Conflict(_("먼저 모두에게 알려 주세요: %(title)s", title=forum.title))
    known: dict[int, Registration | None] = {}
    if forum.stage is Stage.ANNOUNCED:
        accounts = {each.submission.owner_id or -each.id: each for each in fresh}.values()
        owners = {application.id: application.submission.owner_id for application in accounts}
        known = {key: owner and registered.of(forum.id, owner) for key, owner in owners.items()}
        missing = {each.id: (owners[each.id], None if owners[each.id] else each.submission_id)
                   for each in accounts if known[each.id] is None}
        if missing:
            known |= dict(zip(missing, give_places(work, forum, list(missing.values())), strict=True))
    tied = queries.tied(forum.id)
    work.session.add_all(CourseAttendance(
        forum_id=forum.id, application_id=application.id,
        registration=None if (own := known.get(application.id)) is not None and own.id in tied else own)
        for application in fresh)
    return len(fresh)


def note(slug: str, forum_slug: str, number: str, present: bool, reason: str = "", *, by: User) -> None:
    """Note that somebody came, or take that back: never who noted it. Again changes nothing. Raises Refusal at the
    reason, Denied, NotFound for who has no place, Conflict."""
    with holding(slug, policy.may_hold, by) as (work, call):
        forum = queries.session(call.id, forum_slug)
        attendance = queries.held(call.id, forum.id, number)
        if attendance.present is present:
            return
        if fault := rules.why_not_note(forum, work.at):
            raise Conflict(labels.FAULT[fault])
        if not present and attendance.noted_by is not None and same_person(by, attendance.noted_by):
            raise Denied(_("출석을 적은 사람이 아닌 다른 담당자가 거둬요."))
        days = local(forum.starts_at).date(), local(work.at).date()
        if reason or rules.needs_reason(*days, is_changed=attendance.noted_at is not None):
            reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
        attendance.present, attendance.reason = present, reason
        attendance.noted_at, attendance.noted_by = work.at, by
        work.record("courses.presence_noted" if present else "courses.presence_taken_back", attendance.application,
                    forum=forum.id)


def certify(slug: str, number: str, *, by: User) -> CourseCertificate:
    """Certificate of one's own application, with one's verified name; without one that of the account at the first
    time. Raises NotFound, Conflict."""
    call = calls.slugged(slug)
    with use_case(by) as work:
        require(by, policy.may_finish)
        application = applications.held(applications.owned(call, number, by).id)
        return operations.issue(work, application, operations.name_of(by), is_checked=by.person is not None)


def certify_at_desk(slug: str, number: str, name: str, *, by: User) -> CourseCertificate:
    """Certificate of somebody without an account, to print. Raises Refusal at the name, NotFound, Denied, Conflict."""
    name = words_given(name, 1, rules.NAME_MOST, "name")
    with holding(slug, policy.may_hold, by) as (work, call):
        application = applications.held(applications.numbered(call, number).id)
        if application.submission.owner_id is not None:
            raise Conflict(_("계정이 있는 사람은 내 신청 화면에서 직접 받아요."), field="number")
        return operations.issue(work, application, name, is_checked=True)
