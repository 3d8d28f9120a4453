"""Tables as they are read: all of a forum with their figures, one with its people and what they say, the projected one,
and their notes.

What somebody may see of a table decides `policy`; nothing here asks who reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from ..models import Forum
from ..registration.models import Registration
from ..rules import Place
from . import rules
from .models import ForumTable, Note, NoteGroup, Seat, TableMessage

MESSAGES_SHOWN = 60
PUBLIC_MOST = 500


@dataclass(frozen=True)
class TableCard:
    """A table among the others: who leads it, how many sit there, what it wrote."""

    table: ForumTable
    notes: int
    members: tuple[int, ...] = ()
    """Ids of those who sit there with an account, so that a page can say to somebody which table is theirs."""
    strongest: tuple[str, ...] = ()
    """Of a table that handed its result over."""

    @property
    def present(self) -> int:
        """With those whom the table host represents."""
        return len(self.members) + self.table.without_device

    @property
    def room(self) -> int:
        return max(0, self.table.places - self.present)


def about_proposals(forum_id: int) -> list[ForumTable]:
    """Tables of a workshop with what each talks about, in their order."""
    return list(db.session.scalars(sa.select(ForumTable).where(
        ForumTable.forum_id == forum_id, ForumTable.proposal_id.is_not(None)).options(
        joinedload(ForumTable.proposal), joinedload(ForumTable.agenda)).order_by(ForumTable.number).limit(
            rules.MOST_TABLES)))


@dataclass(frozen=True)
class Tables:
    """Tables in the hall."""

    cards: list[TableCard] = field(default_factory=list)
    mine: TableCard | None = None
    """Where the viewer sits, or whose host they are."""
    close_at: datetime | None = None
    are_open: bool = False

    @property
    def handed(self) -> list[TableCard]:
        return [card for card in self.cards if card.table.handed_at is not None]

    @property
    def projected(self) -> TableCard | None:
        """Table whose result stands on the projector."""
        return next((card for card in self.cards if card.table.projected), None)


def missing() -> NotFound:
    return NotFound(_("여기에 그런 번호의 테이블이 없어요."))


def numbered(forum_id: int, number: int) -> ForumTable:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(ForumTable).filter_by(forum_id=forum_id, number=number)
                                      .options(joinedload(ForumTable.host))), missing)


def of(forum_id: int) -> list[ForumTable]:
    return list(db.session.scalars(sa.select(ForumTable).filter_by(forum_id=forum_id).order_by(ForumTable.number)))


def cards(forum_id: int, ids: Sequence[int] | None = None) -> list[TableCard]:
    """All tables of a forum, or some of them, by number, with their figures; a forum has 170 at most."""
    tables, *of_each = (db.session.execute(statement, {"forum": forum_id, "tables": ids}).all()
                        for statement in _cards(ids is not None))
    members, strongest = ({table_id: tuple(fact for _table_id, fact in rows) for table_id, rows in groupby(
        pairs, key=itemgetter(0))} for pairs in of_each)
    return [TableCard(table, count, members.get(table.id, ()), strongest.get(table.id, ())) for table, count in tables]


@made_once
def _cards(some: bool) -> tuple[sa.Select, sa.Select, sa.Select]:
    """Tables of a `forum`, or some `tables` of it, with the number of their notes; who sits there; strongest notes."""
    which = [ForumTable.forum_id == sa.bindparam("forum")]
    which += [ForumTable.id.in_(sa.bindparam("tables", expanding=True))] if some else []
    written = [Note.table_id == ForumTable.id, Note.removed_at.is_(None)]
    notes = sa.select(sa.func.count()).select_from(Note).where(*written).correlate(ForumTable).scalar_subquery()
    return (sa.select(ForumTable, notes).where(*which).options(joinedload(ForumTable.host))
            .order_by(ForumTable.number).execution_options(populate_existing=True),
            sa.select(Seat.table_id, Seat.user_id).join(ForumTable, ForumTable.id == Seat.table_id).where(*which)
            .order_by(Seat.table_id, Seat.user_id),
            sa.select(Note.table_id, Note.text).join(ForumTable, sa.and_(*written))
            .where(*which, Note.strongest, ForumTable.handed_at.is_not(None)).order_by(Note.table_id, Note.id))


def part(forum: Forum, viewer) -> Tables:
    """Content of the hall."""
    shown = cards(forum.id)
    mine = next((card for card in shown if viewer.is_authenticated
                 and (viewer.id in card.members or card.table.host_id == viewer.id)), None)
    return Tables(shown, mine, close_at(forum), are_open(forum))


def are_open(forum: Forum) -> bool:
    return rules.are_open(forum.tables_opened_at, forum.tables_closed_at)


def close_at(forum: Forum) -> datetime | None:
    """Moment at which the clock of tables that are open shows nothing left."""
    return rules.close_at(forum.tables_opened_at, forum.tables_minutes) if are_open(forum) else None


def projected(forum_id: int) -> TableCard | None:
    """The table whose result stands on the projector."""
    return Tables(cards(forum_id)).projected


def seats(table_ids: Sequence[int]) -> dict[int, list[Seat]]:
    """People at these tables, those who came first before others."""
    seats: dict[int, list[Seat]] = {}
    rows = sa.select(Seat).where(Seat.table_id.in_(table_ids)).options(joinedload(Seat.user)).order_by(Seat.at, Seat.id)
    for seat in db.session.scalars(rows) if table_ids else ():
        seats.setdefault(seat.table_id, []).append(seat)
    return seats


def seat_of(forum_id: int, user_id: int) -> Seat | None:
    return db.session.scalar(sa.select(Seat).filter_by(forum_id=forum_id, user_id=user_id))


def to_be_seated(forum_id: int, *, who_came: bool) -> list[rules.Person]:
    """Everybody with a place, or who of them came, but those who lead a table: they have one."""
    hosts = sa.select(ForumTable.host_id).where(ForumTable.forum_id == forum_id, ForumTable.host_id.is_not(None))
    query = (sa.select(Registration.user_id, Registration.way, Registration.neighbourhood_id, Registration.age_group)
             .join(User, User.id == Registration.user_id)
             .where(Registration.forum_id == forum_id, Registration.place == Place.HELD, User.left_at.is_(None),
                    Registration.user_id.not_in(hosts)))
    if who_came:
        query = query.where(Registration.came_at.is_not(None))
    return [rules.Person(*row) for row in db.session.execute(query.order_by(Registration.user_id))]


def room(card: TableCard) -> rules.Table:
    """A table as the rules of seating see it: its host and those without a device take places too."""
    host = card.table.host_id is not None and card.table.host_id not in card.members
    return rules.Table(card.table.number, card.table.places, card.table.way, card.present + host)


def messages(table_id: int, ids: Sequence[int] | None = None) -> list[TableMessage]:
    """The last ones, or some of them, oldest first."""
    query = sa.select(TableMessage).filter_by(table_id=table_id).options(joinedload(TableMessage.user))
    if ids is not None:
        query = query.where(TableMessage.id.in_(ids))
    newest = query.order_by(TableMessage.id.desc()).limit(MESSAGES_SHOWN)
    return list(reversed(db.session.scalars(newest).all()))


def last_message_at(table_id: int, user_id: int) -> datetime | None:
    return db.session.scalar(sa.select(sa.func.max(TableMessage.at)).filter_by(table_id=table_id, user_id=user_id))


@dataclass(frozen=True)
class GroupedNotes:
    """A group with its notes; `group` is None for those that are in none."""

    table: ForumTable
    group: NoteGroup | None
    notes: list[Note]


def board(table: ForumTable) -> list[GroupedNotes]:
    """Everything a table wrote, in two statements: its groups by number, then what is in none."""
    groups = db.session.scalars(sa.select(NoteGroup).filter_by(table_id=table.id, removed_at=None)
                                .order_by(NoteGroup.number)).all()
    inside: dict[int | None, list[Note]] = {group.id: [] for group in groups} | {None: []}
    written = (sa.select(Note).filter_by(table_id=table.id, removed_at=None).options(joinedload(Note.user))
               .order_by(Note.strongest.desc(), Note.id))
    for note in db.session.scalars(written):
        inside[note.group_id if note.group_id in inside else None].append(note)
    return [*(GroupedNotes(table, group, inside[group.id]) for group in groups),
            GroupedNotes(table, None, inside[None])]


def public_notes(*which: sa.ColumnElement[bool], limit: int = PUBLIC_MOST) -> Sequence[sa.Row]:
    """Id, text and number of the table of notes that everybody may read (`policy.may_see_table`), the oldest first."""
    return db.session.execute(
        sa.select(Note.id, Note.text, ForumTable.number).join(ForumTable, ForumTable.id == Note.table_id)
        .join(Forum, Forum.id == ForumTable.forum_id).where(
            Note.removed_at.is_(None), Forum.announced_at.is_not(None),
            sa.or_(ForumTable.handed_at.is_not(None), Forum.closed_at.is_not(None)), *which)
        .order_by(ForumTable.number, Note.id).limit(limit)).all()


def chosen(table_id: int, ids: Sequence[int]) -> list[Note]:
    """These notes of the table. Raises NotFound when one of them is another table's, or was taken away."""
    notes = db.session.scalars(sa.select(Note).where(Note.table_id == table_id, Note.id.in_(ids),
                                                     Note.removed_at.is_(None)).order_by(Note.id)).all()
    if len(notes) != len(set(ids)):
        raise NotFound(_("그 사이에 뗀 쪽지가 있어요. 다시 골라 주세요."))
    return list(notes)


def group(table_id: int, group_id: int) -> NoteGroup:
    """Raises NotFound for one of another table, or one that was taken away."""
    group = db.session.scalar(sa.select(NoteGroup).filter_by(table_id=table_id, id=group_id, removed_at=None))
    return existing(group, lambda: NotFound(_("그 사이에 없앤 묶음이에요. 다시 골라 주세요.")))


def number_of_groups(table_id: int) -> tuple[int, int]:
    """The last number given, and how many there are."""
    row = db.session.execute(sa.select(
        sa.func.coalesce(sa.func.max(NoteGroup.number), 0), sa.func.count().filter(NoteGroup.removed_at.is_(None)))
        .where(NoteGroup.table_id == table_id)).one()
    return row[0], row[1]


def strongest(table_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Note)
                             .where(Note.table_id == table_id, Note.strongest, Note.removed_at.is_(None)))


def written_by(forum_id: int, user_id: int) -> int:
    """Number of notes that somebody wrote in this forum, those taken away included."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Note)
                             .join(ForumTable, ForumTable.id == Note.table_id)
                             .where(ForumTable.forum_id == forum_id, Note.user_id == user_id))


def on_paper(table_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Note)
                             .where(Note.table_id == table_id, Note.on_paper))
