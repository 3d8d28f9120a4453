"""Leading through the programme: begin an item, give it more time, end it. The host, or any moderator."""

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import use_case

from ..models import ProgrammeItem
from ..policy.acting import may_run
from ..queries import programme as programmes
from ..rules.kinds import ForumEventKind
from ..rules.programme import EXTEND_MOST, EXTRA_MOST, ItemState
from ..steps import event_log
from ..steps import programme as items
from . import opening


def start(forum_id: int, item_id: int, seen: int | None, key: str = "", *, by: User) -> ProgrammeItem:
    """Begin an item, after the one that is on; items between them are left out.

    `seen` is the item that was on on the page of the host (None: none): of two hosts who go on at once the second is
    refused. Raises Conflict for that and for an item that is over or left out, NotFound for one of another forum.
    """
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        if known := event_log.known(work, forum, key, ForumEventKind.ITEM_STARTED):
            return work.session.get_one(ProgrammeItem, known.subject_id)
        programme = programmes.read(forum, work.at)
        one = programmes.item(programme, item_id)
        if (programme.on and programme.on.item.id) != seen:
            raise Conflict(_("그 사이에 순서가 바뀌었어요. 지금 순서를 확인한 뒤 다시 눌러 주세요."))
        if one.state is not ItemState.COMING:
            raise Conflict(_("이미 지나간 순서예요. 남은 순서 가운데 골라 주세요."))
        items.end_running(work, forum)
        one.item.started_at = work.at
        work.session.flush()
        event_log.add(work, forum, ForumEventKind.ITEM_STARTED, one.item.id, key=key, number=one.item.number)
        work.record("forums.item_started", one.item)
        return one.item


def extend(forum_id: int, item_id: int, minutes: int, key: str = "", *, by: User) -> ProgrammeItem:
    """Give the item that is on more minutes; what comes after it moves."""
    if not 1 <= minutes <= EXTEND_MOST:
        raise Refusal(_("한 번에 1분부터 %(most)s분까지 늘릴 수 있어요.", most=EXTEND_MOST), field="minutes")
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        one = programmes.item(programmes.read(forum, work.at), item_id)
        if event_log.known(work, forum, key):
            return one.item
        if one.state is not ItemState.ON:
            raise Conflict(_("지금 진행 중인 순서만 늘릴 수 있어요."))
        if one.item.extra_minutes + minutes > EXTRA_MOST:
            raise Refusal(_("이 순서는 더 늘릴 수 없어요. 다음 순서로 넘어가 주세요."), field="minutes")
        one.item.extra_minutes += minutes
        event_log.add(work, forum, ForumEventKind.ITEM_EXTENDED, one.item.id, key=key, number=one.item.number,
                       minutes=minutes)
        work.record("forums.item_extended", one.item, minutes=minutes)
        return one.item


def end(forum_id: int, item_id: int, key: str = "", *, by: User) -> ProgrammeItem:
    """End the item that is on without beginning another; one that is over stays as it is."""
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        one = programmes.item(programmes.read(forum, work.at), item_id)
        if event_log.known(work, forum, key) or one.state is ItemState.DONE:
            return one.item
        if one.state is not ItemState.ON:
            raise Conflict(_("아직 시작하지 않은 순서예요."))
        items.end_running(work, forum, key)
        work.record("forums.item_ended", one.item)
        return one.item
