"""Minutes of a meeting wait for a second person, who lets them out or sends them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import marks_of
from civic_forum.blocks.two_people import Signatory, Strength, TwoPeople
from civic_forum.bodies import queries as bodies
from civic_forum.forums.events import ForumEdited, MinutesPublished
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.rules import MinutesKind
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import minutes, queries
from ..events import MinutesSentBack
from ..models import Meeting
from ..policy import may_keep, may_sign
from ..queries import MeetingCase
from ..records import ItemTexts
from ..rules import UNREAD

ANY_TIME = timedelta(days=36_500)
"""Minutes wait for a second person until there is one; that they are late is public."""


def signed_as(meeting_id: int) -> str:
    """Name of the minutes of a meeting where they wait for a second person."""
    return f"meeting:{meeting_id}"


def _to_sign(subject: str, signers: frozenset[int]) -> MeetingCase:
    """A meeting under the lock of its body, with the accounts of those who sign. Raises NotFound, also where everybody
    reads no minutes."""
    meeting = queries.by_id(int(subject.partition(":")[2]))
    case = bodies.case(meeting.body_id)
    people.held(*signers)
    if case.body.access in UNREAD:
        raise queries.missing()
    return MeetingCase(meeting, case, frozenset())


def signatory(number: int, case: MeetingCase) -> Signatory:
    """Anybody: the first wrote the meeting down while in office, and `MINUTES.may` asks the second."""
    return Signatory(id=number, marks=marks_of(people.held(number)[number]), is_verified_at_desk=False,
                     held_since=case.meeting.kept_at, granted_by=frozenset())


def _sign(work: Work, case: MeetingCase) -> None:
    """The minutes are out, signed for the body."""
    publish(work, case, MINUTES.pending(signed_as(case.meeting.id)), case.meeting.kept_at)


def publish(work: Work, case: MeetingCase, act: JointAct | None, made_at: datetime | None, note: str | None = None,
            ) -> None:
    """A version of the minutes of two people: who began `act`, and who acts now."""
    meeting, version = case.meeting, (case.meeting.forum.signed_version or 0) + 1
    work.session.add(Minutes(
        forum_id=meeting.forum_id, version=version, kind=MinutesKind.SIGNED, made_at=made_at, note=note,
        made_by_id=act and act.by_id, sections=minutes.sections(meeting), published_at=work.at, signed_at=work.at,
        signed_by_id=work.actor.id, signed_by=case.body.body.name[:100]))
    meeting.forum.signed_version = version
    work.emit(MinutesPublished(meeting.forum_id, version, work.at))
    work.emit(ForumEdited(meeting.forum_id))


MINUTES: TwoPeople[MeetingCase] = TwoPeople(
    name="meetings.minutes", strength=Strength.PLAIN, lasts=ANY_TIME, held=_to_sign, signatory=signatory,
    may=lambda actor, case: may_sign(actor, case.body), held_for=people.held_for, carry_out=_sign,
    shown=lambda case: [case.meeting.forum.title, *([item.title, item.reported, item.opinions, item.result, item.named,
                                                     item.votes, item.closed_by] for item in case.meeting.items)])


def send_back(meeting_id: int, why: str, *, seen: bytes, by: User) -> Meeting:
    """Minutes wait until they are mended; whoever wrote them is told why. Raises Refusal, and Conflict where they are
    not those that were read."""
    why = words_given(why, 2, 300, "reason")
    with use_case(by) as work:
        case = _to_sign(signed_as(meeting_id), frozenset((by.id,)))
        require(by, may_sign, case.body)
        act, meeting = MINUTES.pending(signed_as(meeting_id), lock=True), case.meeting
        if act is None or act.fingerprint != seen or act.by_id is None:
            raise Conflict(_("화면을 연 뒤에 내용이 바뀌었어요. 다시 읽고 결정해 주세요."))
        act.ended_at, meeting.sent_back_why = work.at, why
        work.record("meetings.minutes_sent_back", meeting)
        work.emit(MinutesSentBack(meeting.id, meeting.forum_id, act.by_id))
        return meeting


def mend(meeting_id: int, texts: Sequence[ItemTexts], *, by: User) -> Meeting:
    """Write anew what was said on each item that the actor reads, and hand the minutes in again. Raises Refusal, and
    Conflict where a colleague did so first."""
    with use_case(by) as work:
        case = _to_sign(signed_as(meeting_id), frozenset((by.id,)))
        require(by, may_keep, case.body)
        work.session.refresh(meeting := case.meeting)
        read = queries.of_forum(meeting.forum, by)
        if meeting.sent_back_why is None or read is None or len(read.said) != len(texts):
            raise Conflict(_("이미 고쳐서 낸 회의록이에요. 다시 열어 읽어 주세요."))
        for item, text in zip(read.said, texts, strict=True):
            text.check()
            item.reported, item.opinions = text.reported, list(text.opinions)
        meeting.sent_back_why = None
        MINUTES.begin(work, signed_as(meeting.id), case)
        work.record("meetings.minutes_mended", meeting)
        return meeting
