"""Acts of moderation: one's own, of one thing, and the public ledger."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas import objections
from civic_forum.agendas.models import AuthorObjection
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.projects.operations import address
from civic_forum.comments.models import Comment
from civic_forum.forums import moderated
from civic_forum.opinions import moderated as statements
from civic_forum.opinions.models import Statement
from civic_forum.platform.base import Instant, db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.filters import unknown
from civic_forum.platform.i18n import SEOUL, _, _l, local
from civic_forum.platform.rich_text import Html
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE

from .. import labels
from ..models import Appeal, BulkAction, ModerationAction, ModerationTally, Report
from ..policy import may_appeal
from ..rules import ActionKind, Rule
from . import appeals
from .things import shown


def action(action_id: int) -> ModerationAction:
    """Raises NotFound."""
    return existing(db.session.get(ModerationAction, action_id), missing)


def missing() -> NotFound:
    return NotFound(_("없는 조치예요. 주소를 다시 확인해 주세요."))


def of_ids(action_ids: Collection[int]) -> Sequence[sa.Row]:
    """Things that these acts are about; nothing of it ever changes. Raises NotFound where one is missing."""
    rows = db.session.execute(sa.select(ModerationAction.id, ModerationAction.subject_kind, ModerationAction.subject_id,
                                        ModerationAction.user_id, ModerationAction.takedown_id)
                              .where(ModerationAction.id.in_(action_ids))).all()
    if len(rows) < len(set(action_ids)):
        raise missing()
    return rows


def latest(since: datetime, limit: int = 5) -> list[ModerationAction]:
    """Acts of moderators one by one and those that still stand, the latest first."""
    return list(db.session.scalars(sa.select(ModerationAction).where(
        ModerationAction.at >= since, ModerationAction.ended_at.is_(None), ModerationAction.bulk_id.is_(None),
        ModerationAction.takedown_id.is_(None))
        .order_by(ModerationAction.at.desc(), ModerationAction.id.desc()).limit(limit)))


def locked(action_ids: Collection[int]) -> Sequence[ModerationAction]:
    """These acts, read again and locked in one order."""
    return db.session.scalars(sa.select(ModerationAction).where(ModerationAction.id.in_(action_ids))
                              .order_by(ModerationAction.id).with_for_update()
                              .execution_options(populate_existing=True)).all()


def standing_on(things: Mapping[str, Collection[int]]) -> Sequence[ModerationAction]:
    """Acts that have not ended on these things, by kind; the oldest first. What is over by the clock is among them."""
    return db.session.scalars(sa.select(ModerationAction).where(ModerationAction.ended_at.is_(None), sa.or_(*(
        sa.and_(ModerationAction.subject_kind == kind, ModerationAction.subject_id.in_(ids))
        for kind, ids in things.items()))).order_by(ModerationAction.id)).all()


def over(now: datetime) -> list[int]:
    """Acts that have lasted until their moment and are still to be ended."""
    return list(db.session.scalars(sa.select(ModerationAction.id).where(
        ModerationAction.ended_at.is_(None), ModerationAction.until <= now).order_by(ModerationAction.id)))


def about(user: User) -> list[ModerationAction]:
    """Acts on this user's texts and account, the latest first."""
    return list(db.session.scalars(sa.select(ModerationAction).filter_by(user_id=user.id)
                                   .order_by(ModerationAction.id.desc())))


def count_about(user: User) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(ModerationAction).filter_by(user_id=user.id)) or 0


def standing_of_bulk(bulk_id: int, of: int | None = None) -> Sequence[sa.Row]:
    """Acts of a wave that have not ended, or of what hit one user in it: ids, and whose they are."""
    statement = sa.select(ModerationAction.id, ModerationAction.user_id).where(
        ModerationAction.bulk_id == bulk_id, ModerationAction.ended_at.is_(None))
    return db.session.execute(statement if of is None else statement.where(ModerationAction.user_id == of)).all()


def bulk(bulk_id: int, *, lock: bool = False) -> BulkAction:
    """`lock`: read again and locked. Raises NotFound."""
    return existing(db.session.get(BulkAction, bulk_id, with_for_update=lock, populate_existing=lock), missing)


