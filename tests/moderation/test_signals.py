"""Signals: what may be worth a look; nothing is hidden by them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.moderation import noticing
from civic_forum.moderation.services import signals
from civic_forum.moderation.models import Signal, WatchedWord
from civic_forum.moderation.rules import SignalKind
from tests.factories import MAY

LINKS = "https://a.example http://b.example www.c.example"


def write(town, text, by=None, thread=None):
    return comments.write(thread or town.proposal().thread_id, stance=Stance.NOTE, text=text, by=by or town.user())


def noticed(comment):
    db.session.rollback()
    return set(db.session.scalars(sa.select(Signal.kind).filter_by(subject_kind="comment", subject_id=comment.id)))


@pytest.mark.parametrize("text, kinds", [
    ("조용한 글이에요.", set()), (LINKS, {SignalKind.MANY_LINKS}), ("https://a.example 보세요", set()),
    ("대 출 상담", {SignalKind.WATCHED_WORD}), ("ＤＡＥＣＨＵＬ daechul", set()),
    ("010-0000-1234", {SignalKind.PERSONAL_DATA})])
def test_signals_of_one_text(text, kinds):
    assert noticing.signals_of(text, ["대출"]) == kinds


def test_a_repeated_text_is_found_whatever_its_spaces():
    texts = [(1, "우리 가게로 오세요 지금"), (2, "우리가게로  오세요지금"), (3, "우리 가게로 오세요 지금!"),
             (4, "우리 가게로오세요 지금"), (5, "감사"), (6, "감사"), (7, "감사")]
    assert noticing.repeated(texts) == {1, 2, 4}


@given(st.lists(st.integers(0, 3600), max_size=60))
def test_a_burst_is_many_accounts_in_a_short_time(seconds):
    accounts = [(n, MAY + timedelta(seconds=second)) for n, second in enumerate(sorted(seconds))]
    firsts = noticing.bursts(accounts)
    for first in firsts:
        window = [one for one in accounts[first:] if one[1] - accounts[first][1] <= noticing.BURST_WITHIN]
        assert len(window) >= noticing.BURST
    many = any(accounts[n + noticing.BURST - 1][1] - accounts[n][1] <= noticing.BURST_WITHIN
               for n in range(len(accounts) - noticing.BURST + 1))
    assert bool(firsts) is many


def test_words_of_the_list_are_noticed_and_the_text_stays(town):
    signals.add_word("대출", by=town.moderator())
    comment = write(town, "급한 대출 상담해요")
    assert noticed(comment) == {SignalKind.WATCHED_WORD} and comment.is_shown


def test_a_change_of_the_text_is_looked_at_too(town):
    author = town.user()
    comment = write(town, "조용한 글이에요.", by=author)
    comments.edit(comment.id, text=LINKS, by=author)
    comments.edit(comment.id, text=LINKS + " 더", by=author)
    assert noticed(comment) == {SignalKind.MANY_LINKS}


@pytest.mark.both
def test_a_signal_that_was_seen_comes_back_for_another_text_alone(town, at):
    at(MAY)
    author, moderator = town.user(), town.moderator()
    comment = write(town, LINKS, by=author)
    first, = db.session.scalars(sa.select(Signal.id))
    signals.see_signal(first, by=moderator)
    at(MAY + timedelta(minutes=1))
    comments.edit(comment.id, text=LINKS, stance=Stance.FOR, by=author)
    assert waiting() == []
    comments.edit(comment.id, text="조용한 글이에요.", by=author)
    assert waiting() == []
    comments.edit(comment.id, text=LINKS + " 더", by=author)
    assert waiting() == [(first, MAY + timedelta(minutes=1))]
    at(MAY + timedelta(minutes=2))
    comments.edit(comment.id, text=LINKS + " 또", by=author)
    assert waiting() == [(first, MAY + timedelta(minutes=1))], "nobody has looked yet: it keeps its place"


def test_the_same_text_of_many_that_was_seen_comes_back_for_another_text_alone(town):
    thread, author, moderator = town.proposal().thread_id, town.user(), town.moderator()
    made = [write(town, "우리 가게로 오세요 지금", thread=thread, by=author) for _n in range(3)]
    assert signals.look_around() == 3
    for number in db.session.scalars(sa.select(Signal.id)).all():
        signals.see_signal(number, by=moderator)
    assert signals.look_around() == 0
    for one in made:
        comments.edit(one.id, text="우리 가게에서 기다려요 지금", by=author)
    assert signals.look_around() == 3 and signals.look_around() == 0


def waiting():
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(Signal.id, Signal.at).where(Signal.seen_at.is_(None)))]


@pytest.mark.both
def test_the_same_text_of_many_is_noticed_later(town):
    thread = town.proposal().thread_id
    made = [write(town, "우리 가게로 오세요 지금", thread=thread) for _n in range(3)]
    assert signals.look_around() == 3 and signals.look_around() == 0
    assert all(noticed(one) == {SignalKind.SAME_TEXT} for one in made)


@pytest.mark.both
def test_a_burst_of_new_accounts_is_noticed_once(town):
    for _n in range(12):
        town.user()
    signals.look_around(), signals.look_around()
    db.session.rollback()
    found, = db.session.query(Signal).filter_by(kind=SignalKind.NEW_ACCOUNTS)
    assert found.subject_kind == "user"


@pytest.mark.both
def test_the_list_is_for_moderators_and_has_a_word_once(town):
    moderator = town.moderator()
    word = signals.add_word("대출", by=moderator)
    for same in ("대출", " 대 출 "):
        with pytest.raises(Conflict):
            signals.add_word(same, by=moderator)
    for wrong in ("", "가", "가" * 61):
        with pytest.raises(Refusal):
            signals.add_word(wrong, by=moderator)
    for somebody in (town.user(), town.official()):
        with pytest.raises(Denied):
            signals.add_word("광고", by=somebody)
        with pytest.raises(Denied):
            signals.remove_word(word.id, by=somebody)
    signals.remove_word(word.id, by=moderator)
    with pytest.raises(NotFound):
        signals.remove_word(word.id, by=moderator)
    assert db.session.query(WatchedWord).count() == 0


@pytest.mark.both
def test_the_desk_shows_them_until_somebody_has_looked(town, browse):
    write(town, LINKS)
    browser = browse(town.moderator())
    page = browser.get("/desk/signals").text
    assert "링크가 많음" in page and "a.example" in page
    number = db.session.query(Signal.id).scalar()
    db.session.rollback()
    assert browser.post(f"/desk/signals/{number}/seen").status_code == 303
    assert "새로 알아차린 것이 없어요" in browser.get("/desk/signals").text
    assert browser.post("/desk/signals/999/seen").status_code == 404


@pytest.mark.both
def test_words_are_edited_at_the_desk(town, browse):
    browser = browse(town.moderator())
    assert browser.post("/desk/signals/words", data={"word": "대출"}).status_code == 303
    assert browser.post("/desk/signals/words", data={"word": "대 출"}).status_code == 409
    assert "대출" in browser.get("/desk/signals/words").text
    number = db.session.query(WatchedWord.id).scalar()
    db.session.rollback()
    assert browser.post(f"/desk/signals/words/{number}/removal").status_code == 303
    assert "아직 낱말이 없어요" in browser.get("/desk/signals/words").text
