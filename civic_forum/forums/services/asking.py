"""Asking for the floor, and taking it back."""

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict, NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import Work, use_case

from ..models import Forum, SpeakingRequest
from ..policy.acting import ForumContext, runs
from ..policy.floor import may_ask, may_ask_for, may_withdraw
from ..queries import floor as floors
from ..rules.floor import GROUP_LEAST, GROUP_MOST, NAME_MOST, TOPIC_MOST, moved_up
from ..rules.kinds import ForumEventKind, RequestState
from ..steps import event_log, texts
from . import opening


def ask(forum_id: int, topic: str = "", key: str = "", *, for_group: str = "", group_size: int | None = None,
        show_neighbourhood: bool = False, by: User) -> SpeakingRequest:
    """Ask for the floor, for oneself or for a group. Raises Conflict for somebody who waits already."""
    facts = {"topic": _some(topic, TOPIC_MOST, "topic")} | _group(for_group, group_size)
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_ask)
        if seen := event_log.known(work, at.forum, key, ForumEventKind.FLOOR_ASKED):
            return work.session.get_one(SpeakingRequest, seen.subject_id)
        floor = floors.read(at.forum, work.at, by.id)
        if any(one.request.user_id == by.id for one in floor.line):
            raise Conflict(_("이미 발언을 신청했어요. 내 차례는 발언 순서에서 볼 수 있어요."))
        about = floor.neighbourhood if show_neighbourhood else None
        return _asked(work, at.forum, key, user_id=by.id, about=about, **facts)


def ask_for(forum_id: int, name: str, topic: str = "", key: str = "", *, for_group: str = "",
            group_size: int | None = None, by: User) -> SpeakingRequest:
    """Ask for somebody without a device, by the name that they give; said as typed for them."""
    facts = ({"name": texts.given(name, NAME_MOST, "name"), "topic": _some(topic, TOPIC_MOST, "topic")}
             | _group(for_group, group_size))
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_ask_for)
        if seen := event_log.known(work, at.forum, key, ForumEventKind.FLOOR_ASKED):
            return work.session.get_one(SpeakingRequest, seen.subject_id)
        floor = floors.read(at.forum, work.at)
        mine = floors.voices(None, facts["name"], None)
        if any(one.request.user_id is None and mine <= one.request.voices for one in floor.line):
            raise Conflict(_("같은 이름의 신청이 이미 기다리고 있어요. 다른 분이면 구분되게 적어 주세요."), field="name")
        return _asked(work, at.forum, key, typed_by_id=by.id, table_id=_table(at, by), **facts)


def withdraw(forum_id: int, request_id: int, key: str = "", *, by: User) -> SpeakingRequest:
    """Take a request back. Raises NotFound where there is none that waits."""
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_withdraw, lambda forum: request_of(work, forum, request_id))
        request = at.thing
        if event_log.known(work, at.forum, key) or request.state is RequestState.WITHDRAWN:
            return request
        floor = floors.read(at.forum, work.at)
        leave(work, floor, floor.request(request.id))
        request.state, request.ended_at = RequestState.WITHDRAWN, work.at
        event_log.add(work, at.forum, ForumEventKind.FLOOR_WITHDRAWN, request.id, key=key)
        work.record("forums.floor_withdrawn", request)
        return request


def request_of(work: Work, forum: Forum, request_id: int) -> SpeakingRequest:
    """Raises NotFound for one of another forum."""
    request = work.session.get(SpeakingRequest, request_id, populate_existing=True)
    if request is None or request.forum_id != forum.id:
        raise NotFound(_("그런 발언 신청은 없어요."))
    return request


def leave(work: Work, floor: floors.Floor, one: floors.Waiting) -> None:
    """Let those whom the host put behind this place move up with everybody else."""
    changed = moved_up(floor.placed(), one.place)
    for other in floor.line:
        if other.request.number in changed:
            work.session.get_one(SpeakingRequest, other.request.id).moved_to = changed[other.request.number]


def _asked(work: Work, forum: Forum, key: str, **facts) -> SpeakingRequest:
    request = SpeakingRequest(forum_id=forum.id, asked_at=work.at, number=forum.last_number + 1,
                              state=RequestState.WAITING, **facts)
    work.session.add(request)
    work.session.flush()
    event_log.add(work, forum, ForumEventKind.FLOOR_ASKED, request.id, key=key)
    work.record("forums.floor_asked", request)
    return request


def _table(at: ForumContext, by: User) -> int | None:
    """The table at which it was typed; None: in the hall."""
    return None if runs(by, at) else min(at.standing.hosted_table_ids)


def _some(text: str, most: int, field: str) -> str | None:
    return texts.given(text, most, field) if text and text.strip() else None


def _group(for_group: str, group_size: int | None) -> dict[str, object]:
    name = _some(for_group, NAME_MOST, "for_group")
    if name is None:
        return {}
    if group_size is not None and not GROUP_LEAST <= group_size <= GROUP_MOST:
        raise Refusal(_("모임 사람 수는 %(least)s명부터 %(most)s명까지예요.", least=GROUP_LEAST, most=f"{GROUP_MOST:,}"),
                      field="group_size")
    return {"for_group": name, "group_size": group_size}
