"""A question that is not written as the texts are: what it is taken for, and what is said of that."""

import pytest
import sqlalchemy as sa

from civic_forum.platform.base import db, is_sqlite
from civic_forum.search import operations, queries, vocabulary
from tests.factories import MAY

pytestmark = pytest.mark.both


def found(query, **options):
    sought = queries.sought(query, ["proposal"], 100, **options)
    return sought, [hit.ref_id for hit in queries.matches(sought, ["proposal"]).items]


@pytest.fixture
def texts(write):
    write("독산로 보도를 넓혀요", "버스 정류장 옆이 좁아요")
    write("어르신 벤치를 놓아요", "낮에도 어두워요")
    write("Café 앞 자전거", "가로등이 꺼졌어요")
    vocabulary.count_all(db.session)
    db.session.commit()


@pytest.mark.parametrize("query, number, said", [
    ("논산로", 1, "독산로"), ("ㄷㅅㄹ", 1, "독산로"), ("가등", 3, "가로등"), ("cafe", 3, "café"), ("밴치", 2, "벤치"),
    ("노인", 2, ""), ("의자", 2, ""), ("버스정류장", 1, ""), ("어두운", 2, ""), ("streetlight", 3, ""), ("의자를", 2, "")])
def test_a_text_is_found_and_what_was_changed_is_said(texts, query, number, said):
    sought, ids = found(query)
    assert ids == [number]
    assert [taken[0] for _typed, taken in sought.changed] == ([said] if said else [])
    assert not sought.is_part


def test_a_query_can_be_taken_literally(texts):
    assert found("논산로", literally=True)[1] == []


def test_some_of_the_words_are_better_than_nothing(texts):
    sought, ids = found("독산로 보도 코끼리")
    assert ids == [1] and sought.is_part
    sought, ids = found("코끼리 자전거 기린")
    assert ids == [3] and sought.is_part


def test_a_word_that_nothing_resembles_finds_nothing(texts):
    sought, ids = found("코뿔소열차")
    assert ids == [] and not sought.changed and not sought.is_part


def test_words_of_the_district_stand_for_each_other(texts, monkeypatch):
    monkeypatch.setattr(queries, "own_words", lambda: ("금나래 독산로",))
    assert found("금나래")[1] == [1]


def test_the_words_of_a_new_title_are_known_at_once(write):
    write("느티나무 그늘")
    assert found("느타나무")[1] == [1]


def test_words_that_nothing_says_any_more_go(texts):
    operations.remove(db.session, "proposal", 1)
    vocabulary.count_all(db.session)
    assert vocabulary.counts(["독산로", "벤치"]).get("독산로") is None


def test_looking_for_words_uses_an_index(texts):
    operations.put_many(db.session, [("proposal", 100 + n, f"낱말{n:05d}가", "", MAY) for n in range(300)])
    vocabulary.count_all(db.session)
    explain = "EXPLAIN QUERY PLAN" if is_sqlite() else "EXPLAIN"
    if not is_sqlite():
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    plan = db.session.execute(sa.text(
        f"{explain} SELECT word, count FROM search_word WHERE key IN ('논산', '산로', '논로')")).all()
    assert "INDEX" in str(plan).upper() and "SCAN SEARCH_WORD" not in str(plan).upper()
