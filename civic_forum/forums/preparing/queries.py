"""Reads a forum that is prepared or announced, and those whose time comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.attachments.models import Attachment
from civic_forum.attachments.queries import of_set
from civic_forum.ballots.models import ElectionSeason
from civic_forum.ballots.rules.boxes import season_on
from civic_forum.blocks.slugs import SLUG
from civic_forum.district import queries as district
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..models import Forum, ForumCall, ForumDuty, ProgrammeItem
from ..queries import no_such_forum
from ..registration import queries as registering
from ..rules import Duty
from . import rules
from .rules import Missing


def whole(slug: str) -> Forum:
    """With its programme and who does what. Raises NotFound."""
    statement = sa.select(Forum).filter_by(slug=slug).options(
        selectinload(Forum.items), selectinload(Forum.duties).joinedload(ForumDuty.user))
    return existing(db.session.scalar(statement) if SLUG.fullmatch(slug) else None, no_such_forum)


def missing(forum: Forum, now) -> list[Missing]:
    """Parts that it needs before everybody can be told."""
    hosts = sum(1 for duty in forum.duties if duty.duty is Duty.HOST and duty.user_id)
    return rules.missing(forum, items=len(forum.items), hosts=hosts, recording_note=forum.recording_note, now=now)


def fit(forum: Forum) -> rules.Fit:
    return rules.fit(forum.starts_at, forum.ends_at, [item.minutes for item in forum.items])


@dataclass(frozen=True)
class Planned:
    """An item of the programme and when it is to be."""

    item: ProgrammeItem
    starts_at: object
    ends_at: object


def planned(forum: Forum) -> list[Planned]:
    times = rules.planned(forum.starts_at, [item.minutes for item in forum.items])
    return [Planned(item, *time) for item, time in zip(forum.items, times, strict=True)]


def season_of(forum: Forum, seasons: Sequence[ElectionSeason]) -> ElectionSeason | None:
    """The election season in which it would be held."""
    return season_on(seasons, local(forum.starts_at).date(), local(forum.ends_at).date())


def item(forum_id: int, number: int) -> ProgrammeItem:
    """Raises NotFound."""
    item = None
    if 1 <= number <= rules.MOST_ITEMS:
        item = db.session.scalar(sa.select(ProgrammeItem).filter_by(forum_id=forum_id, number=number))
    return existing(item, lambda: NotFound(_("이런 번호의 순서는 없어요.")))


def duty(forum_id: int, duty_id: int) -> ForumDuty:
    """Raises NotFound."""
    duty = db.session.scalar(sa.select(ForumDuty).filter_by(forum_id=forum_id, id=duty_id))
    return existing(duty, lambda: NotFound(_("이미 뺀 사람이에요. 화면을 새로 고쳐 주세요.")))


@dataclass(frozen=True)
class Announcement:
    """A forum that is to come, with whoever registered as counts."""

    planned: list[Planned]
    duties: list[ForumDuty]
    documents: list[Attachment]
    counts: registering.Counts
    mine: registering.Mine | None
    season_taken_by: str | None
    """Who answers for holding it in an election season."""

    def of(self, duty: Duty) -> list[ForumDuty]:
        return [appointment for appointment in self.duties if appointment.duty is duty]


def announcement(forum: Forum, viewer) -> Announcement:
    items = list(db.session.scalars(sa.select(ProgrammeItem).filter_by(forum_id=forum.id)
                                    .order_by(ProgrammeItem.number)))
    times = rules.planned(forum.starts_at, [item.minutes for item in items])
    duties = list(db.session.scalars(sa.select(ForumDuty).filter_by(forum_id=forum.id).order_by(ForumDuty.id)
                                     .options(joinedload(ForumDuty.user))))
    taken_by = None
    if forum.season_accepted_by_id is not None:
        taken_by = db.session.get_one(User, forum.season_accepted_by_id).name
    return Announcement([Planned(item, *time) for item, time in zip(items, times, strict=True)], duties,
                        of_set(forum.documents_id), registering.counts(forum.id),
                        registering.mine(forum.id, viewer), taken_by)


def holders(forum: Forum) -> list[str]:
    """Names of the department that holds it, and of the neighbourhood."""
    every = (forum.department_id, district.department_names), (forum.neighbourhood_id, district.neighbourhood_names)
    return [names()[entry_id] for entry_id, names in every if entry_id is not None]


BEGINS_WITHIN = timedelta(0)
UNFINISHED = sa.select(Forum.id).where(Forum.closed_at.is_(None))


def to_begin(_staff) -> sa.Select:
    """Forums that were announced and did not begin yet, due on their day."""
    return sa.select(Forum.id, Forum.starts_at, Forum.slug, Forum.title, sa.null()).where(
        Forum.announced_at.is_not(None), Forum.opened_at.is_(None), Forum.closed_at.is_(None))


def to_begin_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/forums/{forum.ref}", forum.title or "", (), _("그날 시작하기를 눌러 주세요."))
            for forum in waiting]


def called(_staff) -> sa.Select:
    """Forums that are owed since proposals got enough support."""
    proposal = sa.select(Proposal.number).where(Proposal.id == ForumCall.proposal_id)
    return sa.select(ForumCall.id, ForumCall.due_on, proposal.scalar_subquery(), proposal.with_only_columns(
        sa.case((Proposal.hidden_at.is_(None), Proposal.title))).scalar_subquery(), sa.null()).where(
        ForumCall.ended_at.is_(None), ~proposal.where(Proposal.state == State.WITHDRAWN).exists())


def called_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/forums/calls/{call.id}", call.title or _("가린 제안"), (call.ref or "",),
                     _("공감이 모여 공론장을 열 차례예요.")) for call in waiting]


def call(call_id: int) -> ForumCall:
    """Raises NotFound."""
    return existing(db.session.get(ForumCall, call_id), lambda: NotFound(_("그런 일은 없어요. 업무 화면에서 찾아보세요.")))
