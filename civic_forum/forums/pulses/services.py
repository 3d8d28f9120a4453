"""Pulses: quick questions to the hall. Not secret and not a vote; what each person said is forgotten at the close."""

from collections.abc import Mapping

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.policy import why_muted
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..models import Forum
from ..policy import ForumContext
from ..rules import ForumEventKind, PulseKind
from . import labels, queries, rules
from .models import Pulse, PulseHands, PulseResponse
from .policy import may_answer, may_count_hands, may_open


def begin(forum_id: int, kind: PulseKind, text: str, key: str = "", *, by: User) -> Pulse:
    """Ask the hall something. Raises Conflict while another is open."""
    text = operations.checked_text(text, rules.TEXT_MOST, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_open)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.PULSE_OPENED):
            return work.session.get_one(Pulse, seen.subject_id)
        if queries.open_one(forum_id) is not None:
            raise Conflict(_("열려 있는 설문이 있어요. 먼저 마친 뒤 새로 물어봐 주세요."))
        pulse = work.store(Pulse(forum_id=forum_id, kind=kind, text=text, opened_at=work.at))
        operations.add_event(work, at.forum, ForumEventKind.PULSE_OPENED, pulse.id, key=key)
        work.record("forums.pulse_opened", pulse, kind=kind.value)
        return pulse


def answer(forum_id: int, pulse_id: int, text: str, *, by: User) -> Pulse:
    """Say what one thinks, or change it. The event names nobody, and there is no audit entry: who answered is not kept
    longer than the pulse is open."""
    refuse_secret(value=text)
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_answer, lambda forum: queries.held(forum.id, pulse_id))
        pulse = at.thing
        answer = _value(pulse, text, at, by)
        before = queries.response(pulse_id, by.id)
        if before is not None and before.value == answer:
            return pulse
        if before is None:
            work.session.add(PulseResponse(pulse_id=pulse_id, user_id=by.id, value=answer, at=work.at))
        else:
            before.value, before.at = answer, work.at
        so_far = _so_far(pulse) if before is None else {}
        operations.add_event(work, at.forum, ForumEventKind.PULSE_ANSWERED, pulse_id, nameless=True, **so_far)
        return pulse


def _value(pulse: Pulse, text: str, at: ForumContext, by: User) -> str:
    """Kept form of an answer. Raises Refusal, and Denied for a word of somebody who may write nothing."""
    answer = labels.answer_of(pulse.kind, text)
    if pulse.kind is PulseKind.WORD:
        if at.standing.is_muted or why_muted(by):
            raise Denied(_("지금은 글을 쓸 수 없어서 낱말을 보낼 수 없어요."))
        if answer is None:
            raise Refusal(_("12자까지 낱말 하나로 적어 주세요."), field="value")
        if answer in pulse.taken_out:
            raise Refusal(_("진행자가 뺀 낱말이에요. 다른 말로 적어 주세요."), field="value")
    elif answer is None:
        raise Refusal(_("그래요, 아니에요, 모르겠어요 가운데 하나를 골라 주세요."), field="value")
    return answer


def count_hands(forum_id: int, pulse_id: int | None, counts: Mapping[str, int], *, table_id: int | None = None,
                by: User) -> PulseHands:
    """Write down how many hands went up, in the hall or at a table; again replaces what was counted there before.
    Without a number of the pulse it is for the one that is open."""
    if set(counts) - set(rules.CHOICES) or any(not 0 <= number <= rules.HANDS_MOST for number in counts.values()):
        raise Refusal(_("손 든 사람을 0부터 %(most)s까지 숫자로 적어 주세요.", most=f"{rules.HANDS_MOST:,}"), field="yes")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_count_hands, table_id)
        pulse = queries.held(at.forum.id, pulse_id) if pulse_id else queries.open_one(at.forum.id)
        if pulse is None or pulse.closed_at is not None:
            raise Conflict(_("지금은 열린 설문이 없어요. 마친 설문은 결과를 볼 수 있어요."))
        if pulse.kind is PulseKind.WORD:
            raise Refusal(_("낱말을 묻는 설문에서는 손을 셀 수 없어요."))
        known = work.session.scalar(sa.select(PulseHands).filter_by(pulse_id=pulse.id, table_id=table_id))
        hands = known or PulseHands(pulse_id=pulse.id, table_id=table_id)
        hands.counts, hands.by_id, hands.at = dict(counts), by.id, work.at
        work.store(hands)
        operations.add_event(work, at.forum, ForumEventKind.PULSE_COUNTED, pulse.id, hands=sum(counts.values()))
        work.record("forums.pulse_counted", pulse, hands=sum(counts.values()), table=table_id or 0)
        return hands


def _so_far(pulse: Pulse) -> dict[str, int]:
    """After every tenth answer how many chose what by then, for whoever plays the record again: between two of these no
    single answer can be made out. Words that people gave stand in no event."""
    responses = {} if pulse.kind is PulseKind.WORD else queries.responses(pulse.id)
    return responses if sum(responses.values()) % rules.TOLD_EVERY == 0 else {}


def take_out(forum_id: int, pulse_id: int, word: str, why: str, *, by: User) -> Pulse:
    """Take a word out that hurts somebody: it counts no more and is not taken again; that and why everybody reads."""
    why = operations.checked_text(why, rules.WHY_MOST, "why")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_open)
        pulse = queries.held(at.forum.id, pulse_id)
        plain = labels.folded(word)
        counted = pulse.counts if pulse.closed_at else queries.responses(pulse_id)
        if pulse.kind is not PulseKind.WORD or plain not in (counted or {}) or plain in pulse.taken_out:
            raise Refusal(_("나온 낱말 가운데 하나를 적어 주세요."), field="word")
        pulse.taken_out = pulse.taken_out | {plain: why}
        if pulse.counts is not None:
            pulse.counts = {other: count for other, count in pulse.counts.items() if other != plain}
        operations.add_event(work, at.forum, ForumEventKind.PULSE_WORD_OUT, pulse_id)
        work.record("forums.pulse_word_out", pulse)
        return pulse


def close(forum_id: int, pulse_id: int, *, by: User) -> Pulse:
    """Keep the counts and forget who said what. Raises Conflict where it is closed."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_open)
        pulse = queries.held(at.forum.id, pulse_id)
        if pulse.closed_at is not None:
            raise Conflict(_("이미 마친 설문이에요."))
        _close(work, at.forum, pulse)
        return pulse


def _close(work: Work, forum: Forum, pulse: Pulse) -> None:
    hands = [hand.counts for hand in queries.hands(pulse.id)]
    pulse.counts = rules.together(queries.responses(pulse.id), hands, pulse.taken_out)
    pulse.closed_at = work.at
    work.session.execute(sa.delete(PulseResponse).filter_by(pulse_id=pulse.id))
    operations.add_event(work, forum, ForumEventKind.PULSE_CLOSED, pulse.id)
    work.record("forums.pulse_closed", pulse, answers=sum(pulse.counts.values()))


@operations.ends
def close_open(work: Work, forum: Forum) -> None:
    """The one that is still open when the forum ends."""
    if pulse := queries.open_one(forum.id):
        _close(work, forum, pulse)
