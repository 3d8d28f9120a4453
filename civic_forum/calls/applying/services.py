"""Applications are begun, kept while they are written, handed in and taken back; at a desk they are typed in, and
proposals nominated.

Lock order: the call, shared, then the application. Whoever moves the close waits for those who hand in, and they do not
wait for each other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from civic_forum.accounts.identity import opened as identity_of
from civic_forum.accounts.models import User
from civic_forum.attachments import operations as attachments
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.attachments.queries import of_set
from civic_forum.blocks import questions, submissions
from civic_forum.journeys import operations as journeys
from civic_forum.platform import keys
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local, won
from civic_forum.platform.policy import require
from civic_forum.platform.question_rows import AnswerSheet, Question
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals.queries import records as proposals

from .. import queries as calls
from ..extensions import CAME, CERTIFIED
from ..events import ApplicationReceived, ApplicationWithdrawn
from ..models import ApplicationStep, Call, CallApplication
from ..rules import APPLICATION, KIND, ApplicationState, CallStage, Channel, Step
from . import parts, queries, rules
from .labels import UNMET, why_not_hours
from .policy import may_apply, may_type_in, why_not_worth

_MARK = "call.applicant"
OPEN_STATES = (ApplicationState.DRAFT, ApplicationState.RECEIVED)


class Typed(NamedTuple):
    """Fields as they were typed, and the version that was read before; files by the names of their questions, and keys
    of those to take away."""

    part: Any
    version: int = 1
    files: Mapping[str, Sequence[PreparedFile]] = {}
    without: Collection[str] = ()


class Opened(NamedTuple):
    """An application under its lock, with what is answered."""

    work: Work
    call: Call
    application: CallApplication
    sheet: AnswerSheet
    rows: list[Question]


def begin(call_id: int, *, by: User) -> CallApplication:
    """An empty draft, with the number under which it is handed in. Raises Denied, Conflict."""
    with use_case(by) as work:
        call = calls.locked(call_id, shared=True)
        require(by, may_apply, call)
        _refuse_closed(call)
        _refuse_unfit(call, by)
        marks = _marks(by)
        places = range(1, call.most_each + 1)
        free = set(places) - queries.places_taken(call, marks)
        if not free:
            raise Conflict(no_more(call))
        slip = submissions.begin(work.session, APPLICATION, at=work.at, coded=False, drawn=True)
        slip.submission.owner_id = by.id
        application, _sheet = _made(work, call, slip, marks[0], min(free), Channel.ONLINE)
        work.record("calls.application_begun", application)
        return application


def _made(work: Work, call: Call, slip: submissions.Slip, mark: bytes, place: int,
          channel: Channel) -> tuple[CallApplication, AnswerSheet]:
    application = CallApplication(call=call, submission=slip.submission, mark=mark, place=place, channel=channel,
                                  state=ApplicationState.DRAFT)
    work.session.add(application)
    sheet = questions.begin(work.session, slip.submission, KIND, call.id, at=work.at)
    return application, sheet


def _marks(user: User) -> list[bytes]:
    """Of the person, else of the account; behind it those under earlier keys, and of the account."""
    names = [f"person:{user.person_id}"] if user.person_id else []
    return [mark for name in (*names, f"user:{user.id}") for mark in keys.hashes(_MARK, name.encode())]


def _refuse_closed(call: Call) -> None:
    if call.stage is not CallStage.OPEN:
        raise Conflict(_("지금은 신청받지 않아요."))


def no_more(call: Call) -> str:
    return _("이 모집에는 한 사람이 %(most)s번까지 신청할 수 있어요. 앞서 쓴 것을 고치거나 거두세요.", most=call.most_each)


def why_not_yet(call: Call, user: User) -> str | None:
    """Reason of who has not come to the course that the call asks for so long."""
    return why_not_hours(call, sum(CAME.ask(call.course_id, user.id))) if call.course_id else None


def _refuse_unfit(call: Call, user: User) -> None:
    """Raises Refusal where the age of a verified person is known and does not fit, and for hours that are missing."""
    if reason := why_not_yet(call, user):
        raise Refusal(reason)
    if user.person is not None and call.closes_at is not None:
        born = identity_of(user.person).birth_date.year
        if rules.unmet(call, {"born": born}, local(call.closes_at).year):
            raise Refusal(str(UNMET[rules.Unmet.AGE]))


@contextmanager
def _writing(call: Call, number: str, by: User) -> Iterator[Opened]:
    """One's own application, under its lock. Raises NotFound."""
    call_id = call.id
    with use_case(by) as work:
        call = calls.locked(call_id, shared=True)
        application = queries.held(queries.owned(call, number, by).id)
        yield Opened(work, call, application, queries.sheet_of(application), calls.questions_of(call))


def save(call: Call, number: str, typed: Typed, *, by: User) -> None:
    """Keep a draft, whatever is still missing, also after the close. Raises Conflict for one that was saved elsewhere
    since, and for one that was handed in."""
    with _writing(call, number, by) as opened:
        if opened.application.state is not ApplicationState.DRAFT:
            raise Conflict(_("이미 낸 신청이에요. 고친 것은 「다시 내기」를 눌러야 들어가요."))
        _write(opened, typed)


