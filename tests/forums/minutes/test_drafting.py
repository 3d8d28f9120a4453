"""The draft holds every decision, question and note exactly once, whatever the record looks like."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.forums.minutes.rules import drafting
from civic_forum.forums.minutes.rules.drafting import (AtTable, Felt, Noted, Record, RecordedDecision, RecordedGroup,
                                                       RecordedItem, RecordedQuestion, RecordedTurn, Said, Who)
from tests.factories import MAY

IDS = st.integers(1, 12)
MOMENTS = st.integers(0, 7200).map(lambda seconds: MAY + timedelta(seconds=seconds))
WHO = st.one_of(st.builds(Who), IDS.map(Who), st.just(Who(name="종이 쪽지")))
TEXT = st.text("가나다 ", min_size=1, max_size=9)
OR_NONE = st.one_of(st.none(), IDS)


def some(made, /, **columns):
    return st.lists(st.builds(made, id=IDS, **columns), max_size=5, unique_by=lambda one: one.id)


@st.composite
def records(draw):
    """Any record whose ids are those of a database; groups of questions may point anywhere, even in a circle."""
    tables = draw(some(AtTable, number=IDS, name=st.one_of(st.none(), TEXT), result=st.one_of(st.none(), TEXT)))
    table_ids = st.sampled_from([one.id for one in tables]) if tables else None
    return Record(
        items=draw(some(RecordedItem, number=IDS, title=TEXT, minutes=IDS, started_at=st.one_of(st.none(), MOMENTS))),
        turns=draw(some(RecordedTurn, who=WHO, started_at=MOMENTS, seconds=IDS, role=st.just("participant"),
                        item_id=OR_NONE)),
        captions=draw(some(Said, text=TEXT, at=MOMENTS, who=WHO, turn_id=OR_NONE)),
        pulses=draw(some(Felt, text=TEXT, kind=st.just("word"), at=MOMENTS)),
        questions=draw(some(RecordedQuestion, text=TEXT, at=MOMENTS, who=WHO, supports=IDS, under_id=OR_NONE,
                            answer=st.one_of(st.none(), TEXT), answered_by=st.one_of(st.none(), TEXT))),
        tables=tables,
        groups=draw(some(RecordedGroup, table_id=table_ids, title=TEXT)) if tables else [],
        notes=draw(some(Noted, table_id=table_ids, text=TEXT, who=WHO, group_id=OR_NONE,
                        strongest=st.booleans())) if tables else [],
        decisions=draw(some(RecordedDecision, text=TEXT, at=MOMENTS)))


@given(records())
def test_everything_is_in_the_draft_exactly_once(record):
    rows = {row["ref"]: row for row in drafting.rows_of(drafting.draft(record))}
    refs = Counter(row["ref"] for row in drafting.rows_of(drafting.draft(record)))
    assert set(refs.values()) <= {1}
    for word, ones in (("item", record.items), ("turn", record.turns), ("caption", record.captions),
                       ("pulse", record.pulses), ("question", record.questions), ("table", record.tables),
                       ("note", record.notes), ("decision", record.decisions)):
        assert {f"{word}:{one.id}" for one in ones} == {ref for ref in refs if ref.startswith(f"{word}:")}
    for word, ones in (("question", record.questions), ("note", record.notes), ("decision", record.decisions),
                       ("caption", record.captions)):
        assert all(rows[f"{word}:{one.id}"].get("text") == one.text for one in ones)
    assert {ref for ref in refs if ref.startswith("answer:")} == {f"answer:{one.id}" for one in record.questions
                                                                  if one.answer}


@given(records())
def test_the_order_in_which_rows_come_changes_nothing(record):
    turned = Record(**{name: list(reversed(rows)) for name, rows in vars(record).items() if name != "facts"})
    if all(len({one.number for one in numbered}) == len(numbered) for numbered in (record.tables, record.items)):
        assert drafting.draft(record) == drafting.draft(turned)


def rows_under(key, record):
    return next(one for one in drafting.draft(record) if one["key"] == key)["rows"]


def test_items_hold_their_turns_and_turns_what_was_said_in_them():
    record = Record(
        items=[RecordedItem(1, 1, "안내", 5, MAY, MAY + timedelta(minutes=5)),
               RecordedItem(2, 2, "논의", 20, MAY + timedelta(minutes=5))],
        turns=[RecordedTurn(7, Who(3), MAY + timedelta(minutes=6), 90, "participant", item_id=2, about="독산1동")],
        captions=[Said(1, "시작할게요.", MAY + timedelta(seconds=5), Who(name="별밤지기")),
                  Said(2, "어두워요.", MAY + timedelta(minutes=6), Who(3), turn_id=7)])
    course = rows_under(drafting.COURSE, record)
    assert [row["ref"] for row in course] == ["item:1", "item:2"]
    assert [row["text"] for row in course[0]["rows"]] == ["시작할게요."]
    turn = course[1]["rows"][0]
    assert (turn["ref"], turn["by"], turn["facts"]["seconds"]) == ("turn:7", 3, 90)
    assert [row["ref"] for row in turn["rows"]] == ["caption:2"]


def test_words_at_the_moment_at_which_an_item_begins_belong_to_it():
    begins = MAY + timedelta(minutes=5)
    before, item = rows_under(drafting.COURSE, Record(
        items=[RecordedItem(1, 1, "안내", 5, MAY), RecordedItem(2, 2, "논의", 20, begins)],
        captions=[Said(1, "이제 이야기해요.", begins)]))
    assert "rows" not in before and [row["ref"] for row in item["rows"]] == ["caption:1"]


def test_a_grouped_question_stands_beneath_its_head_however_many_support_it():
    [head] = rows_under(drafting.QUESTIONS, Record(questions=[
        RecordedQuestion(1, "언제 고치나요?", MAY, supports=1),
        RecordedQuestion(2, "언제쯤 고쳐요?", MAY, supports=9, under_id=1)]))
    assert (head["ref"], [row["ref"] for row in head["rows"]]) == ("question:1", ["question:2"])


def drafted():
    return drafting.draft(Record(decisions=[RecordedDecision(1, "열아홉 군데를 고쳐요.", MAY),
                                            RecordedDecision(2, "표지판을 붙여요.", MAY)]))


def test_a_correction_is_made_where_it_says_and_nowhere_else():
    before = drafted()
    after = drafting.corrected(before, [("decision:1", "열아홉", "열세"), ("decision:2", "표지판", "안내판")])
    assert [row["text"] for row in drafting.rows_of(after)] == ["열세 군데를 고쳐요.", "안내판을 붙여요."]
    assert before == drafted()


def test_a_place_in_words_finds_what_stands_once():
    after = drafting.corrected(drafted(), [("정한 것 가운데 첫째", "열아홉", "열세")])
    assert next(drafting.rows_of(after))["text"] == "열세 군데를 고쳐요."


def test_words_that_are_gone_or_stand_twice_change_nothing():
    assert drafting.corrected(drafted(), [("decision:1", "스무 군데", "열세"), ("어딘가", "요.", "다.")]) == drafted()


def test_old_minutes_of_titles_and_texts_are_corrected_and_compared_too():
    old = [{"title": "나눈 이야기", "text": "등이 없는 곳은 아홉 군데예요."}]
    new = drafting.corrected(old, [("발제 가운데", "아홉", "여섯")])
    assert drafting.differences(old, new) == [drafting.Difference(
        "section:나눈 이야기", "등이 없는 곳은 아홉 군데예요.", "등이 없는 곳은 여섯 군데예요.")]


@given(records(), records())
def test_differences_say_what_came_and_went(older, newer):
    before, after = drafting.draft(older), drafting.draft(newer)
    told = {one.place for one in drafting.differences(before, after)}
    ours, theirs = ({row["ref"]: row.get("text") for row in drafting.rows_of(one)} for one in (before, after))
    changed = {ref for ref in ours.keys() & theirs.keys() if ours[ref] != theirs[ref]}
    assert changed <= told
    assert {ref for ref in ours.keys() ^ theirs.keys() if (ours | theirs)[ref]} <= told
    assert drafting.differences(before, before) == []
