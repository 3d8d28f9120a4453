"""Use-cases of the floor: asking, calling, moving, passing over, giving, extending, ending."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work, use_case

from .. import operations
from .. import queries as forums
from ..models import Forum, ForumDuty, ProgrammeItem
from ..policy import ForumContext, may_run, may_write, runs
from ..registration.models import Registration
from ..rules import Duty, ForumEventKind, PassedWhy, RequestState
from . import queries
from .models import SpeakingRequest, Turn
from .policy import may_ask, may_ask_for, may_withdraw
from .rules import (EXTEND_MOST_S, GROUP_LEAST, GROUP_MOST, NAME_MOST, TOPIC_MOST, TURN_LEAST_S, TURN_MOST_S, WHY_MOST,
                    Why, is_first_time, moved_up)

ROLES = ("host", "panel", "official", "participant")
"""As what somebody speaks."""


def begin(work: Work, forum: Forum, *, key: str | None = None, **facts) -> Turn:
    """Give the floor, after whoever had it. What the ledger needs of an account is written down with it."""
    end_running(work, forum)
    user_id = facts.get("user_id")
    known = user_id and work.session.scalar(sa.select(Registration).filter_by(forum_id=forum.id, user_id=user_id))
    item_id = work.session.scalar(sa.select(ProgrammeItem.id).where(
        ProgrammeItem.forum_id == forum.id, ProgrammeItem.started_at.is_not(None), ProgrammeItem.ended_at.is_(None)))
    turn = work.store(Turn(**{
        "forum_id": forum.id, "item_id": item_id, "limit_s": forum.turn_s, "started_at": work.at,
        "neighbourhood_id": known and known.neighbourhood_id, "age_group": known and known.age_group} | facts))
    operations.add_event(work, forum, ForumEventKind.TURN_STARTED, turn.id, key=key, limit_s=turn.limit_s, why=turn.why)
    work.record("forums.turn_started", turn)
    return turn


def role_of(work: Work, forum: Forum, user: User | None) -> str:
    """As what somebody with an account speaks here."""
    if user is None:
        return "participant"
    duties = set(work.session.scalars(sa.select(ForumDuty.duty).filter_by(forum_id=forum.id, user_id=user.id)))
    if Duty.HOST in duties:
        return "host"
    if Duty.PANEL in duties:
        return "panel"
    return "official" if user.has(Role.OFFICIAL) else "participant"


def running(work: Work, forum: Forum) -> Turn | None:
    return work.session.scalar(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None))


def end_running(work: Work, forum: Forum) -> None:
    """End the turn that runs, if one does."""
    if turn := running(work, forum):
        turn.ended_at = work.at
        work.session.flush()
        operations.add_event(work, forum, ForumEventKind.TURN_ENDED, turn.id,
                              seconds=int((work.at - turn.started_at).total_seconds()))


def end_turn_of(work: Work, forum: Forum, user_id: int) -> None:
    """End the turn of somebody who was silenced. Who still waits keeps the place: it is passed over when it comes,
    unless they may speak again by then."""
    turn = running(work, forum)
    if turn and turn.user_id == user_id:
        end_running(work, forum)


def passed(work: Work, forum: Forum, request: SpeakingRequest, why: PassedWhy, *, key: str | None = None) -> None:
    """Go on without somebody; everybody sees why."""
    request.state, request.passed_why, request.ended_at = RequestState.PASSED, why, work.at
    operations.add_event(work, forum, ForumEventKind.FLOOR_PASSED, request.id, key=key, why=why.value)


@operations.ends
def end_floor(work: Work, forum: Forum) -> None:
    """With the forum the turn that runs ends, and who still waits has waited."""
    end_running(work, forum)
    for request in work.session.scalars(sa.select(SpeakingRequest).filter_by(
            forum_id=forum.id, state=RequestState.WAITING).order_by(SpeakingRequest.number)):
        passed(work, forum, request, PassedWhy.NO_TIME)


def ask(forum_id: int, topic: str = "", key: str = "", *, for_group: str = "", group_size: int | None = None,
        show_neighbourhood: bool = False, by: User) -> SpeakingRequest:
    """Ask for the floor, for oneself or for a group. Raises Conflict for somebody who waits already."""
    facts = {"topic": _some(topic, TOPIC_MOST, "topic")} | _group(for_group, group_size)
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_ask)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.FLOOR_ASKED):
            return work.session.get_one(SpeakingRequest, seen.subject_id)
        floor = queries.read(at.forum, work.at, by.id)
        if any(waiting.request.user_id == by.id for waiting in floor.line):
            raise Conflict(_("이미 발언을 신청했어요. 내 차례는 발언 순서에서 볼 수 있어요."))
        about = floor.neighbourhood if show_neighbourhood else None
        return _asked(work, at.forum, key, user_id=by.id, about=about, **facts)


def ask_for(forum_id: int, name: str, topic: str = "", key: str = "", *, for_group: str = "",
            group_size: int | None = None, by: User) -> SpeakingRequest:
    """Ask for somebody without a device, by the name that they give; said as typed for them."""
    facts = ({"name": operations.checked_text(name, NAME_MOST, "name"), "topic": _some(topic, TOPIC_MOST, "topic")}
             | _group(for_group, group_size))
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_ask_for)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.FLOOR_ASKED):
            return work.session.get_one(SpeakingRequest, seen.subject_id)
        floor = queries.read(at.forum, work.at)
        mine = queries.voices(None, facts["name"], None)
        if any(waiting.request.user_id is None and mine <= waiting.request.voices for waiting in floor.line):
            raise Conflict(_("같은 이름의 신청이 이미 기다리고 있어요. 다른 분이면 구분되게 적어 주세요."), field="name")
        return _asked(work, at.forum, key, typed_by_id=by.id, table_id=_table(at, by), **facts)


def withdraw(forum_id: int, request_id: int, key: str = "", *, by: User) -> SpeakingRequest:
    """Take a request back. Raises NotFound where there is none that waits."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_withdraw, lambda forum: request_of(work, forum, request_id))
        request = at.thing
        if operations.known_event(work, at.forum, key) or request.state is RequestState.WITHDRAWN:
            return request
        floor = queries.read(at.forum, work.at)
        leave(work, floor, floor.request(request.id))
        request.state, request.ended_at = RequestState.WITHDRAWN, work.at
        operations.add_event(work, at.forum, ForumEventKind.FLOOR_WITHDRAWN, request.id, key=key)
        work.record("forums.floor_withdrawn", request)
        return request


