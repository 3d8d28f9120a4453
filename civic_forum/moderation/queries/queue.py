"""The queue of reports, and the reports of one thing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.agendas import objections
from civic_forum.agendas.models import Agenda, AgendaLink, AuthorObjection
from civic_forum.blocks import kinds, listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.projects.models import Project
from civic_forum.comments.models import Comment, Thread
from civic_forum.forums import moderated
from civic_forum.platform import paging
from civic_forum.platform.base import Instant, Number, db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.rich_text import excerpt

from .. import labels
from ..models import Report, Signal
from ..rules import SIGNAL_WEIGHT, WEIGHT
from .texts import of_kind, saying, texts


@dataclass(frozen=True)
class Item:
    """A thing that waits, with what was said about it."""

    kind: str
    id: int
    people: int
    """How many reported it."""
    first_at: datetime
    rules: list[tuple[str, int]]
    signals: int
    text: str
    author: str | None
    about: str | None
    """Title of what a comment or an objection is about."""


def waiting(wanted: Chosen, viewer_id: int, after: str | None = None) -> paging.Page[Item]:
    """A page of the queue, without the viewer's own texts. Raises Invalid for an `after` that is no token."""
    page = wanted.page(after, viewer=viewer_id)
    return paging.Page(_items(page.items), page.after)


