"""Use-cases of the host on the floor: call by the rule or openly out of order, move, pass over, give, extend, end."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict, NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import Work, use_case

from ..models import Forum, ForumDuty, SpeakingRequest, Turn
from ..policy.acting import ForumContext, may_run, may_write
from ..queries import floor as floors
from ..queries import people
from ..rules.floor import (EXTEND_MOST_S, NAME_MOST, TOPIC_MOST, TURN_LEAST_S, TURN_MOST_S, WHY_MOST, Why,
                           is_first_time)
from ..rules.kinds import Duty, ForumEventKind, PassedWhy, RequestState
from ..steps import floor as turns
from ..steps import event_log, texts
from . import asking, opening


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
            one = floor.line[0]
            request = asking.request_of(work, forum, one.request.id)
            if why_silent(work, forum, request.user) is None:
                return _called(work, forum, floor, one, one.why, key)
            asking.leave(work, floor, one)
            turns.passed(work, forum, request, PassedWhy.MAY_NOT)
            work.session.flush()
            floor = floors.read(forum, work.at)
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
        one = floor.request(request_id)
        request = asking.request_of(work, forum, request_id)
        if reason := why_silent(work, forum, request.user):
            raise Refusal(reason)
        if one.place == 1:
            return _called(work, forum, floor, one, one.why, key)
        request.moved_why, request.moved_at = texts.given(why, WHY_MOST, "why"), work.at
        return _called(work, forum, floor, one, Why.CALLED, key)


def move(forum_id: int, request_id: int, to: int, why: str, key: str = "", *, by: User) -> SpeakingRequest:
    """Put somebody at another place of the queue, openly and with a reason."""
    why = texts.given(why, WHY_MOST, "why")
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        floor = floors.read(forum, work.at)
        request = asking.request_of(work, forum, request_id)
        if event_log.known(work, forum, key):
            return request
        one = floor.request(request_id)
        if not 1 <= to <= len(floor.line):
            raise Refusal(_("1번째부터 %(last)s번째까지 가운데 골라 주세요.", last=len(floor.line)), field="to")
        request.moved_to, request.moved_why, request.moved_at = to, why, work.at
        event_log.add(work, forum, ForumEventKind.FLOOR_MOVED, request.id, key=key, place=to, before=one.place)
        work.record("forums.floor_moved", request, place=to, before=one.place)
        return request


def pass_over(forum_id: int, request_id: int, why: PassedWhy, key: str = "", *, by: User) -> SpeakingRequest:
    """Go on without somebody who is not there, or for whom there is no time."""
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        request = asking.request_of(work, forum, request_id)
        if event_log.known(work, forum, key):
            return request
        floor = floors.read(forum, work.at)
        asking.leave(work, floor, floor.request(request_id))
        turns.passed(work, forum, request, why, key=key)
        work.record("forums.floor_passed", request, why=why.value)
        return request


def give(forum_id: int, seen: int | None, key: str = "", *, duty_id: int | None = None, name: str = "",
         role: str = "official", topic: str = "", by: User) -> Turn:
    """Give the floor without a request: to somebody with a duty here (host, panel), or to a department or a guest by
    name. Raises Refusal for somebody who is silenced, Conflict as `call_next`."""
    if role not in turns.ROLES:
        raise Refusal(_("어떤 자격으로 말하는지 골라 주세요."), field="role")
    facts = {"topic": texts.given(topic, TOPIC_MOST, "topic") if topic.strip() else None}
    if duty_id is None:
        facts |= {"name": texts.given(name, NAME_MOST, "name"), "role": role}
    with use_case(by) as work:
        forum, known = _begin(work, forum_id, key, by)
        if known:
            return known
        floor = _still(work, forum, seen)
        if duty_id is not None:
            facts |= _on_duty(work, forum, duty_id, facts)
        heard = floors.voices(facts.get("user_id"), facts.get("name"), None)
        return turns.begin(work, forum, key=key, first_time=is_first_time(heard, floor.spoken), **facts)


def extend(forum_id: int, turn_id: int, seconds: int, key: str = "", *, by: User) -> Turn:
    """Give the turn that runs more time, in seconds."""
    if not 1 <= seconds <= EXTEND_MOST_S:
        raise Refusal(_("한 번에 10분까지 늘릴 수 있어요."), field="seconds")
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        turn = _running(work, forum, turn_id)
        if event_log.known(work, forum, key):
            return turn
        if turn.limit_s + seconds > TURN_MOST_S + EXTEND_MOST_S:
            raise Refusal(_("이 발언은 더 늘릴 수 없어요."), field="seconds")
        turn.limit_s += seconds
        event_log.add(work, forum, ForumEventKind.TURN_EXTENDED, turn.id, key=key, limit_s=turn.limit_s)
        work.record("forums.turn_extended", turn, seconds=seconds)
        return turn


def end(forum_id: int, turn_id: int, *, by: User) -> Turn:
    """End a turn; one that is over stays as it is."""
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        turn = _turn(work, forum, turn_id)
        if turn.ended_at is None:
            turns.end_running(work, forum)
            work.record("forums.turn_ended", turn)
        return turn


def open_floor(forum_id: int, is_open: bool, key: str = "", *, by: User) -> Forum:
    """Let people ask for the floor, or not any more. Who waits goes on waiting."""
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        if forum.floor_open is is_open or event_log.known(work, forum, key):
            return forum
        forum.floor_open = is_open
        event_log.add(work, forum, ForumEventKind.FLOOR_OPENED if is_open else ForumEventKind.FLOOR_CLOSED, key=key)
        work.record("forums.floor_opened" if is_open else "forums.floor_closed", forum)
        return forum


def set_length(forum_id: int, seconds: int, key: str = "", *, by: User) -> Forum:
    """Set the length of a turn from the next one on."""
    if not TURN_LEAST_S <= seconds <= TURN_MOST_S:
        raise Refusal(_("발언 시간은 30초부터 20분까지예요."), field="seconds")
    with use_case(by) as work:
        forum = opening.entered(work, forum_id, by, may_run).forum
        if forum.turn_s == seconds or event_log.known(work, forum, key):
            return forum
        forum.turn_s = seconds
        event_log.add(work, forum, ForumEventKind.FLOOR_SET, key=key, turn_s=seconds)
        work.record("forums.floor_set", forum, turn_s=seconds)
        return forum


def why_silent(work: Work, forum: Forum, user: User | None) -> str | None:
    """Reason that keeps somebody with an account from speaking now; nothing keeps a name that was typed."""
    if user is None:
        return None
    if may_write(user, ForumContext(forum, people.standing(forum, user, work.at), work.at)) is None:
        return None
    return _("지금은 발언할 수 없는 분이에요. 차례를 넘겨 주세요.")


def _begin(work: Work, forum_id: int, key: str, by: User) -> tuple[Forum, Turn | None]:
    """The forum, locked, and the turn that this very sending began before."""
    forum = opening.entered(work, forum_id, by, may_run).forum
    seen = event_log.known(work, forum, key, ForumEventKind.TURN_STARTED)
    return forum, seen and work.session.get_one(Turn, seen.subject_id)


def _still(work: Work, forum: Forum, seen: int | None) -> floors.Floor:
    """The floor, if the turn that the host's page showed is the one that runs. Raises Conflict."""
    floor = floors.read(forum, work.at)
    if (floor.turn and floor.turn.id) != seen:
        raise Conflict(_("그 사이에 발언이 바뀌었어요. 지금 발언을 확인한 뒤 다시 눌러 주세요."))
    return floor


def _called(work: Work, forum: Forum, floor: floors.Floor, one: floors.Waiting, why: Why, key: str) -> Turn:
    request = asking.request_of(work, forum, one.request.id)
    asking.leave(work, floor, one)
    request.state, request.ended_at = RequestState.CALLED, work.at
    return turns.begin(work, forum, key=key, request_id=request.id, user_id=request.user_id, name=request.name,
                       role=turns.role_of(work, forum, request.user), about=request.about, for_group=request.for_group,
                       topic=request.topic, first_time=one.first_time, why=why.value)


def _on_duty(work: Work, forum: Forum, duty_id: int, facts: dict) -> dict[str, object]:
    duty = work.session.scalar(sa.select(ForumDuty).filter_by(forum_id=forum.id, id=duty_id))
    if duty is None:
        raise NotFound(_("이 공론장에 그런 역할을 맡은 분이 없어요."))
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