def hand_in(call: Call, number: str, typed: Typed, *, arrived_at: datetime, by: User) -> timedelta | None:
    """Hand it in, or anew under the same number; its time is that at which it arrived here. After the close a draft is
    kept as it was typed and stays one: the answer is by how much it was late. Raises Refusal at the field, Conflict."""
    with _writing(call, number, by) as opened:
        application, at = opened.application, min(arrived_at, opened.work.at)
        late = rules.late_by(opened.call.closes_at or at, at)
        is_fixed = late is not None and application.state is ApplicationState.RECEIVED
        if application.state not in OPEN_STATES or is_fixed:
            raise Conflict(_("마감한 뒤에는 고칠 수 없어요. 앞서 낸 것을 그대로 봐요."))
        require(by, may_apply, opened.call)
        if late is None:
            _refuse_unfit(opened.call, by)
            _hand_in(opened, typed, at)
        else:
            _write(opened, typed)
        return late


def _hand_in(opened: Opened, typed: Typed, at: datetime) -> None:
    """Raises Refusal for what is still missing, or too much."""
    work, call, application = opened.work, opened.call, opened.application
    whole = parts.part_of(call, opened.rows)
    _write(opened, typed._replace(part=whole(**{name: getattr(typed.part, name) for name in whole.fields()})))
    least = call.least_people or 1
    if application.group_name and (application.people or 0) < least:
        raise Refusal(_("모임이 몇 명인지 적어 주세요. %(least)s명부터 신청할 수 있어요.", least=least), field="people")
    if call.most_won is not None and (application.asked or 0) > call.most_won:
        raise Refusal(_("모두 %(most)s을 넘지 않게 적어 주세요. 지금은 %(sum)s이에요.", most=won(call.most_won),
                        sum=won(application.asked or 0)))
    for question in filter(parts.takes_files, opened.rows):
        is_there = opened.sheet.answers[questions.name_of(question)] or application.channel is not Channel.ONLINE
        if question.needed and not is_there:
            raise Refusal(_("파일을 올려 주세요: %(label)s", label=question.label))
    application.state, application.submission.handed_in_at = ApplicationState.RECEIVED, at
    work.record("calls.handed_in", application)
    work.emit(ApplicationReceived(application.id))


def _write(opened: Opened, typed: Typed) -> None:
    if typed.version != opened.sheet.version:
        raise Conflict(_("다른 창이나 기기에서 먼저 저장했어요. 이 화면의 글로 바꾸려면 한 번 더 누르세요."))
    questions.save(opened.sheet, opened.rows, typed.part, at=opened.work.at)
    parts.write(opened.application, opened.rows, typed.part)
    _file(opened, typed)


def type_in(call_id: int, part: Any, *, by: User) -> submissions.Slip:
    """Hand in what somebody brought on paper or said at the desk; the code on the slip is theirs. Raises Refusal at the
    field, Denied, Conflict."""
    part.check()
    with use_case(by) as work:
        call = calls.locked(call_id, shared=True)
        require(by, may_type_in, call)
        _refuse_closed(call)
        if call.course_id and (reason := why_not_hours(call, sum(CERTIFIED.ask(
                call.course_id, part.certificate, part.person_name)))):
            raise Refusal(reason, field="certificate")
        slip = submissions.begin(work.session, APPLICATION, at=work.at, drawn=True)
        mark = keys.keyed_hash(_MARK, f"number:{slip.submission.number}".encode())
        application, sheet = _made(work, call, slip, mark, 1, (Channel.PAPER, Channel.DESK)[part.by_way])
        named = [part.person_name, part.born.isoformat()] if call.is_by_lot else []
        if (named or part.contact) and call.closes_at is not None:
            submissions.seal_contact(slip.submission, "\n".join((*named, part.contact or "")),
                                     (call.closes_at + rules.CONTACT_KEPT).date())
        _hand_in(Opened(work, call, application, sheet, calls.questions_of(call)), Typed(part), work.at)
        return slip


def nominate(call_id: int, part: Any, *, by: User) -> CallApplication:
    """Put a proposal up that the office answered well, once; its journey says so, and its author may decline. Raises
    Refusal at the field, Denied, Conflict."""
    part.check()
    with use_case(by) as work:
        call = calls.locked(call_id, shared=True)
        require(by, may_type_in, call)
        _refuse_closed(call)
        if (known := proposals.numbered(part.proposal)) is None:
            raise Refusal(_("이런 접수번호의 제안이 없어요. 2026-0412처럼 적어 주세요."), field="proposal")
        proposal = proposals.locked(known.id)
        if reason := why_not_worth(by, proposal, queries.last_outcome(proposal.id)):
            raise Refusal(reason, field="proposal")
        if queries.is_nominated(call, proposal.id):
            raise Conflict(_("이미 후보에 오른 제안이에요."), field="proposal")
        slip = submissions.begin(work.session, APPLICATION, at=work.at, coded=False, drawn=True)
        slip.submission.owner_id, slip.submission.handed_in_at = proposal.author_id, work.at
        mark = keys.keyed_hash(_MARK, f"proposal:{proposal.id}".encode())
        application, sheet = _made(work, call, slip, mark, 1, Channel.DESK)
        application.proposal, application.title = proposal, proposal.title
        application.state = ApplicationState.RECEIVED
        questions.save(sheet, calls.questions_of(call), part, at=work.at)
        work.session.add(ApplicationStep(application_id=application.id, step=Step.COMPLETE, passed=True, at=work.at,
                                         by_id=by.id))
        journeys.add(work.session, proposal.journey_id, "nominated", at=work.at, evidence=call.title)
        work.record("calls.nominated", application)
        return application


