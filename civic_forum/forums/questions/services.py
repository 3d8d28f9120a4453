"""Questions: asked, supported, grouped, answered, hidden."""

from civic_forum.accounts.models import User
from civic_forum.answers import operations as duties
from civic_forum.answers.rules import DutyEnd
from civic_forum.platform.errors import Conflict, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..rules import ForumEventKind, Stage
from . import queries, rules
from .models import Question, QuestionSupport
from .policy import may_ask, may_ask_for, may_order, may_support


def ask(forum_id: int, text: str, key: str = "", *, by: User) -> Question:
    """Ask the hall; beforehand too, by whoever registered. The same `key` again gives the question of the first
    time. Raises Conflict for the same words by the same person within `rules.SAME_FOR`."""
    text = operations.checked_text(text, rules.MOST, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_ask)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.QUESTION_ASKED):
            return work.session.get_one(Question, seen.subject_id)
        if queries.has_asked(forum_id, by.id, text, since=work.at - rules.SAME_FOR):
            raise Conflict(_("같은 질문을 조금 전에 올렸어요. 다시 올리지 않아도 돼요."))
        return _asked(work, at.forum, key, text=text, user_id=by.id)


def ask_for(forum_id: int, name: str, text: str, key: str = "", *, table_id: int | None = None, by: User) -> Question:
    """Type what somebody without a device asks: it says by whom, and at which table."""
    name = operations.checked_text(name, rules.NAME_MOST, "name")
    text = operations.checked_text(text, rules.MOST, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_ask_for, table_id)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.QUESTION_ASKED):
            return work.session.get_one(Question, seen.subject_id)
        return _asked(work, at.forum, key, text=text, name=name, typed_by_id=by.id, table_id=table_id)


def _asked(work: Work, forum, key: str, **facts) -> Question:
    question = work.store(Question(forum_id=forum.id, asked_at=work.at, beforehand=forum.stage is Stage.ANNOUNCED,
                                   **facts))
    operations.add_event(work, forum, ForumEventKind.QUESTION_ASKED, question.id, key=key)
    work.record("forums.question_asked", question)
    return question


def support(forum_id: int, question_id: int, wanted: bool | None = None, key: str = "", *, by: User) -> Question:
    """Want an answer to it too, or not any more; None is the other way round than it is. Again changes nothing. Of each
    there is the event, and no audit entry beside it."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_support, lambda forum: queries.held(forum.id, question_id))
        support = queries.support(question_id, by.id)
        wanted = support is None if wanted is None else wanted
        if operations.known_event(work, at.forum, key) or wanted is (support is not None):
            return at.thing
        if wanted:
            work.session.add(QuestionSupport(question_id=question_id, user_id=by.id, at=work.at))
        else:
            work.session.delete(support)
        work.session.flush()
        under = queries.grouped(at.forum.id)
        _count_again(at.forum.id, rules.chain(question_id, under), under)
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_SUPPORTED, question_id, key=key)
        return at.thing


def _count_again(forum_id: int, question_ids: list[int], under: dict[int, int]) -> None:
    """Count anew those who support each of these or what is grouped under it, each person once."""
    for question_id in question_ids:
        together = rules.members(question_id, under)
        question = queries.held(forum_id, question_id)
        question.support_count, question.group_count = queries.supporters(together), len(together) - 1


def group(forum_id: int, question_id: int, head_id: int, *, by: User) -> Question:
    """Put one under another that asks the same. Raises Conflict where it is grouped already, or the other under it."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        question, head = queries.held(at.forum.id, question_id), queries.held(at.forum.id, head_id)
        under = queries.grouped(at.forum.id)
        if question.grouped_under_id is not None:
            raise Conflict(_("이미 다른 질문과 묶여 있어요. 먼저 묶음을 풀어 주세요."))
        if rules.makes_circle(question_id, head_id, under):
            raise Refusal(_("자기 자신이나 자기 아래에 묶인 질문과는 묶을 수 없어요."), field="head")
        if head.hidden_at is not None:
            raise Refusal(_("가린 질문 아래에는 묶을 수 없어요."), field="head")
        question.grouped_under_id = head_id
        work.session.flush()
        _count_again(at.forum.id, rules.chain(head_id, under), under | {question_id: head_id})
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_GROUPED, question_id, under=head_id)
        work.record("forums.question_grouped", question, under=head_id)
        return question


def ungroup(forum_id: int, question_id: int, *, by: User) -> Question:
    """Let it stand by itself again, with all that was grouped under it."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        question = queries.held(at.forum.id, question_id)
        head_id = existing(question.grouped_under_id, lambda: Conflict(_("묶여 있지 않은 질문이에요. 새로 고친 뒤 확인해 주세요.")))
        question.grouped_under_id = None
        work.session.flush()
        under = queries.grouped(at.forum.id)
        _count_again(at.forum.id, rules.chain(head_id, under), under)
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_UNGROUPED, question_id, under=head_id)
        work.record("forums.question_ungrouped", question, under=head_id)
        return question


def answer(forum_id: int, question_id: int, answered_by: str, text: str, *, later: tuple[int, int] | None = None,
           by: User) -> Question:
    """Write down who answered and what; again puts it otherwise, and says so. `later`: id of the department that
    answers later, and within how many days."""
    answered_by = operations.checked_text(answered_by, rules.NAME_MOST, "answered_by")
    text = operations.checked_text(text, rules.ANSWER_MOST, "answer", lines=True)
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        question = queries.held(at.forum.id, question_id)
        if later is not None and question.hidden_at is None:
            duties.owe(work, question.ref, *later)
        else:
            duties.owe_no_more(work, question.ref, DutyEnd.ANSWERED)
        if (question.answered_by, question.answer) == (answered_by, text) and question.answered_at:
            return question
        changed = question.answered_at is not None
        question.answered_by, question.answer, question.reopened_at = answered_by, text, None
        question.answered_at = question.answered_at or work.at
        question.answer_changed_at = work.at if changed else None
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_ANSWERED, question_id, changed=changed)
        work.record("forums.question_answered", question, changed=changed)
        return question


def reopen(forum_id: int, question_id: int, *, by: User) -> Question:
    """Say that it is not answered after all: it waits again, and says since when."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        question = queries.held(at.forum.id, question_id)
        if question.answered_at is None:
            raise Conflict(_("아직 답했다고 적지 않은 질문이에요. 새로 고친 뒤 확인해 주세요."))
        question.answer = question.answered_by = question.answered_at = question.answer_changed_at = None
        question.reopened_at = work.at
        duties.owe_no_more(work, question.ref, DutyEnd.WITHDRAWN)
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_REOPENED, question_id)
        work.record("forums.question_reopened", question)
        return question


def hide(forum_id: int, question_id: int, why: str, *, by: User) -> Question:
    """Take its words out of sight; that it was there, and why it is gone, everybody reads."""
    why = operations.checked_text(why, rules.WHY_MOST, "why")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        question = queries.held(at.forum.id, question_id)
        operations.hide_words(question, why, work.at)
        duties.owe_no_more(work, question.ref, DutyEnd.HIDDEN)
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_HIDDEN, question_id)
        work.record("forums.question_hidden", question)
        return question


def show(forum_id: int, question_id: int, *, by: User) -> Question:
    """Show a hidden question again. What moderators hid they alone show."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_order)
        question = queries.held(at.forum.id, question_id)
        operations.show_words(question)
        duties.owe_again(work, question.ref, DutyEnd.HIDDEN)
        operations.add_event(work, at.forum, ForumEventKind.QUESTION_SHOWN, question_id)
        work.record("forums.question_shown", question)
        return question