def request_of(work: Work, forum: Forum, request_id: int) -> SpeakingRequest:
    """Raises NotFound for one of another forum."""
    request = work.session.get(SpeakingRequest, request_id, populate_existing=True)
    if request is None or request.forum_id != forum.id:
        raise NotFound(_("그런 발언 신청은 없어요."))
    return request


def leave(work: Work, floor: queries.Floor, waiting: queries.Waiting) -> None:
    """Let those whom the host put behind this place move up with everybody else."""
    changed = moved_up(floor.placed(), waiting.place)
    for other in floor.line:
        if other.request.number in changed:
            work.session.get_one(SpeakingRequest, other.request.id).moved_to = changed[other.request.number]


def _asked(work: Work, forum: Forum, key: str, **facts) -> SpeakingRequest:
    request = work.store(SpeakingRequest(forum_id=forum.id, asked_at=work.at, number=forum.last_number + 1,
                                         state=RequestState.WAITING, **facts))
    operations.add_event(work, forum, ForumEventKind.FLOOR_ASKED, request.id, key=key)
    work.record("forums.floor_asked", request)
    return request


def _table(at: ForumContext, by: User) -> int | None:
    """The table at which it was typed; None: in the hall."""
    return None if runs(by, at) else min(at.standing.hosted_table_ids)


def _some(text: str, most: int, field: str) -> str | None:
    return operations.checked_text(text, most, field) if text and text.strip() else None


def _group(for_group: str, group_size: int | None) -> dict[str, object]:
    name = _some(for_group, NAME_MOST, "for_group")
    if name is None:
        return {}
    if group_size is not None and not GROUP_LEAST <= group_size <= GROUP_MOST:
        raise Refusal(_("모임 사람 수는 %(least)s명부터 %(most)s명까지예요.", least=GROUP_LEAST, most=f"{GROUP_MOST:,}"),
                      field="group_size")
    return {"for_group": name, "group_size": group_size}


def call_next(forum_id: int, seen: int | None, key: str = "", *, by: User) -> Turn:
    """Give the floor to whom the rule has first. Who may not speak any more is passed over, openly.

    `seen` is the turn that ran on the page of the host (None: none): of two hosts who call at once the second is
    refused. Raises Conflict for that, Refusal where nobody waits.
    """
    with use_case(by) as work:
        forum, known = _begin(work, forum_id, key, by)
        if known:
            return known
        floor = _still(work, forum, seen)
        while floor.line:
            first = floor.line[0]
            request = request_of(work, forum, first.request.id)
            if why_silent(work, forum, request.user) is None:
                return _called(work, forum, floor, first, first.why, key)
            leave(work, floor, first)
            passed(work, forum, request, PassedWhy.MAY_NOT)
            work.session.flush()
            floor = queries.read(forum, work.at)
        raise Refusal(_("지금 발언할 수 있는 분이 기다리고 있지 않아요."))