def users_under(kind: ActionKind, user_ids: Collection[int], now: datetime) -> set[int]:
    """Those of these users on whom an act of this kind stands, by the clock."""
    return set(db.session.scalars(sa.select(ModerationAction.subject_id).where(
        ModerationAction.subject_kind == "user", ModerationAction.subject_id.in_(user_ids),
        ModerationAction.kind == kind, ModerationAction.ended_at.is_(None),
        sa.or_(ModerationAction.until.is_(None), ModerationAction.until > now))))


def counts_of_bulk(bulk_id: int) -> list[tuple[ActionKind, str, int, int]]:
    """Numbers of what one act on a wave did: (kind of act, kind of thing, how many, how many of them stand)."""
    standing = sa.func.sum(sa.case((ModerationAction.ended_at.is_(None), 1), else_=0))
    return [tuple(row) for row in db.session.execute(
        sa.select(ModerationAction.kind, ModerationAction.subject_kind, sa.func.count(), standing)
        .where(ModerationAction.bulk_id == bulk_id).group_by(ModerationAction.kind, ModerationAction.subject_kind)
        .order_by(ModerationAction.kind, ModerationAction.subject_kind))]


def latest_bulks(limit: int = 5) -> list[BulkAction]:
    return list(db.session.scalars(sa.select(BulkAction).order_by(BulkAction.id.desc()).limit(limit)))


SHOWN = 50


@dataclass(frozen=True)
class ActedOn:
    """Subject of an act, as its author wrote it."""

    title: str | None
    parts: tuple[Html | str, ...]
    url: str


@dataclass(frozen=True)
class Told:
    """A report with a few words of what it is about."""

    report: Report
    text: str
    url: str | None


def thing(action: ModerationAction) -> ActedOn | None:
    """None for an act on an account, and for a text that is gone."""
    if action.subject_kind == "comment":
        comment = db.session.get(Comment, action.subject_id)
        return comment and ActedOn(None, (comment.html,), f"/comments/{comment.id}")
    if action.subject_kind == "proposal":
        proposal = db.session.get(Proposal, action.subject_id)
        return proposal and ActedOn(proposal.title, (proposal.problem_html, proposal.wish_html),
                                    f"/proposals/{proposal.number}")
    if action.subject_kind == "author_objection":
        objection = db.session.get(AuthorObjection, action.subject_id)
        return objection and ActedOn(None, (objection.text,), objections.url(objection))
    if action.subject_kind == "project":
        project = db.session.get(Project, action.subject_id)
        return project and ActedOn(project.title, (project.text_html,), address(project))
    if action.subject_kind in moderated.TABLES:
        message = db.session.get(moderated.TABLES[action.subject_kind], action.subject_id)
        return message and ActedOn(None, (message.text,), moderated.url(message))
    if action.subject_kind == "statement":
        line = db.session.get(Statement, action.subject_id)
        return line and ActedOn(line.consultation.title, (line.text,), statements.url(line))
    return None


def reports(user: User) -> list[Told]:
    """The user's own reports, the latest first; what was hidden meanwhile shows no text."""
    rows = list(db.session.scalars(sa.select(Report).filter_by(by_id=user.id).order_by(Report.id.desc()).limit(SHOWN)))
    known = shown(_open_to_all(rows))
    things = [(report, known.get((report.subject_kind, report.subject_id))) for report in rows]
    return [Told(report, thing.text, thing.url) if thing else Told(report, "", None) for report, thing in things]


def _open_to_all(rows: list[Report]) -> set[tuple[str, int]]:
    """Those of these things that everybody can read: what stands below a hidden proposal is hidden with it."""
    comments = [report.subject_id for report in rows if report.subject_kind == "comment"]
    proposals = [report.subject_id for report in rows if report.subject_kind == "proposal"]
    author_objections = [report.subject_id for report in rows if report.subject_kind == "author_objection"]
    projects = [report.subject_id for report in rows if report.subject_kind == "project"]
    below_hidden = sa.or_(
        sa.exists().where(Proposal.thread_id == Comment.thread_id, ~READABLE),
        sa.exists().where(Project.thread_id == Comment.thread_id, Project.hidden_at.is_not(None)))
    statement = sa.union_all(
        sa.select(sa.literal("comment"), Comment.id).where(
            Comment.id.in_(comments), Comment.hidden_at.is_(None), Comment.deleted_at.is_(None), ~below_hidden),
        sa.select(sa.literal("author_objection"), AuthorObjection.id).where(
            AuthorObjection.id.in_(author_objections), AuthorObjection.hidden_at.is_(None)),
        sa.select(sa.literal("proposal"), Proposal.id).where(Proposal.id.in_(proposals), READABLE),
        sa.select(sa.literal("project"), Project.id).where(Project.id.in_(projects), Project.hidden_at.is_(None)),
        sa.select(sa.literal("statement"), Statement.id).where(
            Statement.id.in_([report.subject_id for report in rows if report.subject_kind == "statement"]),
            Statement.hidden_at.is_(None)),
        *(sa.select(sa.literal(kind), table.id).where(
            table.id.in_([report.subject_id for report in rows if report.subject_kind == kind]),
            table.hidden_at.is_(None)) for kind, table in moderated.TABLES.items()))
    return {tuple(row) for row in db.session.execute(statement)}


