"""Every text that people see is in the English catalogue, whole."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "civic_forum" / "translations"
CATALOGUE, FIRST = FOLDER / "en" / "LC_MESSAGES" / "messages.po", FOLDER / "taking_part.txt"
MOST_WAITING = {"zh": 0}
"""Texts of `taking_part.txt` without words in a language: lower it with every part that is translated."""
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2), "lazy_gettext": None,
            "_p": ((1, "c"), 2)}
METHODS = [("civic_forum/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
PLACES = re.compile(r"%\(\w+\)s|%%")
HANGUL = re.compile(r"[가-힣]")


@pytest.fixture(scope="module")
def catalogue():
    with open(CATALOGUE, "rb") as file:
        return read_po(file, locale="en")


def placed():
    """(file, context, text) of each."""
    for path, _line, message, _comments, context in extract_from_dir(
            str(ROOT), METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path: "/." not in path):
        yield path, context, message


def texts():
    return ((context, message) for _path, context, message in placed())


def test_texts_that_come_first_wait_for_no_more_words_than_before():
    """Texts that somebody meets who takes part, in languages of which not every text is there."""
    patterns = [line for line in FIRST.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [pattern for pattern in patterns if not list(ROOT.glob(pattern))] == []
    files = {str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)}
    first = {(context, text if isinstance(text, str) else text[0]) for path, context, text in placed() if path in files}
    assert len(first) > 800
    for language, most in MOST_WAITING.items():
        with open(FOLDER / language / "LC_MESSAGES" / "messages.po", "rb") as file:
            words = read_po(file, locale=language)
        waiting = [text for context, text in first if not (message := words.get(text, context)) or not message.string]
        assert len(waiting) <= most, f"{language}: {sorted(waiting)[:5]}; run bin/translations"


LONGEST_SENTENCE, LONG_SENTENCES = 40, 3
"""Characters of a sentence in easy Korean, and how many have more: commands, and a phrase with its places for names."""
HARD_WORDS = ("영수증", "개표", "브라우저", "생년월일", "봉해", "내려받", "입력", "기입", "상이", "해당")
"""Words for which docs/easy-korean.md has plainer ones."""


def test_easy_korean_keeps_to_its_rules():
    with open(FOLDER / "easy" / "LC_MESSAGES" / "messages.po", "rb") as file:
        catalogue = [message for message in read_po(file) if message.id]
    assert len(catalogue) > 400
    assert [text for message in catalogue for text in words_of(message) for word in HARD_WORDS if word in text] == []
    sentences = [sentence.strip() for message in catalogue for text in words_of(message)
                 for sentence in re.split(r"(?<=[.?!]) ", text)]
    assert len([sentence for sentence in sentences if len(sentence) > LONGEST_SENTENCE]) <= LONG_SENTENCES
    assert [message.id for message in catalogue for text in words_of(message) if sorted(PLACES.findall(text)) != sorted(
        PLACES.findall(message.id if isinstance(message.id, str) else message.id[0]))] == []


def words_of(message):
    return message.string if isinstance(message.string, tuple) else message.string.split(" || ")


def test_every_text_has_its_english_words(catalogue):
    known = {(message.context, message.id if isinstance(message.id, str) else tuple(message.id))
             for message in catalogue if message.id and all(words_of(message))}
    missing = {(context, text) for context, text in texts()
               if (context, text if isinstance(text, str) else tuple(text)) not in known}
    assert not missing, f"{len(missing)} texts, for instance {sorted(map(str, missing))[:5]}; run bin/translations"


def test_the_english_words_keep_the_places_for_names_and_numbers(catalogue):
    lost = []
    for message in catalogue:
        if message.id:
            korean = message.id if isinstance(message.id, str) else message.id[0]
            lost += [korean for english in words_of(message)
                     if sorted(PLACES.findall(korean)) != sorted(PLACES.findall(english))]
    assert lost == []


def test_the_english_words_are_english(catalogue):
    korean = [message.id for message in catalogue if message.id and any(map(HANGUL.search, words_of(message)))]
    assert korean == []


def test_no_name_and_no_template_is_of_one_language():
    """A further language is a line and a catalogue. What is left are names that files of people have."""
    of_one = re.compile(r"\w_(?:en|EN)\b|\b(?:label|name)_en\b")
    paths = [ROOT / "config.py", *(path for folder in ("civic_forum", "templates", "static/js")
                                   for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".html", ".js"))]
    assert {str(path.relative_to(ROOT)) for path in paths if of_one.search(path.read_text("utf-8"))} == {
        "config.py", "civic_forum/district/cli.py", "civic_forum/sample_data/provider.py",
        "civic_forum/sample_data/data/provider.html"}
    assert not list((ROOT / "templates").rglob("*.en.*"))


def test_there_is_no_korean_in_templates_outside_of_texts_to_translate():
    """Korean that stands in a template as it is would be Korean on English pages too."""
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        if "documents" in path.parts:
            continue
        text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.S)
        found += [f"{path.relative_to(ROOT)}: {line.strip()[:60]}" for line in text.splitlines()
                  if HANGUL.search(line) and 'lang="ko"' not in line]
    assert found == []
