"""Putting a consultation into the hall, sending it statements of tables, and asking for its result.

Answers go to the consultation itself (`opinions.answering`); the hall hears of every tenth, without whose it was.
"""

from collections.abc import Sequence

from civic_forum.accounts.models import User
from civic_forum.opinions import computing, extensions
from civic_forum.opinions import operations as opinion_operations
from civic_forum.opinions import queries as opinions
from civic_forum.opinions.models import Consultation, Statement
from civic_forum.opinions.policy import why_not_open
from civic_forum.opinions.rules import LEAST_TEXT, Origin
from civic_forum.platform.errors import Conflict, Refusal, Unavailable
from civic_forum.platform.i18n import _
from civic_forum.platform.subprocess_call import NoAnswer
from civic_forum.platform.work import Work, use_case

from .. import operations
from .. import queries as forums
from ..models import Forum
from ..policy import may_run
from ..rules import ForumEventKind
from ..tables import policy as tables_policy
from ..tables import queries as tables
from . import queries, rules

SOURCE = "forum_table:{}"
"""Source of a statement that a table wrote."""
WAITED_S = 20
"""So long a host waits for a result; proxies give up after 60 seconds."""


def put(forum_id: int, slug: str, key: str = "", *, by: User) -> None:
    """Put an open consultation into the hall. Raises NotFound, and Conflict where one stands there, or it is not
    open."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_run)
        if operations.known_event(work, at.forum, key, ForumEventKind.CONSULTATION_PUT):
            return
        consultation = opinions.by_slug(slug)
        if consultation.announced_at is None:
            raise opinions.missing()
        if at.forum.consultation_id is not None:
            raise Conflict(_("이미 구청 질문이 올라와 있어요. 먼저 거둔 뒤 올려 주세요."))
        if reason := why_not_open(consultation):
            raise Conflict(reason)
        at.forum.consultation_id = consultation.id
        at.forum.consultation_told = rules.told(opinions.answers(consultation.id))
        operations.add_event(work, at.forum, ForumEventKind.CONSULTATION_PUT, consultation.id, key=key)
        work.record("forums.consultation_put", at.forum, consultation=consultation.id)


def take_away(forum_id: int, *, by: User) -> None:
    """Take it out of the hall; it goes on elsewhere. Raises Conflict where none stands there."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_run)
        _standing(at.forum)
        _take_away(work, at.forum)


@operations.ends
def _take_away(work: Work, forum: Forum) -> None:
    if forum.consultation_id is None:
        return
    operations.add_event(work, forum, ForumEventKind.CONSULTATION_TAKEN, forum.consultation_id)
    work.record("forums.consultation_taken", forum, consultation=forum.consultation_id)
    forum.consultation_id = None


def _standing(forum: Forum) -> int:
    if forum.consultation_id is None:
        raise Conflict(_("지금은 올라와 있는 구청 질문이 없어요."))
    return forum.consultation_id


def send(forum_id: int, number: int, note_ids: Sequence[int], key: str = "", *, by: User) -> list[Statement]:
    """Send notes of a table to the consultation in the hall, each as a statement of the table."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, tables_policy.may_lead,
                                lambda forum: tables.numbered(forum.id, number))
        if operations.known_event(work, at.forum, key, ForumEventKind.CONSULTATION_WRITTEN):
            return []
        if not note_ids:
            raise Refusal(_("쪽지를 하나 이상 골라 주세요."), field="note")
        consultation = opinions.locked(_standing(at.forum))
        if reason := _why_not_write(consultation):
            raise Conflict(reason)
        notes = tables.chosen(at.thing.id, note_ids)
        for note in notes:
            if len(note.text) < LEAST_TEXT:
                raise Refusal(_("‘%(text)s’ 쪽지는 너무 짧아요. 빼고 보내 주세요.", text=note.text), field="note")
        made = [opinion_operations.add_statement(
            work, consultation, opinion_operations.statement_text(note.text), Origin.TABLE,
            source=SOURCE.format(at.thing.id)) for note in notes]
        operations.add_event(work, at.forum, ForumEventKind.CONSULTATION_WRITTEN, consultation.id, key=key,
                             number=number, statements=len(made))
        return made


def _why_not_write(consultation: Consultation) -> str | None:
    if reason := why_not_open(consultation):
        return reason
    return None if consultation.takes_statements else _("이번에는 정해진 의견에만 답해요.")


def renew(forum_id: int, *, by: User) -> None:
    """Compute the result now, for the screen; one that takes long comes by itself. Raises Conflict then, too soon after
    another, or while too few people answered anew: who answered what would show. All that is hidden in a result stays
    hidden in this one."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_run)
        consultation = opinions.locked(_standing(at.forum))
        if reason := why_not_open(consultation) or _why_no_result(work, consultation):
            raise Conflict(reason)
        work.record("forums.result_asked", at.forum, consultation=consultation.id)
        consultation_id = consultation.id
    try:
        kept = computing.compute_within(WAITED_S, consultation_id)
    except Unavailable as trouble:
        raise Conflict(_("지금 세고 있어요. 끝나면 여기와 화면에 나와요.")) from trouble
    except (NoAnswer, ValueError) as trouble:
        raise Conflict(_("결과를 세지 못했어요. 앞의 결과는 그대로예요. 잠시 뒤에 다시 해 주세요.")) from trouble
    if kept is None:
        raise Conflict(_("답이 많아서 오래 세고 있어요. 끝나면 여기와 화면에 나와요. 5분이 지나도 안 나오면 다시 눌러 주세요."))
    if not kept:  # the one that is due was computed at the same time
        raise Conflict(_("결과는 5분에 한 번 낼 수 있어요. 조금 뒤에 다시 눌러 주세요."))


def _why_no_result(work: Work, consultation: Consultation) -> str | None:
    last, there = opinions.latest_map(consultation.id), opinion_operations.counts(consultation)
    if rules.result_from(last and last.at, work.at) is not None:
        return _("결과는 5분에 한 번 낼 수 있어요. 조금 뒤에 다시 눌러 주세요.")
    answers = computing.answers_of_counted(consultation)
    before = opinions.kept(last).get("answers", answers) if last else 0
    statements = len(opinions.draw(consultation.id).numbers)
    anew = rules.answered_anew(rules.worth(there.new, there.known), answers, before, statements)
    if anew < rules.RESULT_PEOPLE:
        return _("새로 답한 사람이 10명이 안 돼요. 누가 어떻게 답했는지 드러나지 않게 조금 더 기다려 주세요.")
    return None


def tell_answers(consultation_id: int) -> None:
    """Let the halls hear how many answers there are, where there are ten more than they heard of."""
    for forum_id in queries.halls_to_tell(consultation_id):
        with use_case(None) as work:
            forum = forums.locked(forum_id)
            answers = rules.told(opinions.answers(consultation_id))
            if forum.consultation_id == consultation_id and answers > forum.consultation_told:
                forum.consultation_told = answers
                operations.add_event(work, forum, ForumEventKind.CONSULTATION_ANSWERED, consultation_id,
                                     nameless=True, answers=answers)


def tell_result(consultation_id: int) -> None:
    """Let the halls hear that there is a new result, whoever asked for it."""
    for forum_id in queries.halls(consultation_id):
        with use_case(None) as work:
            forum = forums.locked(forum_id)
            if forum.consultation_id == consultation_id:
                operations.add_event(work, forum, ForumEventKind.CONSULTATION_COMPUTED, consultation_id)


extensions.ANSWERED.add(tell_answers)
extensions.COMPUTED.add(tell_result)
