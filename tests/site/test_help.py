"""Help and hard words: every subject is there, each word once, and what a home screen and a telephone need."""

import re

import pytest

from civic_forum.blocks.glossary import TERMS, TOPICS, by_topic
from civic_forum.platform.i18n import HANGUL

SUBJECTS = ["proposals", "votes", "budgets", "consultations", "forums", "agendas", "verify", "reading"]


def test_help_has_its_contents_on_top_and_each_subject_below(app, browse, town):
    page = browse().get("/help").text
    tiles = re.findall(r'<li><a href="([^"]+)"><i class="sign">', page)
    assert tiles == [*(f"#{subject}" for subject in SUBJECTS), "/help/glossary", "/district"]
    assert re.findall(r'<section class="block help-topic" id="([a-z]+)"', page) == SUBJECTS
    assert page.count('<details class="ask">') >= 45 and 'href="tel:' in page


def test_the_glossary_explains_each_of_its_words_once(app, browse, town):
    page = browse().get("/help/glossary").text
    expected = [one.key for _topic, _name, words in by_topic() for one in words]
    assert re.findall(r'<div id="word-([a-z-]+)">', page) == expected
    assert len(TERMS) == 42 and {one.topic for one in TERMS.values()} == set(TOPICS)


@pytest.mark.parametrize("path", ["/help", "/help/glossary", "/offline"])
def test_english_pages_have_no_korean_but_the_way_back_to_it(app, browse, town, path):
    client = browse()
    client.get("/display?language=en")
    page = re.sub(r'<a [^>]*lang="ko"[^>]*>(?:쉬운 )?한국어</a>', "", client.get(path).text)
    assert HANGUL.search(page) is None


def test_a_home_screen_gets_a_name_and_icons_that_are_there(app, browse, town):
    answer = browse().get("/manifest.webmanifest")
    said = answer.get_json()
    assert answer.mimetype == "application/manifest+json" and (said["lang"], said["start_url"]) == ("ko", "/")
    assert [icon["sizes"] for icon in said["icons"]] == ["192x192", "512x512"]
    for address in [*(icon["src"] for icon in said["icons"]),
                    re.search(r'rel="apple-touch-icon" href="([^"]+)"', browse().get("/help").text)[1]]:
        with browse().get(address) as picture:
            assert picture.mimetype == "image/png"


def test_the_worker_of_the_offline_page_is_fresh_and_names_what_draws_it(app, browse, town):
    answer = browse().get("/service-worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    for address in re.findall(r'"(/static/[^"]+)"', answer.text):
        with browse().get(address) as file:
            assert file.status_code == 200


@pytest.mark.parametrize("path", ["/", "/accessibility", "/security"])
def test_telephones_are_called_by_a_tap(app, browse, town, path):
    page = browse().get(path).text
    phone = app.config["CONTACT_PHONE"]
    strip = re.sub(r'<a [^>]*href="tel:[^"]+"[^>]*>.*?</a>', "", page, flags=re.S)
    assert f'href="tel:{phone}"' in page and phone not in strip
