"""Questions as people ask, support, group, answer and hide them."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumEvent
from civic_forum.forums.questions import queries, rules
from civic_forum.forums.questions import services as questions
from civic_forum.forums.questions.models import Question, QuestionSupport
from civic_forum.forums.questions.rules import Sort
from civic_forum.forums.rules import ForumEventKind, Place
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Invalid, NotFound, Refusal
from tests.forums.scene import Scene, announced_forum, key, live_forum


def asked(scene, text="밤에도 열려 있나요?", by=None):
    return questions.ask(scene.forum.id, text, key(), by=by or scene.person())


def kinds(scene):
    return list(db.session.scalars(sa.select(ForumEvent.kind).filter_by(forum_id=scene.forum.id)
                                   .order_by(ForumEvent.number)))


def count(question):
    return db.session.scalar(sa.select(Question.support_count).filter_by(id=question.id))


@pytest.mark.both
def test_a_question_is_a_row_an_event_and_an_audit_entry_and_the_event_holds_no_word_of_it(town):
    scene = live_forum(town)
    by = scene.person()
    question = asked(scene, "비밀번호는 어디서 바꾸나요?", by)
    event = db.session.scalar(sa.select(ForumEvent).filter_by(forum_id=scene.forum.id))
    assert (event.kind, event.subject_id, event.by_id, event.details) == (ForumEventKind.QUESTION_ASKED, question.id,
                                                                          by.id,
                                                                          {})
    assert db.session.scalar(sa.select(AuditEntry.action).filter_by(subject=f"forum_question:{question.id}")
                             ) == "forums.question_asked"
    assert question.asker == by.nickname and not question.beforehand


@pytest.mark.both
def test_the_same_words_again_are_refused_for_a_while_and_only_to_the_same_person(town):
    scene = live_forum(town)
    by = scene.person()
    first = asked(scene, "언제 시작하나요?", by)
    with pytest.raises(Conflict, match="조금 전에"):
        asked(scene, " 언제  시작하나요? ", by)
    asked(scene, "언제 시작하나요?")
    asked(scene, "언제 끝나나요?", by)
    db.session.get_one(Question, first.id).asked_at -= rules.SAME_FOR
    db.session.commit()
    asked(scene, "언제 시작하나요?", by)
    assert kinds(scene) == [ForumEventKind.QUESTION_ASKED] * 4


@pytest.mark.parametrize("text", ["", " ​ ", "가" * 301, "제 번호는 900101-1234568 이에요"])
def test_a_text_that_is_no_question_is_refused(town, text):
    scene = live_forum(town)
    with pytest.raises(Refusal):
        asked(scene, text)
    assert kinds(scene) == []


def test_beforehand_who_registered_asks_also_on_the_waiting_list_and_others_do_not(town):
    scene = Scene(town, announced_forum(town))
    waiting = scene.person(place=Place.WAITING)
    assert asked(scene, by=waiting).beforehand
    questions.support(scene.forum.id, asked(scene).id, by=waiting)
    for stranger in (town.resident(), scene.person(place=Place.WITHDRAWN)):
        with pytest.raises(Denied):
            asked(scene, by=stranger)


def test_afterwards_and_before_it_is_announced_nobody_asks(town):
    scene = live_forum(town)
    scene.forum.closed_at = scene.forum.opened_at
    db.session.commit()
    with pytest.raises(Denied, match="마쳤어요"):
        asked(scene)


def test_a_stranger_and_a_muted_person_do_not_ask_but_the_muted_one_supports(town):
    scene = live_forum(town)
    question, muted = asked(scene), scene.person()
    scene.muted(muted)
    with pytest.raises(Denied, match="멈추게"):
        asked(scene, by=muted)
    with pytest.raises(Denied, match="참여 신청"):
        asked(scene, by=town.resident())
    assert questions.support(scene.forum.id, question.id, by=muted).support_count == 1


def test_host_and_table_host_type_for_somebody_without_a_device_and_nobody_else(town):
    scene = live_forum(town)
    guide = scene.person()
    table, other = scene.table(3, guide), scene.table(4)
    typed = questions.ask_for(scene.forum.id, "은행나무 할머니", "앉을 곳이 있나요?", key(), table_id=table.id, by=guide)
    assert (typed.asker, typed.user_id, typed.typed_by_id, typed.table_id) == ("은행나무 할머니", None, guide.id, table.id)
    assert typed.author_id == guide.id
    assert db.session.scalar(sa.select(Question.author_id).where(Question.id == typed.id)) == guide.id
    questions.ask_for(scene.forum.id, "앞줄", "들리나요?", key(), by=scene.host)
    for by, at in ((guide, other.id), (guide, None), (scene.person(), None), (scene.person(), table.id)):
        with pytest.raises(Denied):
            questions.ask_for(scene.forum.id, "누구", "몰래 적어요?", key(), table_id=at, by=by)


def test_somebody_supports_once_takes_it_back_and_never_supports_their_own(town):
    scene = live_forum(town)
    author, by = scene.person(), scene.person()
    question = asked(scene, by=author)
    for _again in range(2):
        assert questions.support(scene.forum.id, question.id, True, by=by).support_count == 1
    once = key()
    for _again in range(2):
        assert questions.support(scene.forum.id, question.id, None, once, by=by).support_count == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionSupport)) == 0
    assert kinds(scene) == [ForumEventKind.QUESTION_ASKED, ForumEventKind.QUESTION_SUPPORTED,
                            ForumEventKind.QUESTION_SUPPORTED]
    with pytest.raises(Denied):
        questions.support(scene.forum.id, question.id, by=author)


@pytest.mark.both
def test_supporters_of_a_group_count_once_each_and_undoing_in_any_order_gives_the_counts_back(town):
    scene = live_forum(town)
    first, second, third = (asked(scene, f"질문 {n}?") for n in range(3))
    everywhere, people = scene.person(), scene.people(3)
    for question in (first, second, third):
        questions.support(scene.forum.id, question.id, by=everywhere)
    questions.support(scene.forum.id, third.id, by=people[0])
    questions.group(scene.forum.id, third.id, second.id, by=scene.host)
    questions.group(scene.forum.id, second.id, first.id, by=scene.host)
    assert [count(one) for one in (first, second, third)] == [2, 2, 2]
    questions.support(scene.forum.id, third.id, by=people[1])
    assert [count(one) for one in (first, second, third)] == [3, 3, 3]
    assert [one.id for one in queries.part(scene.forum, scene.host).lines] == [first.id]
    questions.ungroup(scene.forum.id, second.id, by=scene.host)
    assert [count(one) for one in (first, second, third)] == [1, 3, 3]
    questions.ungroup(scene.forum.id, third.id, by=scene.host)
    assert [count(one) for one in (first, second, third)] == [1, 1, 3]
    assert {one.group_count for one in queries.of_ids(scene.forum.id, [first.id, second.id, third.id])} == {0}


def test_questions_that_cannot_be_grouped_say_why(town):
    scene = live_forum(town)
    first, second = asked(scene, "하나?"), asked(scene, "둘?")
    questions.group(scene.forum.id, first.id, second.id, by=scene.host)
    with pytest.raises(Conflict):
        questions.group(scene.forum.id, first.id, second.id, by=scene.host)
    with pytest.raises(Refusal, match="자기"):
        questions.group(scene.forum.id, second.id, first.id, by=scene.host)
    with pytest.raises(Conflict):
        questions.ungroup(scene.forum.id, second.id, by=scene.host)
    elsewhere = asked(live_forum(town))
    with pytest.raises(NotFound):
        questions.group(scene.forum.id, second.id, elsewhere.id, by=scene.moderator)
    with pytest.raises(Denied):
        questions.ungroup(scene.forum.id, first.id, by=scene.person())


@pytest.mark.both
def test_an_answer_says_by_whom_a_change_of_mind_is_open_and_it_may_wait_again(town):
    scene = live_forum(town)
    question = asked(scene)
    questions.answer(scene.forum.id, question.id, "주차관리과", "118면 가운데 61면이 비어 있어요.", by=scene.host)
    assert question.answered_by == "주차관리과" and question.answer_changed_at is None
    questions.answer(scene.forum.id, question.id, "주차관리과", "118면 가운데 16면이 비어 있어요.", by=scene.host)
    assert question.answer_changed_at is not None
    questions.answer(scene.forum.id, question.id, "주차관리과", "118면 가운데 16면이 비어 있어요.", by=scene.host)
    questions.reopen(scene.forum.id, question.id, by=scene.host)
    assert question.answer is None and question.reopened_at is not None
    assert kinds(scene)[1:] == [ForumEventKind.QUESTION_ANSWERED, ForumEventKind.QUESTION_ANSWERED,
                                ForumEventKind.QUESTION_REOPENED]
    with pytest.raises(Denied):
        questions.answer(scene.forum.id, question.id, "나", "내가 답했어요.", by=scene.person())


def test_hiding_needs_a_reason_leaves_a_trace_and_is_taken_back(town):
    scene = live_forum(town)
    question, by = asked(scene), scene.person()
    with pytest.raises(Refusal):
        questions.hide(scene.forum.id, question.id, " ", by=scene.host)
    questions.hide(scene.forum.id, question.id, "다른 분의 이름이 있어요.", by=scene.host)
    with pytest.raises(Denied):
        questions.support(scene.forum.id, question.id, by=by)
    with pytest.raises(Conflict):
        questions.hide(scene.forum.id, question.id, "한 번 더요.", by=scene.moderator)
    questions.show(scene.forum.id, question.id, by=scene.host)
    assert question.hidden_at is None and question.hidden_why is None


@pytest.mark.both
def test_the_list_has_the_most_supported_first_the_answered_later_and_the_hidden_last_in_pages(town, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    scene = live_forum(town)
    plain, loved, answered, hidden, early = (asked(scene, f"질문 {n}?") for n in range(5))
    for by in scene.people(2):
        for question in (loved, answered, hidden):
            questions.support(scene.forum.id, question.id, by=by)
    questions.answer(scene.forum.id, answered.id, "교통과", "그래요, 열어요.", by=scene.host)
    questions.hide(scene.forum.id, hidden.id, "광고예요.", by=scene.host)

    def walk(sort):
        found, after = [], None
        while True:
            page = queries.page(scene.forum, by, sort, after)
            found += [one.id for one in page.lines]
            if not (after := page.after):
                return found
    assert walk(Sort.SUPPORTED) == [one.id for one in (loved, plain, early, answered, hidden)]
    assert walk(Sort.NEWEST) == [one.id for one in (early, hidden, answered, loved, plain)]
    shown = queries.page(scene.forum, by, Sort.SUPPORTED)
    assert shown.total == 4 and shown.supported == {loved.id, answered.id, hidden.id}
    with pytest.raises(Invalid):
        queries.page(scene.forum, by, Sort.SUPPORTED, "kein")