def totals(viewer_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """Numbers of things that wait: by their kind, and by the rules that they were reported under."""
    open_ = sa.select(Report.subject_kind, Report.subject_id, Report.rule).where(_of_others(viewer_id))
    each = open_.distinct().cte("each_rule")
    things = sa.select(each.c.subject_kind, each.c.subject_id).distinct().subquery()
    rows = db.session.execute(sa.union_all(
        sa.select(sa.literal("kind").label("of"), things.c.subject_kind, sa.func.count()).group_by(
            things.c.subject_kind),
        sa.select(sa.literal("rule"), each.c.rule, sa.func.count()).group_by(each.c.rule))).all()
    return ({name: total for of, name, total in rows if of == "kind"},
            {name: total for of, name, total in rows if of == "rule"})


def _of_others(viewer_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Open, and not about the viewer's own text: when and why it was reported may say by whom."""
    own = (sa.and_(Report.subject_kind == name, Report.subject_id.in_(
        sa.select(kind.model.id).where(moderated.author == viewer_id))) for name, (kind, moderated) in texts().items())
    return sa.and_(Report.closed_at.is_(None), sa.not_(sa.or_(*own)))


def waiting_for_desk(user) -> sa.Select:
    """For the desk: the oldest open report of each thing, since it waits."""
    older = aliased(Report)
    is_first = ~sa.exists().where(
        older.subject_kind == Report.subject_kind, older.subject_id == Report.subject_id, older.closed_at.is_(None),
        sa.tuple_(older.at, older.id) < sa.tuple_(Report.at, Report.id))
    return sa.select(Report.id, Report.at, Report.subject_kind + ":" + sa.cast(Report.subject_id, sa.Text),
                     sa.null(), sa.null()).where(_of_others(user.id), is_first)


def _things() -> sa.Select:
    """One row a thing with its score."""
    weight = sa.func.sum(sa.case(*((Report.rule == name, weight) for name, weight in WEIGHT.items()), else_=1))
    signals = (sa.select(sa.func.count()).where(
        Signal.subject_kind == Report.subject_kind, Signal.subject_id == Report.subject_id, Signal.seen_at.is_(None))
        .correlate(Report).scalar_subquery())
    grouped = (sa.select(Report.subject_kind, Report.subject_id, sa.func.count().label("people"),
                         sa.type_coerce(sa.func.min(Report.at), Instant()).label("first_at"), signals.label("signals"),
                         sa.cast(weight + SIGNAL_WEIGHT * signals, sa.BigInteger).label("score"))
               .where(_of_others(sa.bindparam("viewer", type_=Number)))
               .group_by(Report.subject_kind, Report.subject_id))
    return sa.select(grouped.subquery("things"))


_WEIGHT, _AT = sa.column("score", sa.BigInteger()), sa.column("first_at", Instant())
_KIND, _ID = sa.column("subject_kind", sa.String()), sa.column("subject_id", Number)
_THING = [sa.literal_column(f"things.{column.name}", column.type) for column in (_KIND, _ID)]
"""Kind and id of a thing in a statement inside the list's own."""
_UNDER = aliased(Report)
_IS_UNDER = sa.exists().where(_UNDER.subject_kind == _THING[0], _UNDER.subject_id == _THING[1],
                              _UNDER.closed_at.is_(None))
QUEUE = listing.declare(Listing(
    "reports", _things, endpoint="moderation_desk.queue",
    filters=(of_kind(_KIND),
             Filter("rule", _l("원칙"), lambda rule: _IS_UNDER.where(_UNDER.rule == rule), labels.RULE,
                    bound=lambda rule: {"rule": rule.value}, type=sa.String()),
             saying(*_THING)),
    orders=(Order("weight", _l("무겁게 본 것부터"), (_WEIGHT.desc(), _AT, _KIND, _ID)),
            Order("oldest", _l("오래된순"), (_AT, _KIND, _ID)),
            Order("newest", _l("최신순"), (_AT.desc(), _KIND.desc(), _ID.desc())))))


ABOUT_ANOTHER = frozenset(("comment", "author_objection", "project"))
"""Kinds of texts that are shown with what they stand below."""


def _items(rows: list[sa.Row]) -> list[Item]:
    things = [(row.subject_kind, row.subject_id) for row in rows]
    rules = rules_of(things)
    known = _comments([id_ for kind, id_ in things if kind == "comment"]) | _objections(
        [id_ for kind, id_ in things if kind == "author_objection"]) | _projects(
        [id_ for kind, id_ in things if kind == "project"]) | _said_at_forums(things) | _others(things)
    return [Item(row.subject_kind, row.subject_id, row.people, row.first_at, rules[row.subject_kind, row.subject_id],
                 row.signals, *known.get((row.subject_kind, row.subject_id), ("", None, None))) for row in rows]


def rules_of(things: list[tuple[str, int]]) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """Under which rules each of these was reported, and how often; what was named most first."""
    rules: dict[tuple[str, int], list[tuple[str, int]]] = {thing: [] for thing in things}
    if things:
        rows = db.session.execute(
            sa.select(Report.subject_kind, Report.subject_id, Report.rule, sa.func.count()).where(
                sa.tuple_(Report.subject_kind, Report.subject_id).in_(things), Report.closed_at.is_(None))
            .group_by(Report.subject_kind, Report.subject_id, Report.rule)
            .order_by(sa.func.count().desc(), Report.rule))
        for kind, subject_id, rule, count in rows:
            rules[kind, subject_id].append((rule, count))
    return rules


def _comments(ids: list[int]) -> dict[tuple[str, int], tuple[str, str | None, str | None]]:
    """Comments in a few words, with their authors and what they are about; hidden and deleted ones too."""
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(Comment.id, Comment.html, User.nickname, Thread.kind, Thread.owner_id)
        .join(User, User.id == Comment.author_id).join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id.in_(ids))).all()
    titles = kinds.titles_of(rows)
    return {("comment", row.id): (excerpt(row.html), row.nickname, titles.get((row.kind, row.owner_id)))
            for row in rows}


def _others(things: list[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str | None, None]]:
    """Those that say all by their own words."""
    known: dict[tuple[str, int], tuple[str, str | None, None]] = {}
    for name, (kind, told) in texts().items():
        ids = [id_ for of, id_ in things if of == name]
        if not ids or name in ABOUT_ANOTHER or name in moderated.TABLES:
            continue
        rows = db.session.execute(sa.select(kind.model.id, told.words, User.nickname)
                                  .outerjoin(User, User.id == told.author).where(kind.model.id.in_(ids)))
        known |= {(name, key): (title, nickname, None) for key, title, nickname in rows}
    return known