def call(forum_id: int, request_id: int, why: str, seen: int | None, key: str = "", *, by: User) -> Turn:
    """Call somebody out of order; everybody sees why. Who is first anyway is called by the rule, without a reason.

    Raises Refusal for somebody who may not speak.
    """
    with use_case(by) as work:
        forum, known = _begin(work, forum_id, key, by)
        if known:
            return known
        floor = _still(work, forum, seen)
        waiting = floor.request(request_id)
        request = request_of(work, forum, request_id)
        if reason := why_silent(work, forum, request.user):
            raise Refusal(reason)
        if waiting.place == 1:
            return _called(work, forum, floor, waiting, waiting.why, key)
        request.moved_why, request.moved_at = operations.checked_text(why, WHY_MOST, "why"), work.at
        return _called(work, forum, floor, waiting, Why.CALLED, key)


def move(forum_id: int, request_id: int, to: int, why: str, key: str = "", *, by: User) -> SpeakingRequest:
    """Put somebody at another place of the queue, openly and with a reason."""
    why = operations.checked_text(why, WHY_MOST, "why")
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        floor = queries.read(forum, work.at)
        request = request_of(work, forum, request_id)
        if operations.known_event(work, forum, key):
            return request
        waiting = floor.request(request_id)
        if not 1 <= to <= len(floor.line):
            raise Refusal(_("1번째부터 %(last)s번째까지 가운데 골라 주세요.", last=len(floor.line)), field="to")
        request.moved_to, request.moved_why, request.moved_at = to, why, work.at
        operations.add_event(work, forum, ForumEventKind.FLOOR_MOVED, request.id, key=key, place=to,
                             before=waiting.place)
        work.record("forums.floor_moved", request, place=to, before=waiting.place)
        return request


def pass_over(forum_id: int, request_id: int, why: PassedWhy, key: str = "", *, by: User) -> SpeakingRequest:
    """Go on without somebody who is not there, or for whom there is no time."""
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        request = request_of(work, forum, request_id)
        if operations.known_event(work, forum, key):
            return request
        floor = queries.read(forum, work.at)
        leave(work, floor, floor.request(request_id))
        passed(work, forum, request, why, key=key)
        work.record("forums.floor_passed", request, why=why.value)
        return request


def give(forum_id: int, seen: int | None, key: str = "", *, duty_id: int | None = None, name: str = "",
         role: str = "official", topic: str = "", by: User) -> Turn:
    """Give the floor without a request: to somebody with a duty here (host, panel), or to a department or a guest by
    name. Raises Refusal for somebody who is silenced, Conflict as `call_next`."""
    if role not in ROLES:
        raise Refusal(_("어떤 자격으로 말하는지 골라 주세요."), field="role")
    facts = {"topic": operations.checked_text(topic, TOPIC_MOST, "topic") if topic.strip() else None}
    if duty_id is None:
        facts |= {"name": operations.checked_text(name, NAME_MOST, "name"), "role": role}
    with use_case(by) as work:
        forum, known = _begin(work, forum_id, key, by)
        if known:
            return known
        floor = _still(work, forum, seen)
        if duty_id is not None:
            facts |= _on_duty(work, forum, duty_id, facts)
        heard = queries.voices(facts.get("user_id"), facts.get("name"), None)
        return begin(work, forum, key=key, first_time=is_first_time(heard, floor.spoken), **facts)


def extend(forum_id: int, turn_id: int, seconds: int, key: str = "", *, by: User) -> Turn:
    """Give the turn that runs more time, in seconds."""
    if not 1 <= seconds <= EXTEND_MOST_S:
        raise Refusal(_("한 번에 10분까지 늘릴 수 있어요."), field="seconds")
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        turn = _running(work, forum, turn_id)
        if operations.known_event(work, forum, key):
            return turn
        if turn.limit_s + seconds > TURN_MOST_S + EXTEND_MOST_S:
            raise Refusal(_("이 발언은 더 늘릴 수 없어요."), field="seconds")
        turn.limit_s += seconds
        operations.add_event(work, forum, ForumEventKind.TURN_EXTENDED, turn.id, key=key, limit_s=turn.limit_s)
        work.record("forums.turn_extended", turn, seconds=seconds)
        return turn


