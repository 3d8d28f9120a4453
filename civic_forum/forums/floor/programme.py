"""Items of the programme: read, begun, extended and ended."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..models import Forum, ProgrammeItem
from ..policy import may_run
from ..rules import ForumEventKind
from . import rules
from .rules import EXTEND_MOST, EXTRA_MOST, ItemState, Timed


@dataclass(frozen=True)
class TimedItem:
    """An item and its times."""

    item: ProgrammeItem
    times: Timed

    @property
    def state(self) -> ItemState:
        return self.times.state


@dataclass(frozen=True)
class Programme:
    """The programme as it is now."""

    items: list[TimedItem]
    now: datetime

    @cached_property
    def on(self) -> TimedItem | None:
        """The item that is on."""
        return next((item for item in self.items if item.state is ItemState.ON), None)

    @cached_property
    def next(self) -> TimedItem | None:
        return next((item for item in self.items if item.state is ItemState.COMING), None)

    @property
    def behind_minutes(self) -> int:
        """By how many minutes it is later than planned; below zero: earlier."""
        return round(rules.behind_s(item.times for item in self.items) / 60)


def part(forum: Forum, _viewer) -> Programme:
    return read(forum, clock.now())


def read(forum: Forum, now: datetime) -> Programme:
    """The programme as it is; inside a change: under the forum's lock."""
    items = db.session.scalars(_items(), {"forum": forum.id}).all()
    times = rules.timed([rules.PlannedItem(item.number, item.minutes, item.extra_minutes, item.started_at,
                                           item.ended_at) for item in items], forum.starts_at, now)
    return Programme([TimedItem(item, of_it) for item, of_it in zip(items, times, strict=True)], now)


@made_once
def _items() -> sa.Select[tuple[ProgrammeItem]]:
    return (sa.select(ProgrammeItem).where(ProgrammeItem.forum_id == sa.bindparam("forum"))
            .order_by(ProgrammeItem.number).execution_options(populate_existing=True))


def item(programme: Programme, item_id: int) -> TimedItem:
    """Raises NotFound for an item of another forum."""
    for timed in programme.items:
        if timed.item.id == item_id:
            return timed
    raise NotFound(_("그런 순서는 없어요."))


def running(work: Work, forum: Forum) -> ProgrammeItem | None:
    return work.session.scalar(sa.select(ProgrammeItem).where(
        ProgrammeItem.forum_id == forum.id, ProgrammeItem.started_at.is_not(None), ProgrammeItem.ended_at.is_(None)))


@operations.ends
def end_running(work: Work, forum: Forum, key: str | None = None) -> None:
    """End the item that is on, if one is."""
    if item := running(work, forum):
        item.ended_at = work.at
        work.session.flush()
        operations.add_event(work, forum, ForumEventKind.ITEM_ENDED, item.id, key=key, number=item.number)


def start(forum_id: int, item_id: int, seen: int | None, key: str = "", *, by: User) -> ProgrammeItem:
    """Begin an item, after the one that is on; items between them are left out.

    `seen` is the item that was on on the page of the host (None: none): of two hosts who go on at once the second is
    refused. Raises Conflict for that and for an item that is over or left out, NotFound for one of another forum.
    """
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        if known := operations.known_event(work, forum, key, ForumEventKind.ITEM_STARTED):
            return work.session.get_one(ProgrammeItem, known.subject_id)
        programme = read(forum, work.at)
        timed = item(programme, item_id)
        if (programme.on and programme.on.item.id) != seen:
            raise Conflict(_("그 사이에 순서가 바뀌었어요. 지금 순서를 확인한 뒤 다시 눌러 주세요."))
        if timed.state is not ItemState.COMING:
            raise Conflict(_("이미 지나간 순서예요. 남은 순서 가운데 골라 주세요."))
        end_running(work, forum)
        timed.item.started_at = work.at
        work.session.flush()
        operations.add_event(work, forum, ForumEventKind.ITEM_STARTED, timed.item.id, key=key, number=timed.item.number)
        work.record("forums.item_started", timed.item)
        return timed.item


def extend(forum_id: int, item_id: int, minutes: int, key: str = "", *, by: User) -> ProgrammeItem:
    """Give the item that is on more minutes; what comes after it moves."""
    if not 1 <= minutes <= EXTEND_MOST:
        raise Refusal(_("한 번에 1분부터 %(most)s분까지 늘릴 수 있어요.", most=EXTEND_MOST), field="minutes")
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        timed = item(read(forum, work.at), item_id)
        if operations.known_event(work, forum, key):
            return timed.item
        if timed.state is not ItemState.ON:
            raise Conflict(_("지금 진행 중인 순서만 늘릴 수 있어요."))
        if timed.item.extra_minutes + minutes > EXTRA_MOST:
            raise Refusal(_("이 순서는 더 늘릴 수 없어요. 다음 순서로 넘어가 주세요."), field="minutes")
        timed.item.extra_minutes += minutes
        operations.add_event(work, forum, ForumEventKind.ITEM_EXTENDED, timed.item.id, key=key,
                             number=timed.item.number, minutes=minutes)
        work.record("forums.item_extended", timed.item, minutes=minutes)
        return timed.item


def end(forum_id: int, item_id: int, key: str = "", *, by: User) -> ProgrammeItem:
    """End the item that is on without beginning another; one that is over stays as it is."""
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        timed = item(read(forum, work.at), item_id)
        if operations.known_event(work, forum, key) or timed.state is ItemState.DONE:
            return timed.item
        if timed.state is not ItemState.ON:
            raise Conflict(_("아직 시작하지 않은 순서예요."))
        end_running(work, forum, key)
        work.record("forums.item_ended", timed.item)
        return timed.item