@dataclass(frozen=True)
class AppealSection:
    """The appeal against an act, on its page."""

    action: ModerationAction
    appeal: Appeal | None
    due_on: object
    why_not_appeal: str | None
    template: str = "moderation/appeal_section.html"


def appeal_section(action: ModerationAction, person: User) -> AppealSection | None:
    if action.user_id != person.id:
        return None
    known = appeals.of_action(action.id)
    return AppealSection(action, known, known and appeals.due_on(known), may_appeal(person, action))


MONTHS = 12
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Month:
    """A month in Seoul: `2026-11`, from its first instant to that of the next."""

    name: str
    start: datetime
    end: datetime

    @property
    def year(self) -> int:
        return int(self.name[:4])

    @property
    def number(self) -> int:
        return int(self.name[5:])


def month(year: int, number: int) -> Month:
    begins, ends = (datetime(year + n // 12, n % 12 + 1, 1, tzinfo=SEOUL) for n in (number - 1, number))
    return Month(f"{year:04d}-{number:02d}", begins, ends)


def named(name: str) -> Month:
    """A month by its name, 2026-11. Raises Invalid for one that there is not."""
    match = _MONTH.fullmatch(name)
    if match is None:
        raise unknown()
    return month(int(match[1]), int(match[2]))


def _entries() -> sa.Select:
    return sa.select(
        ModerationAction.id, ModerationAction.at, ModerationAction.kind, ModerationAction.subject_kind,
        ModerationAction.rule, ModerationAction.role, ModerationAction.until, ModerationAction.ended_at,
        ModerationAction.ended_how, Appeal.id.label("appeal_id"), Appeal.at.label("appealed_at"),
        Appeal.upheld).outerjoin(Appeal, Appeal.action_id == ModerationAction.id)


_BEGINS, _ENDS = (sa.bindparam(name, type_=Instant()) for name in ("month_begins", "month_ends"))
MONTH = Filter("month", _l("달"), lambda _name: sa.and_(ModerationAction.at >= _BEGINS, ModerationAction.at < _ENDS),
               lambda: {month.name: _("%(year)s년 %(month)s월", year=month.year, month=month.number)
                        for month in months()},
               bound=lambda name: {"month_begins": named(name).start, "month_ends": named(name).end})
LEDGER = listing.declare(Listing(
    "ledger", _entries, endpoint="moderation.ledger", size=30,
    filters=(Filter("rule", _l("규칙"), ModerationAction.rule, labels.RULE, bound=lambda rule: {"rule": rule.value}),
             replace(MONTH, read=lambda name: named(name).name)),
    orders=(Order("newest", None, (ModerationAction.at.desc(), ModerationAction.id.desc())),)))
"""Acts as everybody may read them, the newest first. A month without any is a filter too."""


def counts(now: datetime) -> dict[str, dict[Rule, int]]:
    """Numbers of acts of each rule in each of the last months, the newest first; months without any are left out."""
    today = local(now)
    latest = 12 * today.year + today.month - 1
    names = [month((latest - n) // 12, (latest - n) % 12 + 1).name for n in range(MONTHS)]
    kept = {(name, rule): total for name, rule, total in db.session.execute(
        sa.select(ModerationTally.month, ModerationTally.rule, ModerationTally.total)
        .where(ModerationTally.month.in_(names)))}
    counted = {name: {rule: kept.get((name, rule.value), 0) for rule in Rule} for name in names}
    return {name: rules for name, rules in counted.items() if any(rules.values())}


def months() -> list[Month]:
    """Those in which something was done, the newest first."""
    names = db.session.scalars(sa.select(ModerationTally.month).distinct().order_by(ModerationTally.month.desc()))
    return [month(int(name[:4]), int(name[5:])) for name in names]
