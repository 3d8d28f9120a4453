"""Every SELECT of meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from civic_forum.accounts.rules import Role
from civic_forum.blocks import kinds
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.models import Body, Membership
from civic_forum.bodies.queries import BodyCase
from civic_forum.bodies.rules import BodyAccess
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.waiting import Staff

from .models import Matter, Meeting, MeetingItem, Presence
from .policy import parts_for
from .rules import DECIDED, UNREAD, Attendance, ItemKind, OpenPart

MOST_LISTED, MOST_DECIDED, MOST_UNDOABLE = 200, 5, 50


@dataclass(frozen=True)
class MeetingCase:
    """A meeting, its body, and what somebody reads of it."""

    meeting: Meeting
    body: BodyCase
    parts: frozenset[OpenPart]

    @property
    def results(self) -> bool:
        return OpenPart.RESULTS in self.parts

    def opinions_of(self, item: MeetingItem) -> bool:
        """True if reports and opinions on this item are read."""
        return OpenPart.OPINIONS in self.parts and (item.closed_by is None or self.inside)

    def papers_of(self, item: MeetingItem) -> bool:
        return OpenPart.PAPERS in self.parts and (item.closed_by is None or self.inside)

    @property
    def inside(self) -> bool:
        return self.parts == frozenset(OpenPart) and self.is_insider

    is_insider: bool = False


_OTHERS = (MeetingItem.undoes, MeetingItem.undone_by, MeetingItem.origin)


def _with_meeting(item: Any) -> Any:
    """Option to read another item with its meeting, forum and body."""
    meeting = joinedload(item).joinedload(MeetingItem.meeting)
    return meeting.options(joinedload(Meeting.forum), joinedload(Meeting.body))


def of_forum(forum: Forum, actor: Any) -> MeetingCase | None:
    """None for a forum that is no meeting of a body."""
    meeting = db.session.scalar(sa.select(Meeting).filter_by(forum_id=forum.id).options(
        joinedload(Meeting.body), selectinload(Meeting.items).options(*map(_with_meeting, _OTHERS))))
    if meeting is None:
        return None
    case = bodies.of_body(meeting.body)
    return MeetingCase(meeting, case, parts_for(actor, case, meeting), case.sits(actor))


def is_of_body() -> sa.ColumnElement[bool]:
    """True of a forum that is a meeting of a body."""
    return sa.select(Meeting.id).where(Meeting.forum_id == Forum.id).correlate(Forum).exists()


def at(body_id: int, starts_on: date, begins: str) -> Meeting | None:
    return db.session.scalar(sa.select(Meeting).filter_by(body_id=body_id, starts_on=starts_on, begins=begins).options(
        joinedload(Meeting.forum)))


def of_body(body_id: int, meeting_id: int) -> Meeting | None:
    """A meeting of this body of which notice was given and nothing is written down yet."""
    return db.session.scalar(sa.select(Meeting).filter_by(body_id=body_id, id=meeting_id, kept_at=None).options(
        joinedload(Meeting.forum), selectinload(Meeting.items)))


def by_id(meeting_id: int) -> Meeting:
    """Raises NotFound."""
    return existing(db.session.get(Meeting, meeting_id), missing)


def missing() -> NotFound:
    return NotFound(_("이런 회의는 없어요."))


def to_sign(staff: Staff) -> sa.Select | None:
    """For the desk: minutes that somebody else wrote, since then."""
    acts = _to_sign(staff.id).with_only_columns(
        Meeting.id, JointAct.at, Forum.slug, Forum.title, sa.null(), maintain_column_froms=True)
    if staff.has(Role.ADMINISTRATOR):
        return acts
    return acts.where(Body.department_id.in_(staff.department_ids())) if staff.department_ids() else None


def unsigned(body_ids: Sequence[int], user_id: int) -> list[Meeting]:
    """Meetings of these bodies whose minutes wait and are not by this user, the earliest first."""
    return list(db.session.scalars(_to_sign(user_id).where(Meeting.body_id.in_(body_ids)).options(
        contains_eager(Meeting.forum)).order_by(Meeting.starts_on, Meeting.id).limit(MOST_LISTED)))


def _to_sign(user_id: int) -> sa.Select[Any]:
    waits = sa.and_(JointAct.name == "meetings.minutes", JointAct.ended_at.is_(None), JointAct.by_id != user_id,
                    JointAct.subject == sa.literal("meeting:") + sa.cast(Meeting.id, sa.Text))
    return sa.select(Meeting).join(Meeting.forum).join(Meeting.body).join(JointAct, waits).where(
        Body.access.not_in(UNREAD))


def not_kept(body_id: int) -> list[Meeting]:
    """Meetings of which nothing is written down yet, the earliest first."""
    return list(db.session.scalars(
        sa.select(Meeting).filter_by(body_id=body_id, kept_at=None).join(Meeting.forum)
        .where(Forum.cancelled_because.is_(None)).options(contains_eager(Meeting.forum))
        .order_by(Meeting.starts_on, Meeting.id).limit(MOST_LISTED)))


def of_member(body_ids: Sequence[int], since: date) -> list[Meeting]:
    """Meetings from a day on of bodies in which somebody sits, and of those that these belong to, the earliest first.
    A closed body is for those alone who sit in it."""
    above = sa.select(Body.parent_id).where(Body.id.in_(body_ids))
    return list(db.session.scalars(
        sa.select(Meeting).join(Meeting.forum).join(Meeting.body)
        .where(sa.or_(Meeting.starts_on >= since, sa.and_(Meeting.written, Forum.ends_at > clock.now())),
               sa.or_(Meeting.body_id.in_(body_ids), sa.and_(
                   Meeting.body_id.in_(above), Body.access != BodyAccess.CLOSED)))
        .options(contains_eager(Meeting.forum), contains_eager(Meeting.body), selectinload(Meeting.items))
        .order_by(Meeting.starts_on, Meeting.begins, Meeting.id).limit(MOST_LISTED)))


def seats_of(user_id: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """Number of seats that a user has or had, for every page that they read."""
    return sa.select(sa.func.count()).select_from(Membership).where(Membership.user_id == user_id).scalar_subquery()


def last_number(body_id: int, year: int) -> int:
    return db.session.scalar(sa.select(sa.func.max(Meeting.number)).filter_by(body_id=body_id, year=year)) or 0


def of_bodies(body_ids: Sequence[int], *, limit: int = MOST_LISTED, with_items: bool = True) -> list[Meeting]:
    """The latest first."""
    return list(db.session.scalars(
        sa.select(Meeting).join(Meeting.forum).where(Meeting.body_id.in_(body_ids))
        .options(contains_eager(Meeting.forum), *(
            [joinedload(Meeting.body), selectinload(Meeting.items)] if with_items else []))
        .order_by(Meeting.starts_on.desc(), Meeting.begins.desc(), Meeting.id.desc()).limit(limit)))


def decided(body_ids: Sequence[int], *, limit: int = MOST_DECIDED) -> list[MeetingItem]:
    """Items on which bodies decided at last, with their meetings."""
    return list(db.session.scalars(
        sa.select(MeetingItem).join(MeetingItem.meeting).join(Meeting.forum)
        .where(Meeting.body_id.in_(body_ids), MeetingItem.result.in_(DECIDED))
        .options(contains_eager(MeetingItem.meeting).contains_eager(Meeting.forum), joinedload(MeetingItem.undone_by))
        .order_by(Meeting.starts_on.desc(), MeetingItem.id.desc()).limit(limit)))


def _decisions(body_ids: Sequence[int]) -> sa.Select[Any]:
    return sa.select(MeetingItem).join(MeetingItem.meeting).where(Meeting.body_id.in_(body_ids)).options(
        contains_eager(MeetingItem.meeting), joinedload(MeetingItem.undone_by))


def undoable(body_ids: Sequence[int]) -> list[MeetingItem]:
    """Decisions of these bodies that still stand, the latest first."""
    undoing = sa.orm.aliased(MeetingItem)
    return list(db.session.scalars(_decisions(body_ids).where(
        MeetingItem.kind == ItemKind.DECISION, MeetingItem.result.in_(DECIDED),
        ~sa.exists().where(undoing.undoes_id == MeetingItem.id))
        .order_by(Meeting.starts_on.desc(), MeetingItem.id.desc()).limit(MOST_UNDOABLE)))


def item_of(body_ids: Sequence[int], item_id: int) -> MeetingItem | None:
    """None for one of other bodies."""
    return db.session.scalar(_decisions(body_ids).where(MeetingItem.id == item_id))


def to_close(body_id: int) -> list[Meeting]:
    """Meetings of a closed body that everybody still knows of."""
    return list(db.session.scalars(
        sa.select(Meeting).join(Meeting.body).join(Meeting.forum)
        .where(Body.id == body_id, Body.access == BodyAccess.CLOSED, Forum.is_closed.is_(False))
        .options(contains_eager(Meeting.forum), selectinload(Meeting.items))))


def attendance(meeting_id: int) -> dict[Attendance, int]:
    """Numbers of members by their way of coming."""
    rows = db.session.execute(sa.select(Presence.attendance, sa.func.count()).filter_by(
        meeting_id=meeting_id).group_by(Presence.attendance)).all()
    counts = dict(rows)
    return {way: counts[way] for way in Attendance if way in counts}


def presences(meeting_id: int) -> list[Presence]:
    """By person: for the body alone."""
    return list(db.session.scalars(sa.select(Presence).filter_by(meeting_id=meeting_id).options(
        joinedload(Presence.membership)).order_by(Presence.id)))


def named(meeting: Meeting) -> dict[int, Membership]:
    """Members of whom its items say an answer in writing, or votes that they got; without one nothing is read."""
    ids = {row[0] for item in meeting.items for row in item.named or ()}
    return bodies.memberships(ids) if ids else {}


def forwarded(item_ids: Sequence[int]) -> dict[int, MeetingItem]:
    """Id of an item → the one of another meeting that it became."""
    meeting = joinedload(MeetingItem.meeting)
    items = db.session.scalars(sa.select(MeetingItem).where(MeetingItem.from_item_id.in_(item_ids)).options(
        meeting.joinedload(Meeting.forum), meeting.joinedload(Meeting.body)))
    return {item.from_item_id: item for item in items if item.from_item_id is not None}


def bodies_below(body: Body) -> list[int]:
    """Ids of a body and of those that belong to it."""
    return [body.id, *db.session.scalars(sa.select(Body.id).filter_by(parent_id=body.id).limit(MOST_LISTED))]


def waiting(body_id: int) -> list[Matter]:
    """Matters that wait for its next meeting, the longest first."""
    return list(db.session.scalars(sa.select(Matter).filter_by(body_id=body_id, item_id=None).order_by(
        Matter.put_at, Matter.id).limit(MOST_LISTED)))


def waits(matter: Matter) -> bool:
    """True if the same waits there already, or the same item was forwarded there once."""
    same = sa.and_(Matter.item_id.is_(None), Matter.about_kind == matter.about_kind,
                   Matter.about_id == matter.about_id)
    if matter.from_item_id is not None:
        same = sa.or_(same, Matter.from_item_id == matter.from_item_id)
    return db.session.scalar(sa.select(Matter.id).where(Matter.body_id == matter.body_id, same).limit(1)) is not None


def waiting_about(kind: str, record_id: int) -> list[Matter]:
    """Matters of any body about a thing, waiting."""
    return list(db.session.scalars(sa.select(Matter).filter_by(
        about_kind=kind, about_id=record_id, item_id=None).order_by(Matter.id).limit(MOST_LISTED)))


def records(kind: str, ids: Sequence[int] | sa.Select[Any]) -> list[Any]:
    """Things of a kind that can be put on a meeting; those that the page has read cost no statement."""
    if isinstance(ids, Sequence):
        return [kinds.of(kind).record(number) for number in ids]
    model: Any = kinds.of(kind).model
    return list(db.session.scalars(sa.select(model).where(model.id.in_(ids)).order_by(model.id).limit(MOST_LISTED)))


def item_behind(decision: Decision) -> MeetingItem | None:
    """The item on which this was decided; None for a decision of another gathering."""
    items = db.session.scalars(sa.select(MeetingItem).join(MeetingItem.meeting).where(
        Meeting.forum_id == decision.forum_id).limit(MOST_LISTED))
    return next((item for item in items if decision.id in item.decision_ids), None)


def matter_of(body_id: int, item: MeetingItem) -> Matter | None:
    """The waiting matter that this item deals with: about the same, or of the same title."""
    about = sa.and_(Matter.about_kind == item.about_kind, Matter.about_id == item.about_id) \
        if item.about else sa.and_(Matter.about_kind.is_(None), Matter.title == item.title)
    return db.session.scalar(sa.select(Matter).filter_by(body_id=body_id, item_id=None).where(about).limit(1))


def let_go(meeting_id: int) -> None:
    """Matters that became items of this meeting wait again."""
    ids = sa.select(MeetingItem.id).filter_by(meeting_id=meeting_id)
    db.session.execute(sa.update(Matter).where(Matter.item_id.in_(ids)).values(item_id=None))
