"""Words of a meeting are read where the access of its body opens them, and nowhere else."""

import re

import pytest
import sqlalchemy as sa
from flask_login import login_user
from flask_socketio import ConnectionRefusedError as SocketRefused

from civic_forum.forums.live.sockets import of_this_application
from civic_forum.notifications.models import Notice
from civic_forum.platform.base import db

from .words import NOTICE, OPINIONS, RESULTS, SIGNS, WORDS, Scene, addresses, searches

PUBLIC = {"open": NOTICE | RESULTS | OPINIONS, "minutes": NOTICE | RESULTS | OPINIONS, "results": NOTICE | RESULTS}
READ = {(name, field) for name, words in PUBLIC.items() for field in (*words, "address")}
"""By everybody."""
STAYS = {("later", "decision")}
"""A promise of the office that followed from a decision when everybody read of it."""
MAIN = re.compile("/(attachments|bodies|calendar|forums|outcomes|search)(/[^/]*|[?].*)?$")
"""Addresses whose English answers are read too."""
HELD = {"attachment", "body_seat", "forum", "meeting", "meeting_item", "notice", "user"}
"""Tables in which words of a closed meeting lie; notices of its members have its address."""


@pytest.fixture
def scene(town):
    return Scene(town)


def strangers(town, scene):
    """Those who do not sit in the bodies, by what they are."""
    return {"visitor": None, "author": scene.author, "official": town.official(department=scene.department),
            "moderator": town.moderator()}


def read_at(scene, browser, paths):
    """(meeting, field) → the first address that says it."""
    words = {}
    for path in paths:
        with browser.get(path) as answer:
            words = dict.fromkeys(scene.said_at(path, answer), path) | words
    return words


@pytest.mark.in_turns(of=4)
def test_strangers_read_what_is_open_in_any_answer(app, town, browse, scene):
    paths = addresses(app, scene)
    words = {who: read_at(scene, browse(user), paths) for who, user in strangers(town, scene).items()}
    wrong = [(who, *word, path) for who, read in words.items() for word, path in read.items()
             if word not in READ | STAYS]
    assert wrong == []
    assert all(set(said) == READ | STAYS for said in words.values())
    book = next(path for path in paths if path.endswith("/money.xlsx"))
    official = browse(town.official(department=scene.department))
    assert set(read_at(scene, official, [book])) == {(name, "decision") for name in PUBLIC} | STAYS
    (english := browse()).set_cookie("language", "en")
    said = set(read_at(scene, english, [path for path in paths if MAIN.match(path)]))
    assert 'lang="en"' in english.get("/bodies").text
    assert {("open", field) for field in PUBLIC["open"]} <= said <= READ | STAYS


@pytest.mark.in_turns(of=5)
def test_those_who_sit_in_a_body_read_every_word(browse, scene):
    pages = [f"/forums/{marked.numbers['forum']}" for marked in scene.meetings.values()]
    pages += [f"/attachments/{key}" for marked in scene.meetings.values() for key in marked.numbers["key"][1:]]
    words = read_at(scene, browse(scene.secretary), pages)
    assert set(words) >= {(name, field) for name in SIGNS for field in WORDS} - {("closed", "decision")}


@pytest.mark.in_turns(of=10)
@pytest.mark.both
def test_no_search_finds_a_word_that_is_not_open(town, browse, scene):
    paths = searches(scene)
    for user in (None, town.official(department=scene.department), town.moderator()):
        words = set(read_at(scene, browse(user), paths))
        assert words <= READ | STAYS and words >= {(name, "address") for name in PUBLIC} - {("minutes", "address")}


@pytest.mark.both
def test_words_of_a_closed_meeting_lie_in_its_tables_alone(scene):
    db.session.rollback()
    holds = {(*word, table.name) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())
             for word in scene.words_in(str(row))}
    assert {table for name, _field, table in holds if name == "closed"} == HELD
    assert {table for name, _field, table in holds if name == "open"} > HELD
    for table in ("search_entry", "journey_entry"):
        assert ("open", "title", table) in holds and ("later", "title", table) not in holds


@pytest.mark.in_turns(of=5)
def test_nobody_but_members_is_told_of_a_closed_meeting(scene):
    db.session.rollback()
    told = {name: {notice.user_id for notice in db.session.scalars(sa.select(Notice))
                   if (name, "address") in scene.words_in(notice.url)} for name in scene.meetings}
    assert told["closed"] == {scene.meetings["closed"].numbers["user_id"]}
    assert told["open"] == {scene.meetings["open"].numbers["user_id"], scene.author.id}


@pytest.mark.in_turns(of=5)
def test_nobody_hears_of_a_closed_meeting_by_a_socket(app, town, scene):
    for user in strangers(town, scene).values():
        for name in ("closed", "later"):
            with app.test_request_context():
                if user is not None:
                    login_user(user)
                with pytest.raises(SocketRefused, match="refused"):
                    of_this_application()._connect({"forum": scene.meetings[name].numbers["forum"], "after": 0})
