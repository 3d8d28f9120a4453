"""Deliveries that wait, and deadlines that come near."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.queries.people import not_blocked
from civic_forum.accounts.rules import Role
from civic_forum.blocks.kinds import Ref
from civic_forum.answers.models import Assignment, Duty, DutyPause
from civic_forum.answers.rules import DutyKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import known
from civic_forum.proposals.models import Proposal

from ..channels import WAYS
from ..letters import News, Reader
from ..models import DeadAddress, Delivery, DigestRun, Notice, NoticePreference
from ..rules import Channel, EVEN_WHEN_BLOCKED, Frequency, NoticeKind, OF_ONES_OWN
from . import notices

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Due:
    delivery_id: int
    channel: Channel
    frequency: Frequency
    reader: Reader | None
    """None where nothing is sent any more: the account was left or blocked, the address is gone or dead, the right
    under which they were told withdrawn, or they want none of it since."""
    news: News


def waits(frequency: Frequency) -> bool:
    """True if anything waits; asked before a turn to write is taken."""
    waiting = db.session.scalar(sa.select(sa.literal(True)).where(
        sa.exists().where(Delivery.frequency == frequency, Delivery.sent_at.is_(None))))
    db.session.rollback()
    return bool(waiting)


def at_once(limit: int) -> list[Due]:
    """The next that leave by themselves, held so that no other worker takes them."""
    return list(_due(_waiting(Frequency.AT_ONCE).limit(limit).with_for_update(skip_locked=True, of=Delivery)))


def of_readers(frequency: Frequency, user_ids: list[int], before: datetime) -> list[Due]:
    """Notices of the digest of these people, person after person. Nobody of them leaves while it is written."""
    return list(_due(_waiting(frequency).where(Delivery.user_id.in_(user_ids), Notice.at < before)
                     .with_for_update(read=True, of=User)))


def again(delivery_ids: Collection[int]) -> list[Due]:
    """The same as they stand now, though they are marked as written."""
    return list(_due(_told().where(Delivery.id.in_(delivery_ids))))


def readers(frequency: Frequency, before: datetime, after_id: int, limit: int) -> list[int]:
    """The next people in order of their id whose digest is due."""
    had_it = sa.exists().where(DigestRun.user_id == Delivery.user_id, DigestRun.frequency == frequency,
                               DigestRun.at >= before)
    return list(db.session.scalars(
        sa.select(Delivery.user_id).distinct().join(Notice, Notice.id == Delivery.notice_id)
        .where(Delivery.frequency == frequency, Delivery.sent_at.is_(None), Delivery.user_id > after_id,
               Notice.at < before, ~had_it)
        .order_by(Delivery.user_id).limit(limit)))


def _waiting(frequency: Frequency) -> sa.Select:
    return _told().where(Delivery.frequency == frequency, Delivery.sent_at.is_(None))


def _told() -> sa.Select:
    addresses = [WAYS[channel].address.label(channel.value) for channel in WAYS]
    unwanted = sa.exists().where(
        NoticePreference.user_id == Delivery.user_id, NoticePreference.kind == Notice.kind,
        NoticePreference.channel == Delivery.channel, NoticePreference.frequency == Frequency.NEVER)
    return (sa.select(Delivery.id, Delivery.channel, Delivery.frequency, Delivery.user_id, Notice.kind, Notice.about,
                      Notice.step, Notice.title, Notice.url, Notice.details, Notice.at, Notice.under, User.nickname,
                      User.language, User.left_at, unwanted.label("unwanted"), DeadAddress.since.label("dead"),
                      not_blocked(clock.now()).label("may_enter"), *addresses)
            .join(Notice, Notice.id == Delivery.notice_id).join(User, User.id == Delivery.user_id)
            .outerjoin(DeadAddress, DeadAddress.user_id == Delivery.user_id)
            .order_by(Delivery.user_id, Delivery.id))


def _due(told: sa.Select) -> Iterator[Due]:
    rows = db.session.execute(told).all()
    shown = notices.titles({row.about for row in rows}, NOBODY)
    rights = _rights({row.user_id for row in rows if row.under})
    for row in rows:
        news = News(row.kind, row.about, row.step, _title(row, shown), row.url, row.details, row.at)
        is_theirs = row.under is None or _has(row.under, rights[row.user_id])
        yield Due(row.id, row.channel, row.frequency, _reader(row) if is_theirs else None, news)


def _rights(user_ids: set[int]) -> dict[int, list[tuple[Role, int | None]]]:
    """Roles and departments of these now: a right may be withdrawn since they were told."""
    rights = defaultdict(list)
    if user_ids:
        for user_id, *right in db.session.execute(sa.select(
                RoleGrant.user_id, RoleGrant.role, RoleGrant.department_id).where(
                RoleGrant.user_id.in_(user_ids), RoleGrant.withdrawn_at.is_(None))):
            rights[user_id].append(tuple(right))
    return rights


def _has(under: dict, rights: list[tuple[Role, int | None]]) -> bool:
    return any(role in under["roles"] and under["department"] in (None, department) for role, department in rights)


def _title(row: sa.Row, shown: dict[str, str]) -> str | None:
    """Title for a reader. What was hidden since is named to its author alone; None where it cannot be seen any more.
    Work that is not public has no title in letters: whoever was told of it may work elsewhere by now."""
    if row.kind in OF_ONES_OWN or not notices.has_title(row.about):
        return row.title
    return shown.get(row.about, "" if row.kind is NoticeKind.DUTY else None)


def _reader(row: sa.Row) -> Reader | None:
    address = getattr(row, row.channel)
    reached = address and row.left_at is None and not (row.channel is Channel.MAIL and row.dead)
    if not reached or row.unwanted or not row.may_enter and row.kind not in EVEN_WHEN_BLOCKED:
        return None
    return Reader(row.user_id, row.nickname or "", address, known(row.language))


@dataclass(frozen=True)
class Deadline:
    duty_id: int
    due_on: date
    about: Ref | None
    """Subject other than a proposal."""
    department_id: int | None
    """Which department has it; None: a moderator has still to give it to one."""
    proposal_id: int | None = None
    number: str | None = None
    title: str = ""
    author_id: int = 0
    is_follow_up: bool = False


RUNS = sa.and_(Duty.ended_at.is_(None), Duty.paused_on.is_(None))


def between(first: date, last: date, *, after: int, limit: int) -> list[Deadline]:
    """Those that run and are due on these days, in order of number."""
    lead = sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead, Assignment.ended_at.is_(None))
    statement = (sa.select(Duty, Assignment.department_id, Proposal.id, Proposal.number, Proposal.title,
                           Proposal.author_id)
                 .outerjoin(Proposal, Proposal.id == Duty.proposal_id).outerjoin(Assignment, lead)
                 .where(RUNS, Duty.due_on.between(first, last), Duty.id > after).order_by(Duty.id).limit(limit))
    return [Deadline(duty.id, duty.due_on, None if of[0] else duty.about, led_by or duty.department_id, *of,
                     duty.kind is DutyKind.FOLLOW_UP)
            for duty, led_by, *of in db.session.execute(statement)]


@dataclass(frozen=True)
class Silence:
    """An author was asked to complete a proposal and has not replied."""

    pause_id: int
    proposal_id: int
    number: str
    title: str
    author_id: int


WAITS = sa.and_(DutyPause.to_day.is_(None), Duty.ended_at.is_(None))


def silent(first: date, last: date, *, after: int, limit: int) -> list[Silence]:
    """Those who were asked on these days, in order."""
    statement = (sa.select(DutyPause.id, Proposal.id, Proposal.number, Proposal.title, Proposal.author_id)
                 .join(Duty, Duty.id == DutyPause.duty_id).join(Proposal, Proposal.id == Duty.proposal_id)
                 .where(WAITS, DutyPause.from_day.between(first, last), DutyPause.id > after)
                 .order_by(DutyPause.id).limit(limit))
    return [Silence(*row) for row in db.session.execute(statement)]


def still_waits(silence: Silence) -> bool:
    return db.session.scalar(sa.select(DutyPause.id).join(Duty, Duty.id == DutyPause.duty_id).where(
        DutyPause.id == silence.pause_id, WAITS).with_for_update(read=True)) is not None


def still_stands(deadline: Deadline) -> bool:
    """True if the duty runs with the same last day."""
    return db.session.scalar(sa.select(Duty.id).where(
        Duty.id == deadline.duty_id, Duty.due_on == deadline.due_on, RUNS).with_for_update(read=True)) is not None
