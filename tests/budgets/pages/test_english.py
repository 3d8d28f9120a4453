"""English says the same thing with the same word everywhere, and says it rightly of one as of many."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.test_translations import CATALOGUE, KEYWORDS, ROOT

WORDS = {
    "위원회 심사": ("assess", "review"),
    "적격성 검토": ("eligibility|review", "assess"),
    "배정 예산": ("envelope", "allocat"),
    "재검토": ("second look", "second review"),
    "구의회": ("council", "assembly"),
    "모의 계산": ("trial election", "simulat"),
    "예산에서 뺐": ("dropped", "left out|taken? out|took"),
    "줄이거나 뺀": ("cut(s|ting)? or drop", "left out|leaves out|taken out"),
    "선정": ("", r"\bselect"),
}
"""Of a Korean word what stands for it in English, and what would be a second word for it."""

OF_ONE = re.compile(r"%\((?:count|votes|voters|num|points)\)s (?:votes|people|projects|points|members|ballots)\b")
"""Wrong where the number is one; `Votes: 1` is right of any number."""


@pytest.fixture(scope="module")
def texts():
    """Texts of budget rounds: Korean and English."""
    with open(CATALOGUE, "rb") as file:
        catalogue = read_po(file, locale="en")
    said = {message for folder, ways in (("civic_forum/budgets", [("**.py", "python")]),
                                         ("templates/budgets", [("**.html", "jinja2")]))
            for _path, _line, message, _comments, _context in extract_from_dir(
                str(ROOT / folder), ways, {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}, KEYWORDS)}
    return [(text, catalogue[text].string) for text in said if isinstance(text, str) and text in catalogue
            and catalogue[text].string]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("korean", WORDS)
def test_one_thing_has_one_word(texts, korean):
    word, other = WORDS[korean]
    about = [text for text in texts if korean in text[0]]
    assert about
    assert [text for text in about if not re.search(word, text[1], re.IGNORECASE)
            or re.search(other, text[1], re.IGNORECASE)] == []


def test_a_sentence_about_many_is_right_of_one(texts):
    assert [text for text in texts if OF_ONE.search(text[1])] == []
