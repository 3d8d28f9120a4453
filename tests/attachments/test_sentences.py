import re

import pytest

from civic_forum.attachments.rules import FileRefused, Reason
from civic_forum.attachments.sentences import SENTENCES, sentence

PARAMETERS = {"limit": 5, "megabytes": 20, "megapixels": 40, "extension": "pdf", "line": 3}


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_what_is_the_matter_and_what_to_do(reason):
    words = sentence(FileRefused(reason, **PARAMETERS))
    assert len(re.findall(r"요\.", words)) == 2
    assert words.endswith("주세요.")
    assert "%" not in words


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)


def test_numbers_stand_in_the_sentence():
    assert sentence(FileRefused(Reason.TOO_MANY, limit=5)).startswith("파일은 5개까지")
    assert "4000만 화소" in sentence(FileRefused(Reason.TOO_MANY_PIXELS, megapixels=40))


def test_the_file_is_named_where_there_are_several():
    assert sentence(FileRefused(Reason.EMPTY), "계획.pdf").startswith("계획.pdf: 파일이 비어 있어요.")
