"""Every SELECT of meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from civic_forum.accounts.rules import Role
from civic_forum.attachments import queries as attachments
from civic_forum.attachments.models import Attachment
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
from civic_forum.platform.statements import made_once
from civic_forum.platform.waiting import Staff

from .models import Matter, Meeting, MeetingItem, Presence
from .policy import parts_for
from .rules import DECIDED, UNREAD, Attendance, ItemKind, OpenPart

MOST_LISTED, MOST_DECIDED, MOST_UNDOABLE = 200, 5, 50
_IDS = sa.bindparam("ids", expanding=True, type_=sa.BigInteger())


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

    @property
    def room(self) -> str | None:
        """Address of its room until it is over, for members, and for everybody where the body is open."""
        comes = self.is_insider or self.body.body.access is BodyAccess.OPEN
        return self.meeting.video_url if comes and self.meeting.is_coming else None

    def papers_of(self, item: MeetingItem) -> bool:
        return OpenPart.PAPERS in self.parts and (item.closed_by is None or self.inside)

    @property
    def said(self) -> list[MeetingItem]:
        """Items on which reports and opinions are read."""
        return [item for item in self.meeting.items if self.opinions_of(item)]

    @property
    def inside(self) -> bool:
        return self.parts == frozenset(OpenPart) and self.is_insider

    is_insider: bool = False


def of_forum(forum: Forum, actor: Any) -> MeetingCase | None:
    """None for a forum that is no meeting of a body."""
    meeting = db.session.scalars(_of_forum(), {"forum": forum.id}).unique().one_or_none()
    if meeting is None:
        return None
    case, = bodies.read_by(actor, [meeting.body])
    return MeetingCase(meeting, case, parts_for(actor, case, meeting), case.sits(actor))


@made_once
def _of_forum() -> sa.Select[tuple[Meeting]]:
    return sa.select(Meeting).where(Meeting.forum_id == sa.bindparam("forum")).options(
        joinedload(Meeting.body), joinedload(Meeting.items))


def body_of(forum_id: int) -> Body | None:
    """Body whose meeting a gathering is."""
    return db.session.scalar(sa.select(Body).join(Meeting, Meeting.body_id == Body.id).where(
        Meeting.forum_id == forum_id))


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


def item(item_id: int) -> MeetingItem:
    """As it is now. Raises NotFound."""
    return existing(db.session.get(MeetingItem, item_id, populate_existing=True), no_item)


def no_item() -> NotFound:
    return NotFound(_("이런 안건은 없어요."))


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


def sent_back(body_ids: Sequence[int]) -> list[Meeting]:
    """Meetings of these bodies whose minutes are to be mended, the earliest first."""
    return list(db.session.scalars(
        sa.select(Meeting).join(Meeting.forum).join(Meeting.body)
        .where(Meeting.body_id.in_(body_ids), Meeting.sent_back_why.is_not(None), Body.access.not_in(UNREAD))
        .options(contains_eager(Meeting.forum)).order_by(Meeting.starts_on, Meeting.id).limit(MOST_LISTED)))


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


def of_bodies(body_ids: Sequence[int]) -> Sequence[sa.Row[Any]]:
    """Meetings with numbers of their items and of the decided ones, the latest first."""
    items = sa.select(sa.func.count()).where(MeetingItem.meeting_id == Meeting.id).correlate(Meeting)
    decided = items.where(MeetingItem.result.in_(DECIDED)).scalar_subquery().label("decided")
    return db.session.execute(
        sa.select(Meeting.body_id, Meeting.year, Meeting.starts_on, Meeting.kept_at, Forum.slug, Forum.title,
                  Forum.ends_at, Forum.cancelled_because, items.scalar_subquery().label("discussed"), decided)
        .join(Meeting.forum).where(Meeting.body_id.in_(body_ids))
        .order_by(Meeting.starts_on.desc(), Meeting.begins.desc(), Meeting.id.desc()).limit(MOST_LISTED)).all()


def held(body_ids: Sequence[int], first: date, last: date) -> Sequence[str]:
    """Addresses of meetings of these bodies between two days that are written down, the earliest first."""
    return db.session.scalars(sa.select(Forum.slug).join(Meeting, Meeting.forum_id == Forum.id).where(
        Meeting.body_id.in_(body_ids), Meeting.kept_at.is_not(None), Meeting.starts_on.between(first, last)).order_by(
        Meeting.starts_on, Meeting.begins, Meeting.id).limit(MOST_LISTED)).all()


def total_and_next(body_ids: Sequence[int]) -> sa.Row[Any]:
    """Number of meetings of these bodies, and facts of the next one to come, or None."""
    return db.session.execute(_total_and_next(), {"ids": body_ids, "now": clock.now()}).one()


@made_once
def _total_and_next() -> sa.Select[Any]:
    here = Meeting.body_id.in_(_IDS)
    coming = sa.select(Forum.id).join(Meeting, Meeting.forum_id == Forum.id).where(
        here, Meeting.kept_at.is_(None), Forum.cancelled_because.is_(None),
        Forum.ends_at > sa.bindparam("now")).order_by(
        Meeting.starts_on, Meeting.begins, Meeting.id).limit(1)
    both = sa.select(sa.func.count().label("total"), coming.scalar_subquery().label("id")).select_from(Meeting).where(
        here).subquery()
    return sa.select(both.c.total, Forum.slug, Forum.title, Forum.starts_at).select_from(
        both.outerjoin(Forum, Forum.id == both.c.id))


def decided(body_ids: Sequence[int]) -> Sequence[sa.Row[Any]]:
    """Items on which bodies decided at last."""
    return db.session.execute(_decided(), {"ids": body_ids}).all()


@made_once
def _decided() -> sa.Select[Any]:
    undoing = sa.orm.aliased(MeetingItem)
    return sa.select(
        MeetingItem.number, MeetingItem.title, MeetingItem.result, MeetingItem.decision_ids, Meeting.starts_on,
        Forum.slug, sa.exists().where(undoing.undoes_id == MeetingItem.id).label("is_undone")).join(
        MeetingItem.meeting).join(Meeting.forum).where(
        Meeting.body_id.in_(_IDS), MeetingItem.result.in_(DECIDED)).order_by(
        Meeting.starts_on.desc(), MeetingItem.id.desc()).limit(MOST_DECIDED)


def _decisions(body_ids: Sequence[int]) -> sa.Select[Any]:
    return sa.select(MeetingItem).join(MeetingItem.meeting).where(
        Meeting.body_id.in_(body_ids), Meeting.kept_at.is_not(None)).options(
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
    counts = dict(db.session.execute(_attendance(), {"meeting": meeting_id}).all())
    return {way: counts[way] for way in Attendance if way in counts}


@made_once
def _attendance() -> sa.Select[tuple[Attendance, int]]:
    return sa.select(Presence.attendance, sa.func.count()).where(
        Presence.meeting_id == sa.bindparam("meeting")).group_by(Presence.attendance)


def presences(meeting_id: int) -> list[Presence]:
    """By person: for the body alone."""
    return list(db.session.scalars(sa.select(Presence).filter_by(meeting_id=meeting_id).options(
        joinedload(Presence.membership)).order_by(Presence.id)))


def files_of(meetings: Sequence[Meeting]) -> dict[int | None, list[Attachment]]:
    """Number of a set → papers of one of their items that are files; without one nothing is read."""
    return attachments.of_sets([item.files_id for meeting in meetings for item in meeting.items if item.files_id])


def named(meeting: Meeting) -> dict[int, Membership]:
    """Members of whom its items say an answer in writing, or votes that they got; without one nothing is read."""
    ids = {row[0] for item in meeting.items for row in item.named or () if isinstance(row[0], int)}
    return bodies.memberships(ids) if ids else {}


def related(items: Sequence[MeetingItem]) -> list[MeetingItem]:
    """Items from which these came or that these undo, and those that came from these or undo them."""
    before = {number for item in items for number in (item.from_item_id, item.undoes_id) if number is not None}
    return list(db.session.scalars(_related(), {"ids": [item.id for item in items], "before": list(before)}))


@made_once
def _related() -> sa.Select[tuple[MeetingItem]]:
    meeting, before = joinedload(MeetingItem.meeting), sa.bindparam("before", expanding=True, type_=sa.BigInteger())
    return sa.select(MeetingItem).where(sa.or_(
        MeetingItem.from_item_id.in_(_IDS), MeetingItem.undoes_id.in_(_IDS), MeetingItem.id.in_(before))).options(
        meeting.joinedload(Meeting.forum), meeting.joinedload(Meeting.body))


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


def records(kind: str, ids: Sequence[int]) -> list[Any]:
    """Things of a kind that can be put on a meeting; a single one, which the page has read, costs no statement."""
    if len(ids) == 1:
        return [kinds.of(kind).record(ids[0])]
    model: Any = kinds.of(kind).model
    return list(db.session.scalars(sa.select(model).where(model.id.in_(ids)).order_by(model.id).limit(MOST_LISTED)))


def item_behind(decision: Decision) -> MeetingItem | None:
    """The item on which this was decided; None for a decision of another gathering."""
    items = db.session.scalars(sa.select(MeetingItem).join(MeetingItem.meeting).where(
        Meeting.forum_id == decision.forum_id).limit(MOST_LISTED))
    return next((item for item in items if decision.id in item.decision_ids), None)


def standing(item: MeetingItem) -> list[Decision]:
    """Decisions that follow from an item, without those taken away."""
    return list(db.session.scalars(sa.select(Decision).where(
        Decision.id.in_(item.decision_ids), Decision.removed_at.is_(None)).order_by(Decision.id).limit(MOST_LISTED)))


def corrected(body_id: int) -> list[MeetingItem]:
    """Items whose corrected results wait for a second person."""
    return list(db.session.scalars(
        sa.select(MeetingItem).join(MeetingItem.meeting).join(Meeting.forum)
        .where(Meeting.body_id == body_id, MeetingItem.corrected.is_not(None))
        .options(contains_eager(MeetingItem.meeting).contains_eager(Meeting.forum))
        .order_by(MeetingItem.id).limit(MOST_LISTED)))


def matter_of(body_id: int, item: MeetingItem) -> Matter | None:
    """The waiting matter that this item deals with: about the same, or of the same title."""
    about = sa.and_(Matter.about_kind == item.about_kind, Matter.about_id == item.about_id) \
        if item.about else sa.and_(Matter.about_kind.is_(None), Matter.title == item.title)
    return db.session.scalar(sa.select(Matter).filter_by(body_id=body_id, item_id=None).where(about).limit(1))


def let_go(meeting_id: int) -> None:
    """Matters that became items of this meeting wait again."""
    ids = sa.select(MeetingItem.id).filter_by(meeting_id=meeting_id)
    db.session.execute(sa.update(Matter).where(Matter.item_id.in_(ids)).values(item_id=None))
