import time

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.proposals.differences import Change, compare


def shown(before, after):
    marks = {Change.SAME: "{}", Change.ADDED: "[+{}]", Change.REMOVED: "[-{}]"}
    return "".join(marks[piece.change].format(piece.text) for piece in compare(before, after))


def test_words_that_changed_are_marked():
    assert shown("의자를 두 개 놓아 주세요", "의자를 세 개 놓아 주세요") == "의자를 [-두][+세] 개 놓아 주세요"


def test_the_same_text_has_no_changes():
    assert shown("그대로예요", "그대로예요") == "그대로예요" and compare("", "") == []


def test_all_new_and_all_gone():
    assert shown("", "새 글") == "[+새 글]" and shown("옛 글", "") == "[-옛 글]"


words = st.lists(st.sampled_from(["가", "나", "다", " ", "\n"]), max_size=40).map("".join)


@given(words, words)
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED) == after
    assert all(one.change is not other.change for one, other in zip(pieces, pieces[1:]))


def test_texts_made_to_stall_do_not():
    hostile = [("가 나 " * 2500, "나 가 " * 2500), ("\n".join("가나"[n % 2] for n in range(5000)), "\n" * 9999),
               ("가" * 10_000, "나" * 10_000), ("a b\n" * 2500, "b a\n" * 2500)]
    for before, after in hostile:
        start = time.process_time()
        pieces = compare(before, after)
        assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == before
        assert time.process_time() - start < 20  # one that stalls takes minutes
