"""Notice of a meeting is given; what became of it is written down, also of one of which nobody gave notice here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from secrets import SystemRandom
from typing import Any

from flask_login import AnonymousUserMixin

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.attachments import operations as files
from civic_forum.attachments import queries as attachments
from civic_forum.attachments.models import Attachment, AttachmentSet
from civic_forum.attachments.prepared import PreparedFile
from civic_forum.blocks import kinds, slugs
from civic_forum.blocks.about import Named
from civic_forum.blocks.kinds import Ref
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import Membership
from civic_forum.bodies.queries import BodyCase
from civic_forum.bodies.rules import BodyAccess, quorum
from civic_forum.forums import queries as forums
from civic_forum.forums.events import DecisionWritten, ForumAnnounced, ForumEdited
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing.process import fresh_code
from civic_forum.forums.record.models import Decision
from civic_forum.forums.rules import Form
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.polls.models import Poll

from . import labels, queries
from .events import MeetingCancelled, MeetingKept, MeetingNoticed
from .kinds import ITEM
from .models import Matter, Meeting, MeetingItem, Presence
from .policy import may_keep, may_put
from .queries import MeetingCase
from .records import ItemRecord, MeetingRecord
from .rules import TITLE_MOST, UNREAD, ItemKind, ItemResult, Resolution, tally, why_not_elect, why_not_undo
from .signing.services import MINUTES, signed_as


def give_notice(body_id: int, record: MeetingRecord, *, by: User) -> Meeting:
    """Announce a meeting that is to come, or the days in which members answer in writing, with its items. Raises
    Conflict where there is one at that time."""
    record.check(is_notice=True)
    with use_case(by) as work:
        case = _case(work, body_id, record)
        if (record.ends_at if record.written else record.starts_at) <= work.at:
            raise Refusal(_("이미 시작한 회의는 기록으로 남겨 주세요."), field="starts_at")
        if queries.at(body_id, *_moment(record.starts_at)) is not None:
            raise Conflict(_("이 때에 여는 회의가 이미 있어요."), field="starts_at")
        meeting = _begin(work, case, record)
        meeting.noticed_on = local(work.at).date()
        _write_items(work, case, meeting, record)
        work.record("meetings.noticed", meeting, body=body_id)
        work.emit(MeetingNoticed(meeting.id, meeting.forum_id, body_id, record.written))
        return meeting


def keep(body_id: int, record: MeetingRecord, *, by: User) -> Meeting:
    """Write a meeting down that was held: items with opinions and results, who came. Minutes wait for a second person.
    Raises Conflict where that is done, also by the same report."""
    record.check()
    with use_case(by) as work:
        case = _case(work, body_id, record)
        if work.at < record.ends_at:
            raise Refusal(_("아직 끝나지 않은 회의예요. 마친 뒤에 기록해 주세요."), field="ends_at")
        meeting = queries.at(body_id, *_moment(record.starts_at))
        if meeting is not None and meeting.is_over:
            raise Conflict(_("이 회의는 이미 기록되어 있어요: %(title)s", title=meeting.forum.title), field="report")
        meeting = meeting or _begin(work, case, record)
        meeting.written = record.written
        meeting.kept_at, meeting.left_over = work.at, plain_text.clean(record.left_over, lines=True)
        meeting.report_hash = sha256(record.report.encode()).hexdigest() if record.report else None
        meeting.noticed_on = record.noticed_on or meeting.noticed_on
        _write_presence(work, case, meeting, record)
        _write_items(work, case, meeting, record)
        if case.body.access is not BodyAccess.CLOSED:
            _close(work, case, meeting)
        work.record("meetings.kept", meeting, body=body_id, items=len(record.items))
        work.emit(MeetingKept(meeting.id, meeting.forum_id, body_id))
        return meeting


def cancel(meeting_id: int, reason: str, *, by: User) -> Meeting:
    """A meeting of which notice was given is not held: its items wait for the next one. Raises Refusal, and Conflict
    for one that is over or cancelled."""
    reason = words_given(reason, 2, 300, "reason")
    with use_case(by) as work:
        meeting = queries.by_id(meeting_id)
        case = bodies.case(meeting.body_id)
        require(people.held(by.id)[by.id], may_keep, case)
        work.session.refresh(meeting)
        if meeting.is_over or meeting.is_cancelled or any(item.result for item in meeting.items):
            raise Conflict(_("이미 마쳤거나 취소한 회의예요."))
        forum = meeting.forum
        forum.cancelled_because, forum.closed_at, forum.signed_version = reason, work.at, 0
        forum.version += 1
        queries.let_go(meeting.id)
        for item in meeting.items:
            if queries.matter_of(meeting.body_id, item) is None:
                matter = Matter(body_id=meeting.body_id, title=item.title, put_at=work.at, put_by_id=by.id)
                matter.about = item.about
                work.store(matter)
        work.record("meetings.cancelled", meeting, body=meeting.body_id)
        work.emit(MeetingCancelled(meeting.id, forum.id, meeting.body_id))
        work.emit(ForumEdited(forum.id))
        return meeting


def put(body_id: int, named: Named, *, by: User) -> Matter:
    """Put a thing on the next meeting of a body. Raises Refusal, and Conflict where it waits there already."""
    with use_case(by) as work:
        case = bodies.case(body_id)
        require(people.held(by.id)[by.id], may_put, case)
        subject = subject_of(named)
        kind = kinds.find(named[0])
        title = kind.title(kind.record(subject.id)) if kind else ""
        matter = Matter(body_id=body_id, title=title[:TITLE_MOST], put_at=work.at, put_by_id=by.id)
        matter.about = subject
        return _wait(work, matter)


def forward(item_id: int, body_id: int, *, by: User) -> Matter:
    """Pass an item on to another body, which is told where it came from. Raises NotFound, and Conflict where it waits
    there already."""
    with use_case(by) as work:
        item = queries.item(item_id)
        require(people.held(by.id)[by.id], may_keep, bodies.case(item.meeting.body_id))
        if not item.meeting.is_over or bodies.case(body_id).is_over or body_id == item.meeting.body_id:
            raise Conflict(_("이 위원회로는 넘길 수 없어요."))
        matter = Matter(body_id=body_id, title=item.title, from_item_id=item.id, put_at=work.at, put_by_id=by.id)
        matter.about = item.about
        return _wait(work, matter)


def add_paper(item_id: int, prepared: PreparedFile, description: str, *, by: User) -> Attachment:
    """Put a PDF or a picture beside an item, which a sentence describes. Raises NotFound, and Refusal."""
    with use_case(by) as work:
        item = _with_papers(work, item_id)
        if item.files_id is None:
            item.files_id = files.open_set(work.session, ITEM.name, item.id).id
        paper = files.add(work.session, item.files_id, prepared=prepared, description=description, by=by, at=work.at)
        work.record("meetings.paper_added", item, file=paper.id)
        return paper


def remove_paper(item_id: int, key: str, *, by: User) -> None:
    """Take one away. Raises NotFound."""
    with use_case(by) as work:
        item = _with_papers(work, item_id)
        if item.files_id is None:
            raise queries.no_item()
        files.remove(work.session, item.files_id, key)
        work.record("meetings.paper_removed", item)


def _with_papers(work: Work, item_id: int) -> MeetingItem:
    """The item whose papers the actor reads and keeps."""
    item, _case = held(work, item_id)
    require(work.actor, ITEM.why_not_read, item)
    return item


def held(work: Work, item_id: int) -> tuple[MeetingItem, BodyCase]:
    """The item, read again, its body locked, whose meeting the actor keeps."""
    case = bodies.case(queries.item(item_id).meeting.body_id)
    require(people.held(work.actor.id)[work.actor.id], may_keep, case)
    return queries.item(item_id), case


def _wait(work: Work, matter: Matter) -> Matter:
    if queries.waits(matter):
        raise Conflict(_("이 위원회의 다음 회의에 이미 올라 있어요."))
    work.session.add(matter)
    work.record("meetings.put", matter, body=matter.body_id)
    return matter


def _case(work: Work, body_id: int, record: MeetingRecord) -> BodyCase:
    """The body, locked, of which the actor may write on the day of the meeting."""
    case = bodies.case(body_id)
    require(people.held(work.actor.id)[work.actor.id], may_keep, case)
    held = local(record.starts_at).date()
    if held < case.body.begins or case.body.ends is not None and case.body.ends < held:
        raise Refusal(_("이 위원회가 없던 날이에요."), field="starts_at")
    return case


def _moment(starts_at: datetime) -> tuple[date, str]:
    return local(starts_at).date(), f"{local(starts_at):%H:%M}"


def _begin(work: Work, case: BodyCase, record: MeetingRecord) -> Meeting:
    """The meeting and its forum, which nobody else knows of where the body is closed."""
    body, (starts_on, begins) = case.body, _moment(record.starts_at)
    slug = slugs.proposed(record.title, lambda end: forums.slugged(end) is not None, on=starts_on, reserved=())
    forum = Forum(
        form=Form.MEETING, slug=slug, code=fresh_code(), title=plain_text.clean(record.title),
        question=" · ".join(item.title for item in record.items)[:300], place=plain_text.clean(record.place),
        starts_at=record.starts_at, ends_at=record.ends_at, department_id=body.department_id,
        neighbourhood_id=body.neighbourhood_id, created_by_id=work.actor.id, created_at=work.at, chat_open=False,
        announced_at=None if body.access is BodyAccess.CLOSED else work.at, accessibility=[],
        is_closed=body.access is BodyAccess.CLOSED)
    meeting = Meeting(
        forum=forum, body_id=body.id, year=starts_on.year, starts_on=starts_on, begins=begins, written=record.written,
        video_url=record.video_url,
        number=record.number or queries.last_number(body.id, starts_on.year) + 1)
    work.session.add_all((forum, meeting))
    work.session.flush()
    if forum.announced_at is not None:
        work.emit(ForumAnnounced(forum.id))
    return meeting


def _write_items(work: Work, case: BodyCase, meeting: Meeting, record: MeetingRecord) -> None:
    """The items as they are now: those of the notice give way to what was really dealt with. A result that was noted
    meanwhile stays where the record says none."""
    queries.let_go(meeting.id)
    before = _before(meeting, record)
    for item in list(meeting.items):
        work.session.delete(item)
    work.session.flush()
    work.session.expire(meeting, ["items"])
    members = _numbered(case, meeting) if any(written.answers or written.counts for written in record.items) else {}
    for number, written in enumerate(record.items, 1):
        was = before.get(number)
        if not meeting.is_over:
            written = replace(written, result=None, votes=None, present=None)
        elif was and was.result and written.result is None:
            written = replace(written, result=was.result, votes=was.votes, present=was.present)
        _check_undoing(case, meeting, written)
        item = _item(meeting, number, written)
        item.named = _named(members, written)
        item.about = subject_of(written.about) if written.about else None
        if was is not None:
            item.papers, item.files_id = item.papers or was.papers, was.files_id
        _check_election(case, meeting, item)
        work.store(item)
        if item.files_id:
            work.session.get_one(AttachmentSet, item.files_id).owner_id = item.id
        _decide(work, case, item, written)
        if matter := queries.matter_of(meeting.body_id, item):
            matter.item_id, item.from_item_id = item.id, matter.from_item_id
        if origin := item.from_item_id and work.session.get_one(MeetingItem, item.from_item_id):
            own = origin.meeting.body.access_reason if origin.meeting.body.access in UNREAD else None
            item.closed_by = item.closed_by or origin.closed_by or own and own[:TITLE_MOST]


def _before(meeting: Meeting, record: MeetingRecord) -> dict[int, MeetingItem]:
    """Number of an item of the record → item of the notice that it was, be it by its title alone. Raises Refusal where
    files or the result of one would be lost."""
    left, known = {item.id: item for item in meeting.items}, {}
    for number, written in enumerate(record.items, 1):
        same = (item.id for item in left.values() if item.title == plain_text.clean(written.title))
        if before := left.pop(written.was_id if written.was_id in left else next(same, 0), None):
            known[number] = before
    if noted := next((item for item in left.values() if item.result), None):
        raise Refusal(_("회의에서 결과를 적은 안건이 빠졌어요: %(title)s", title=noted.title), field="items")
    if lost := next((item for item in left.values() if item.files_id and attachments.of_set(item.files_id)), None):
        raise Refusal(_("자료가 붙은 안건이에요. 이름을 그대로 두거나 자료를 먼저 빼 주세요: %(title)s", title=lost.title), field="items")
    return known


def _check_undoing(case: BodyCase, meeting: Meeting, record: ItemRecord) -> None:
    """Raises Refusal for what cannot undo the decision that it names, and Conflict where another one did."""
    if record.undoes_id is None:
        return
    earlier = existing(queries.item_of(queries.bodies_below(case.body), record.undoes_id),
                       lambda: Refusal(_("이 위원회가 정한 것만 바꿀 수 있어요. 목록에서 다시 골라 주세요."), field="items"))
    if earlier.undone_by is not None:
        raise Conflict(_("이미 다른 회의에서 바뀐 결정이에요: %(title)s", title=earlier.title), field="items")
    later = Resolution(kind=record.kind, result=record.result, held=(meeting.starts_on, meeting.begins))
    if fault := why_not_undo(later, earlier.resolution):
        raise Refusal(str(labels.UNDO_FAULT[fault]), field="items")


def _numbered(case: BodyCase, meeting: Meeting) -> dict[int, tuple[Membership, int]]:
    """Members on the day of a meeting, numbered anew among those whose seats are called alike, so that nobody is told
    by the number."""
    members, numbers = bodies.family(case.body.slug).roster.sitting(meeting.starts_on), Counter[str]()
    numbered = {}
    for member in SystemRandom().sample(members, len(members)):
        numbers[member.seat.name] += 1
        numbered[member.id] = member, numbers[member.seat.name]
    return numbered


def _named(members: Mapping[int, tuple[Membership, int]], record: ItemRecord) -> list[Any] | None:
    """Rows of answers in writing, or of candidates. Raises Refusal for somebody who cannot be among them."""
    entries: Mapping[Any, Any] = record.answers or record.counts
    others = SystemRandom().sample(record.others, len(record.others))
    known = [key for key in entries if key not in others]
    if any(key not in members or record.answers and not members[key][0].seat.votes for key in known):
        raise Refusal(_("그날 표결권이 없던 사람이 있어요. 위원 명단을 다시 확인해 주세요."), field="items")
    known.sort(key=lambda key: (members[key][0].seat.name, members[key][1]))
    return [*([key, entries[key], members[key][1]] for key in known),
            *([name, entries[name], number] for number, name in enumerate(others, 1))] or None


def _check_election(case: BodyCase, meeting: Meeting, item: MeetingItem) -> None:
    """Raises Refusal for a vote on a post that so many voting members do not hold like this. Where nobody objected
    there was none."""
    if item.kind is not ItemKind.ELECTION or not item.named and item.result is not ItemResult.CARRIED:
        return
    poll_id, voters = item.about_one("poll"), bodies.family(case.body.slug).voters(meeting.starts_on)
    if fault := why_not_elect(len(voters), by_box=poll_id is not None, counted=bool(item.named)):
        raise Refusal(str(labels.ELECTION_FAULT[fault]), field="items")
    box = db.session.get_one(Poll, poll_id).box if poll_id else None
    if poll_id is not None and (box is None or box.published_at is None):
        raise Refusal(_("결과가 나온 투표만 적을 수 있어요."), field="items")


def subject_of(named: Named) -> Ref:
    """The thing that an item is about. Raises Refusal for one that not everybody may read."""
    kind = kinds.find(named[0])
    record = kind.named(named[1]) if kind and kind.named else None
    if kind is None or record is None or kind.why_not_read(AnonymousUserMixin(), record):
        raise Refusal(_("안건이 다루는 것을 찾지 못했어요. 주소나 번호를 다시 확인해 주세요."), field="items")
    return kind.ref(record)


def _item(meeting: Meeting, number: int, record: ItemRecord) -> MeetingItem:
    answers, money = record.answers, record.money
    votes, present = (tally(answers.values()), len(answers)) if answers else (record.votes, record.present)
    return MeetingItem(
        meeting_id=meeting.id, number=number, kind=record.kind, title=plain_text.clean(record.title),
        minutes=record.minutes, papers=list(map(plain_text.clean, record.papers)),
        reported=plain_text.clean(record.reported, lines=True), opinions=list(map(plain_text.clean, record.opinions)),
        result=record.result, yes=votes and votes.yes, no=votes and votes.no, abstained=votes and votes.abstained,
        present=present, closed_by=record.closed_by or None, from_item_id=record.from_item_id,
        undoes_id=record.undoes_id,
        money=money and {"from": money.source, "to": money.target, "of": money.whole, "moved": money.moved})


def _decide(work: Work, case: BodyCase, item: MeetingItem, record: ItemRecord) -> None:
    """Write down what departments are to do, as decisions of its forum; of a closed body these stay inside."""
    meeting = item.meeting
    if case.body.access is BodyAccess.CLOSED or not meeting.is_over:
        return
    decisions = [Decision(forum_id=meeting.forum_id, text=plain_text.clean(decided.text), due_on=decided.due_on,
                          department_id=decided.department_id, at=meeting.forum.ends_at, by_id=work.actor.id,
                          earlier=[])
                 for decided in record.decisions]
    work.session.add_all(decisions)
    work.session.flush()
    item.decision_ids = [decision.id for decision in decisions]
    for decision in decisions:
        work.emit(DecisionWritten(decision.id))


def _write_presence(work: Work, case: BodyCase, meeting: Meeting, record: MeetingRecord) -> None:
    """Numbers by kind of seat; by person for the body itself. The quorum follows from the rules of the body."""
    count_members(case, meeting, record.members)
    meeting.came, meeting.guests = [list(row) for row in record.came], record.guests
    meeting.officials = list(map(plain_text.clean, record.officials))
    work.session.add_all(Presence(meeting_id=meeting.id, membership_id=membership_id, attendance=attendance,
                                  elsewhere_id=record.elsewhere.get(membership_id))
                         for membership_id, attendance in record.present.items())


def count_members(case: BodyCase, meeting: Meeting, members: int | None) -> None:
    """Members with a vote on its day, as the record has them or as they are known here, and the quorum."""
    body = case.body
    meeting.members = members or bodies.family(body.slug).quorum(meeting.starts_on).members or None
    meeting.needed = quorum(body.quorum_share, body.quorum_of).needed(meeting.members) if meeting.members else None


def _close(work: Work, case: BodyCase, meeting: Meeting) -> None:
    """The forum is over; its minutes wait for a second person, where the body's access lets others read them."""
    forum = meeting.forum
    forum.opened_at, forum.closed_at = forum.opened_at or forum.starts_at, forum.ends_at
    forum.signed_version, forum.cancelled_because = 0, None
    if case.body.access not in UNREAD:
        work.session.expire(meeting, ["items"])
        MINUTES.begin(work, signed_as(meeting.id), MeetingCase(meeting, case, frozenset()))
    work.emit(ForumEdited(forum.id))
