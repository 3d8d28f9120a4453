"""The site speaks as neighbours do: a list of words that nobody says, none of which is in a text of the site."""

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
WORDS = tomllib.loads((Path(__file__).parent / "words_nobody_says.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def messages():
    with open(ROOT / "civic_forum" / "translations" / "en" / "LC_MESSAGES" / "messages.po", "rb") as file:
        return [message for message in read_po(file) if message.id]


def texts(messages, language):
    for message in messages:
        text = message.id if language == "ko" else message.string
        yield from (text,) if isinstance(text, str) else text
    if language == "ko":
        yield from (ROOT / "civic_forum" / "site" / "powers.toml").read_text("utf-8").splitlines()


@pytest.mark.parametrize("language", WORDS)
def test_no_text_has_a_word_that_nobody_says(messages, language):
    words = [(re.compile(word), plain) for word, plain in WORDS[language].items()]
    met = [f"{text} (→ {plain})" for text in texts(messages, language) for word, plain in words if word.search(text)]
    assert met == []