def _file(opened: Opened, typed: Typed) -> None:
    """Put files to their questions, and take others away."""
    session, sheet = opened.work.session, opened.sheet
    there = {file.key for file in of_set(sheet.attachment_set_id)}
    if typed.files and sheet.attachment_set_id is None:
        sheet.attachment_set_id = attachments.open_set(session, APPLICATION, opened.application.id).id
    set_id = sheet.attachment_set_id or 0
    for question in filter(parts.takes_files, opened.rows):
        name = questions.name_of(question)
        added = [attachments.add(session, set_id, prepared=file, description=question.label, by=opened.work.actor,
                                 at=opened.work.at).key for file in typed.files.get(name, ())]
        kept = [key for key in sheet.answers.get(name, ()) if key not in typed.without]
        sheet.answers = sheet.answers | {name: kept + added}
    for key in there.intersection(typed.without):
        attachments.remove(session, set_id, key)


def opened_by(call: Call, number: str, code: str) -> CallApplication:
    """The application of this number, with the code on its slip. Raises Refusal for a wrong pair: which numbers there
    are is nobody's to find out."""
    application = queries.known(call, submissions.read_number(number))
    if application is None or not submissions.opens(application.submission, code):
        raise Refusal(_("번호와 코드가 맞지 않아요. 받은 종이에서 다시 확인해 주세요."), field="code")
    return application


def withdraw(call: Call, number: str, *, by: User | None = None, code: str = "") -> CallApplication | None:
    """Take back one's own, with the account or with the code; the answer is None where it was a draft. Raises Conflict
    once it was decided against it."""
    call_id, is_over, is_listed = call.id, call.decided_at is not None, call.listed_at is not None
    with use_case(by) as work:
        call = calls.locked(call_id, shared=not is_over and not is_listed)  # one after the other: others move up
        known = queries.owned(call, number, by) if by else opened_by(call, number, code)
        application = queries.held(known.id)
        is_late = application.state in (ApplicationState.CHOSEN, ApplicationState.RESERVE) and not is_over
        if is_late or call.listed_at and not is_listed:
            raise Conflict(_("방금 바뀐 것이 있어요. 새로 고친 뒤 다시 눌러 주세요."))
        if application.state is ApplicationState.DRAFT:
            work.record("calls.draft_dropped", application)
            drop(work.session, application)
            return None
        if not rules.may_withdraw(rules.state_shown(application.state, is_decided=call.decided_at is not None)):
            raise Conflict(_("이미 끝난 신청이에요."))
        take_back(work, application)
        return application


def take_back(work: Work, application: CallApplication) -> None:
    """It does not stand any more; of what was chosen the answers that everybody read stay."""
    was, sheet = application.state, queries.sheet_of(application)
    submissions.withdraw(application.submission, at=work.at)
    application.state, application.place = ApplicationState.WITHDRAWN, -application.id
    if application.call.decided_at is None:  # what was proposed for it goes, and its place in the reserve is free
        application.won = application.prize = application.reserve_place = application.reason = None
        application.why_not = None
    clear(work.session, application, sheet, keeps_public=was is ApplicationState.CHOSEN)
    work.record("calls.application_withdrawn", application, was=str(was))
    work.emit(ApplicationWithdrawn(application.id, str(was)))


def clear(session: Any, application: CallApplication, sheet: AnswerSheet, *, keeps_public: bool) -> None:
    """Erase the answers and throw the files away."""
    questions.erase(sheet, calls.questions_of(application.call), keeps_public=keeps_public)
    if not keeps_public:
        application.title, application.group_name, application.group_folded = "", None, None
    if sheet.attachment_set_id is not None:
        set_id, sheet.attachment_set_id = sheet.attachment_set_id, None
        session.flush()
        attachments.throw_away(session, set_id)


def drop(session: Any, application: CallApplication) -> None:
    """Delete a draft, with its number."""
    sheet, submission = queries.sheet_of(application), application.submission
    clear(session, application, sheet, keeps_public=False)
    for row in (application, sheet, submission):
        session.delete(row)
        session.flush()


def forget_files(session: Any, sheets: Sequence[AnswerSheet]) -> None:
    """Throw away the files of these sheets that no answer names any more."""
    for sheet in sheets:
        named = [key for value in sheet.answers.values() if isinstance(value, list) for key in value]
        for file in of_set(sheet.attachment_set_id):
            if file.key not in named:
                attachments.remove(session, file.set_id, file.key)
