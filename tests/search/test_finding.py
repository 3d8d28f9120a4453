"""Questions to the index, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid
from civic_forum.search import queries
from civic_forum.search import operations
from civic_forum.search.models import Entry
from tests.factories import MAY

pytestmark = pytest.mark.both

BOTH = ("proposal", "comment")


def found(query, kinds=("proposal",), **options):
    return [hit.ref_id for hit in queries.matches(query, kinds, **options).items]


def test_a_word_is_found_with_and_without_particle(write):
    plain, with_particle = write("주차장 이야기"), write("밤에 주차장을 열어요")
    for query in ("주차장", "주차장을", "주차장에서", "주차장까지도"):
        assert found(query) == [with_particle, plain]


def test_every_word_must_be_there_in_title_or_body(write):
    both = write("학교 주차장", "밤에만 개방해요")
    write("학교 운동장", "낮에만 개방해요")
    assert found("주차장을 개방") == [both]
    assert found("주차장 도서관") == []


def test_neighbouring_syllables_must_stand_together(write):
    write("개나 소나", "나리꽃이 피었어요")
    assert found("개나리") == []


def test_titles_come_before_bodies_and_the_newest_first_in_each(write):
    old_title, old_body = write("가로등을 고쳐요"), write("골목이 어두워요", "가로등이 꺼졌어요")
    new_title, new_body = write("가로등이 꺼졌어요"), write("밤길", "가로등 하나 없어요")
    hits = queries.matches("가로등", ["proposal"]).items
    assert [hit.ref_id for hit in hits] == [new_title, old_title, new_body, old_body]
    assert [hit.in_title for hit in hits] == [True, True, False, False]


def test_the_age_is_that_of_the_text_not_of_its_indexing(write):
    new, old = write("놀이터", at=MAY), write("놀이터", at=MAY - timedelta(days=900))
    assert found("놀이터") == [new, old]


def test_latin_words_and_numbers(write):
    camera, bus = write("골목에 cctv를", "두 대"), write("마을버스 15번이 안 와요")
    assert found("CCTV") == found("CCTV가") == [camera]
    assert found("15번") == [bus]
    assert found("5번") == []


def test_kinds_are_kept_apart_and_mixed_by_age(write):
    proposal = write("방음벽", kind="proposal", ref_id=7, at=MAY)
    comment = write("", "방음벽이 필요해요", kind="comment", ref_id=7, at=MAY + timedelta(days=1))
    older = write("", "방음벽은 글쎄요", kind="comment", ref_id=8, at=MAY - timedelta(days=1))
    hits = queries.matches("방음벽", BOTH).items
    assert [(hit.kind, hit.ref_id) for hit in hits] == [("proposal", proposal), ("comment", comment),
                                                        ("comment", older)]
    assert found("방음벽", ["comment"]) == [comment, older]


def test_pages_follow_each_other_without_gap_or_repetition(write):
    for number in range(1, 24):
        write("자전거" if number % 3 else "따릉이", "자전거 길", kind=BOTH[number % 2], ref_id=number,
              at=MAY + timedelta(seconds=number // 4))
    everything = found("자전거", BOTH, limit=100)
    assert sorted(everything) == list(range(1, 24))
    for size in (1, 2, 5, 22, 23):
        pages, after = [], None
        while True:
            page = queries.matches("자전거", BOTH, limit=size, after=after)
            pages += [hit.ref_id for hit in page.items]
            if not (after := page.after):
                break
        assert pages == everything


def test_a_restriction_applies_before_the_limit(write):
    for _ in range(12):
        write("공원 산책")
    some = Entry.ref_id.in_([2, 4, 6])
    first = queries.matches("공원", ["proposal"], restrict=some, limit=2)
    assert [hit.ref_id for hit in first.items] == [6, 4]
    assert found("공원", restrict=some, limit=2, after=first.after) == [2]
    assert queries.count("공원", ["proposal"], restrict=some) == 3


def test_counting_stops_at_the_cap(write):
    for _ in range(6):
        write("공원 산책", "공원이 좋아요")
    write("", "공원에서", kind="comment", ref_id=90)
    assert queries.count("공원", BOTH) == 7
    assert queries.count("공원", BOTH, cap=6) == 7
    assert queries.count("공원", BOTH, cap=3) == 4
    assert queries.count("공", BOTH) == 0


@pytest.mark.parametrize("query", [
    "", " ", "가", "?!*", "'", '"', '"주차장', "주차장*", "주차장' OR '1'='1", "NEAR(주차장, 5)", "title:주차장", "^주차장",
    "{tokens}: 주차장", "주차장 AND", "주차장 -주차장", "a & b | !c <-> d", "\\", "%", "\x00", "주차장\x00을", "\ud800주차장",
    "가" * 10_000, "주차장 " * 2_000, "a" * 10_000, "ㅋㅋㅋ", "\u202e주차장", "🙂🙂", "'주차':1A", "$1 :expression %s %(x)s",
])
def test_no_question_raises(write, query):
    write("주차장", "ㅋㅋㅋ")
    page = queries.matches(query, BOTH)
    assert bool(page.reason) is not bool(queries.rules.wanted(query))
    assert queries.count(query, BOTH) == len(page.items)
    assert isinstance(queries.similar(query, ["proposal"]), list)
    assert "".join(text for text, _ in queries.marked("주차장", query)) == "주차장"


def test_a_question_without_a_usable_word_says_why(write):
    assert "두 글자" in queries.matches("차", ["proposal"]).reason
    assert "찾을 말" in queries.matches("  ", ["proposal"]).reason
    assert queries.matches("기차", ["proposal"]).reason is None


@pytest.mark.parametrize("after", ["x", "[]", "WzEsMl0x", "가"])
def test_a_made_up_token_is_refused(write, after):
    with pytest.raises(Invalid):
        queries.matches("주차장", ["proposal"], after=after)


def test_a_token_with_absurd_numbers_gives_a_page(write):
    write("주차장")
    for parts in ((0, 0), (1, 0), (5, -5), (-3, 2**62), (0, 2**61), (1, -2**62)):
        assert len(found("주차장", after=queries.paging.token(*parts))) <= 1


def test_earlier_words_of_a_text_are_found_no_more(write):
    write("정류장 의자", "비가림", ref_id=3, at=MAY)
    write("횡단보도 신호", "빨간불", ref_id=3, at=MAY)
    assert found("정류장") == found("비가림") == []
    assert found("횡단보도") == [3]
    write("횡단보도 신호", "빨간불", ref_id=3, at=MAY + timedelta(days=5))
    assert found("횡단보도") == [3]
    operations.remove(db.session, "proposal", 3)
    operations.remove(db.session, "proposal", 3)
    assert found("횡단보도") == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 0


def test_an_entry_that_is_rolled_back_was_never_there(write):
    write("육교", ref_id=1)
    operations.put(db.session, "proposal", 2, title="육교 아래", body="", at=MAY)
    operations.remove(db.session, "proposal", 1)
    db.session.rollback()
    assert found("육교") == [1]


def test_many_texts_of_one_second_keep_apart(write):
    for ref_id in (5, 5 + 1_024, 5 + 2_048, 6):
        write("육교", ref_id=ref_id, at=MAY)
    assert sorted(found("육교")) == [5, 6, 1_029, 2_053]


def test_many_at_once_are_found_like_one_by_one(write):
    write("은행나무 길", ref_id=5_000, at=MAY)
    texts = [("proposal", n, f"은행나무 {n}번", "가을  길\x00", MAY + timedelta(seconds=n % 7)) for n in range(1, 3_000)]
    texts += [("comment", n, "", "은행나무가 좋아요", MAY) for n in range(1, 50)]
    assert operations.put_many(db.session, texts) == len(texts)
    db.session.commit()
    assert found("은행나무 1234번") == [1_234]
    assert queries.count("은행나무", BOTH, cap=5_000) == len(texts) + 1
    assert found("은행나무", limit=5_000)[-1] in range(1, 5_001)
    operations.remove(db.session, "proposal", 1_234)
    assert found("은행나무 1234번") == []
    one = db.session.execute(sa.select(Entry).filter_by(kind="proposal", ref_id=8)).scalar_one()
    assert (one.body, one.at) == ("가을  길", MAY + timedelta(seconds=1))


def test_the_index_can_be_made_anew(write):
    write("육교"), write("", "육교가 높아요", kind="comment", ref_id=9)
    assert operations.rebuild(db.session) == 2
    db.session.commit()
    assert queries.count("육교", BOTH) == 2
    write("지하도", ref_id=1)
    assert found("육교") == []


def test_emptying_the_table_by_hand_empties_the_index(write):
    write("육교", ref_id=1, at=MAY)
    db.session.execute(sa.delete(Entry.__table__))
    db.session.commit()
    write("지하도", ref_id=1, at=MAY)
    assert found("육교") == []
    assert found("지하도") == [1]


def test_a_hostile_text_is_kept_and_found(write):
    write("'; DROP TABLE search_entry; -- 제목", "\x00\u202e\\ ' \" 본문 <-> & | ! :* " + "도로 " * 3_000)
    assert found("본문") == found("제목") == found("DROP TABLE") == [1]
    operations.remove(db.session, "proposal", 1)
    assert found("본문") == []


def test_frequent_and_rare_words_give_what_reading_everything_gives(town):
    """The same whether the newest are walked through or the index is asked: word by word against the plain texts."""
    every = {"가로등": 2, "산책로": 40, "은행잎": 150, "나루터": 900, "솟대": 10_000}
    texts = [("proposal", n, " ".join(word for word, step in every.items() if n % (step * 7) == 1),
              " ".join(word for word, step in every.items() if n % step == 1),
              MAY + timedelta(minutes=n * 7_919 % 6_007))
             for n in range(1, 6_001)]
    operations.put_many(db.session, texts)
    db.session.commit()
    odd = {"restrict": Entry.ref_id % 3 == 0}
    for query in (*every, "가로등 산책로", "산책로 은행잎", "가로등 솟대", "느티나무"):
        for options, allowed in (({}, lambda n: True), (odd, lambda n: n % 3 == 0)):
            assert pages_of(query, **options) == read(texts, query.split(), allowed)


def read(texts, words, allowed):
    """The answer, by reading every text."""
    hits = [(all(word in title for word in words), at, n) for _, n, title, body, at in texts
            if allowed(n) and all(word in f"{title} {body}" for word in words)]
    return [n for *_, n in sorted(hits, reverse=True)][:90]


def pages_of(query, **options):
    ids, after = [], None
    while len(ids) < 90:
        page = queries.matches(query, ["proposal"], after=after, limit=30, **options)
        ids += [hit.ref_id for hit in page.items]
        if not (after := page.after):
            break
    return ids


def test_hits_and_their_number_are_two_statements(write, request):
    write("가로등")
    with request.getfixturevalue("queries")() as seen:
        queries.matches("가로등", BOTH)
        queries.count("가로등", BOTH)
    assert len([statement for statement in seen if "search_index" in statement]) == 2
