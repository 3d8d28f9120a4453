import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform import paging
from civic_forum.platform.errors import Invalid


@given(st.integers(-2**62, 2**62), st.text(max_size=8).filter(str.isprintable))
def test_a_token_gives_back_what_it_was_made_of(number, text):
    assert paging.parts(paging.token(number, text), int, str) == [number, text]


@given(st.text(min_size=1))
def test_any_other_text_is_refused_with_a_sentence(text):
    try:
        assert paging.parts(text, int) is not None
    except Invalid as refusal:
        assert str(refusal)


@pytest.mark.parametrize("value", [["1"], [1, 2], [True], [1.5], {"a": 1}, [2**63], None])
def test_a_forged_token_is_refused(value):
    forged = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    with pytest.raises(Invalid):
        paging.parts(forged, int)


@pytest.mark.parametrize("text", ["comment\0", "\ud800", "a\nb"])
def test_a_text_that_no_database_holds_is_refused(text):
    with pytest.raises(Invalid):
        paging.parts(paging.token(text), str)


def test_the_last_page_has_no_token():
    assert paging.page_of([3, 2, 1], 3, lambda row: (row,)).after is None
    page = paging.page_of([4, 3, 2, 1], 3, lambda row: (row,))
    assert page.items == [4, 3, 2] and paging.parts(page.after, int) == [2]