def end(forum_id: int, turn_id: int, *, by: User) -> Turn:
    """End a turn; one that is over stays as it is."""
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        turn = _turn(work, forum, turn_id)
        if turn.ended_at is None:
            end_running(work, forum)
            work.record("forums.turn_ended", turn)
        return turn


def open_floor(forum_id: int, is_open: bool, key: str = "", *, by: User) -> Forum:
    """Let people ask for the floor, or not any more. Who waits goes on waiting."""
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        if forum.floor_open is is_open or operations.known_event(work, forum, key):
            return forum
        forum.floor_open = is_open
        kind = ForumEventKind.FLOOR_OPENED if is_open else ForumEventKind.FLOOR_CLOSED
        operations.add_event(work, forum, kind, key=key)
        work.record("forums.floor_opened" if is_open else "forums.floor_closed", forum)
        return forum


def set_length(forum_id: int, seconds: int, key: str = "", *, by: User) -> Forum:
    """Set the length of a turn from the next one on."""
    if not TURN_LEAST_S <= seconds <= TURN_MOST_S:
        raise Refusal(_("발언 시간은 30초부터 20분까지예요."), field="seconds")
    with use_case(by) as work:
        forum = operations.entered(work, forum_id, by, may_run).forum
        if forum.turn_s == seconds or operations.known_event(work, forum, key):
            return forum
        forum.turn_s = seconds
        operations.add_event(work, forum, ForumEventKind.FLOOR_SET, key=key, turn_s=seconds)
        work.record("forums.floor_set", forum, turn_s=seconds)
        return forum


def why_silent(work: Work, forum: Forum, user: User | None) -> str | None:
    """Reason that keeps somebody with an account from speaking now; nothing keeps a name that was typed."""
    if user is None:
        return None
    if may_write(user, ForumContext(forum, forums.attendance(forum, user, work.at), work.at)) is None:
        return None
    return _("지금은 발언할 수 없는 분이에요. 차례를 넘겨 주세요.")


def _begin(work: Work, forum_id: int, key: str, by: User) -> tuple[Forum, Turn | None]:
    """The forum, locked, and the turn that this very sending began before."""
    forum = operations.entered(work, forum_id, by, may_run).forum
    seen = operations.known_event(work, forum, key, ForumEventKind.TURN_STARTED)
    return forum, seen and work.session.get_one(Turn, seen.subject_id)


def _still(work: Work, forum: Forum, seen: int | None) -> queries.Floor:
    """The floor, if the turn that the host's page showed is the one that runs. Raises Conflict."""
    floor = queries.read(forum, work.at)
    if (floor.turn and floor.turn.id) != seen:
        raise Conflict(_("그 사이에 발언이 바뀌었어요. 지금 발언을 확인한 뒤 다시 눌러 주세요."))
    return floor


def _called(work: Work, forum: Forum, floor: queries.Floor, waiting: queries.Waiting, why: Why, key: str) -> Turn:
    request = request_of(work, forum, waiting.request.id)
    leave(work, floor, waiting)
    request.state, request.ended_at = RequestState.CALLED, work.at
    return begin(work, forum, key=key, request_id=request.id, user_id=request.user_id, name=request.name,
                 role=role_of(work, forum, request.user), about=request.about, for_group=request.for_group,
                 topic=request.topic, first_time=waiting.first_time, why=why.value)


def _on_duty(work: Work, forum: Forum, duty_id: int, facts: dict) -> dict[str, object]:
    duty = existing(work.session.scalar(sa.select(ForumDuty).filter_by(forum_id=forum.id, id=duty_id)),
                    lambda: NotFound(_("여기에 그런 역할을 맡은 분이 없어요.")))
    if reason := why_silent(work, forum, duty.user):
        raise Refusal(reason)
    return {"user_id": duty.user_id, "name": duty.name, "role": "host" if duty.duty is Duty.HOST else "panel",
            "about": duty.about, "topic": facts["topic"] or duty.topic}


def _turn(work: Work, forum: Forum, turn_id: int) -> Turn:
    turn = work.session.get(Turn, turn_id, populate_existing=True)
    if turn is None or turn.forum_id != forum.id:
        raise NotFound(_("그런 발언은 없어요."))
    return turn


def _running(work: Work, forum: Forum, turn_id: int) -> Turn:
    turn = _turn(work, forum, turn_id)
    if turn.ended_at is not None:
        raise Conflict(_("이미 마친 발언이에요."))
    return turn