def _objections(ids: list[int]) -> dict[tuple[str, int], tuple[str, str | None, str | None]]:
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(AuthorObjection, User.nickname, Agenda.question).join(User, User.id == AuthorObjection.by_id)
        .outerjoin(AgendaLink, AgendaLink.id == AuthorObjection.link_id)
        .outerjoin(Agenda, Agenda.id == AgendaLink.agenda_id).where(AuthorObjection.id.in_(ids)))
    return {("author_objection", objection.id): (objections.excerpt(objection), nickname, question)
            for objection, nickname, question in rows}


def _projects(ids: list[int]) -> dict[tuple[str, int], tuple[str, str | None, str | None]]:
    """With the title of their round."""
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(Project.id, Project.title, User.nickname, BudgetRound.title).join(User, User.id == Project.author_id)
        .join(BudgetRound, BudgetRound.id == Project.round_id).where(Project.id.in_(ids)))
    return {("project", key): (title, nickname, about) for key, title, nickname, about in rows}


def _said_at_forums(things: list[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str | None, str | None]]:
    """Questions and chat, with the title of the forum."""
    wanted = {kind: [id_ for of, id_ in things if of == kind] for kind in moderated.TABLES}
    return {(kind, id_): (text, name, title) for kind, ids in wanted.items() if ids
            for id_, (text, name, title, _url) in moderated.described(kind, ids).items()}


@dataclass(frozen=True)
class Reported:
    """A thing that is about to be reported."""

    kind: str
    id: int
    label: str
    url: str

    @property
    def about(self) -> str:
        return str(Ref(self.kind, self.id))


def reported(kind: str, subject_id: int, viewer) -> Reported:
    """The thing of this registered kind; raises NotFound also where the viewer cannot see it."""
    of, moderated = texts().get(kind, (None, None))
    thing = moderated.find(viewer, subject_id) if moderated else None
    if of is None or moderated is None or thing is None:
        raise _missing()
    return Reported(kind, subject_id, moderated.excerpt(thing), of.url(thing))


def reported_as(about: str, viewer) -> Reported:
    """The thing that an address calls `comment:12`."""
    ref = Ref.read(about)
    if ref is None:
        raise _missing()
    return reported(ref.kind, ref.id, viewer)


def _missing() -> NotFound:
    return NotFound(_("신고하려는 글이 없거나 지금은 볼 수 없어요."))


def report_of(thing: Reported, user: User) -> Report | None:
    return db.session.scalar(sa.select(Report).filter_by(subject_kind=thing.kind, subject_id=thing.id, by_id=user.id))


def reports_by(user: User) -> list[Report]:
    return list(db.session.scalars(sa.select(Report).filter_by(by_id=user.id).order_by(Report.id)))


def count_by(user: User) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Report).filter_by(by_id=user.id)) or 0


def is_gone(kind: str, subject_id: int) -> bool:
    """True if the author deleted it."""
    return kind == "comment" and db.session.scalar(sa.select(Comment.deleted_at).filter_by(id=subject_id)) is not None


def is_open(kind: str, subject_id: int, seen: int) -> bool:
    """True if one of the reports up to this number still waits."""
    return db.session.scalar(_of(kind, subject_id).where(Report.id <= seen, Report.closed_at.is_(None)).limit(1)
                             ) is not None


def last_closed(kind: str, subject_id: int) -> Report | None:
    return db.session.scalar(_of(kind, subject_id).where(Report.closed_at.is_not(None))
                             .order_by(Report.closed_at.desc(), Report.id.desc()).limit(1))


def _of(kind: str, subject_id: int) -> sa.Select:
    return sa.select(Report).filter_by(subject_kind=kind, subject_id=subject_id)
