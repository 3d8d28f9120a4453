"""One click ends a kind of mail: without signing in, without a token of a form, and only with our own word for it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.notifications import links
from civic_forum.notifications.links import Subscription
from civic_forum.notifications.models import NoticePreference
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind, default
from civic_forum.notifications import services as delivering

from tests.common import letters
from .outgoing import reachable, still_waiting, waiting

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_of(user, what=NoticeKind.SUPPORTED):
    return urlsplit(links.address(Subscription(user.id, Channel.MAIL, what))).path


def chosen(user):
    db.session.rollback()
    return {one.kind: one.frequency for one in db.session.query(NoticePreference).filter_by(user_id=user.id)}


@pytest.mark.both
def test_the_address_in_a_letter_ends_its_kind_with_one_post(town, browse, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    reader = reachable(town)
    waiting(reader)
    delivering.write_at_once()
    waiting(reader)
    waiting(reader, kind=NoticeKind.REPLY)
    [letter] = letters()
    answer = browse().post(urlsplit(letter.unsubscribe).path, data=ONE_CLICK)
    assert answer.status_code == 200 and "이제 보내지 않아요" in answer.text and "Set-Cookie" not in answer.headers
    assert chosen(reader) == {NoticeKind.SUPPORTED: Frequency.NEVER}
    assert still_waiting() == 1
    assert browse().post(urlsplit(letter.unsubscribe).path, data=ONE_CLICK).status_code == 200


def test_opening_the_address_changes_nothing_and_shows_one_button(town, browse):
    reader = reachable(town)
    page = browse().get(path_of(reader))
    assert page.status_code == 200 and page.text.count("그만 받기</button>") == 1
    assert "공감" in page.text and reader.nickname not in page.text and chosen(reader) == {}
    assert page.headers["Cache-Control"] == "no-store"


def test_a_digest_ends_with_every_kind_that_came_in_it(town, browse):
    reader = reachable(town)
    assert browse().post(path_of(reader, Frequency.DAILY), data=ONE_CLICK).status_code == 200
    came = [kind for kind in NoticeKind if default(kind, Channel.MAIL) is Frequency.DAILY]
    assert came and chosen(reader) == dict.fromkeys(came, Frequency.NEVER)


def test_the_way_out_of_mail_leaves_short_messages_alone(town, browse):
    reader = reachable(town, mobile="010-0000-1234", confirmed_mobile="010-0000-1234")
    waiting(reader)
    waiting(reader, channel=Channel.SMS)
    assert browse().post(path_of(reader), data=ONE_CLICK).status_code == 200
    assert still_waiting() == 1


def test_an_old_address_says_so(town, browse, at):
    reader = reachable(town)
    path = path_of(reader)
    at(clock.now() + timedelta(days=367))
    for method in ("get", "post"):
        answer = getattr(browse(), method)(path)
        assert answer.status_code == 410 and "오래된 편지" in answer.text
    assert chosen(reader) == {}


@pytest.mark.parametrize("forge", [
    lambda token, other: token.replace(token.split(".")[0], str(other), 1),
    lambda token, other: token.replace("supported", "moderation"),
    lambda token, other: token[:-1] + ("A" if token[-1] != "A" else "B"),
    lambda token, other: token.rpartition(".")[0],
    lambda token, other: "1.mail.supported.99999999999.AAAA",
    lambda token, other: "....", lambda token, other: "가나다", lambda token, other: "x" * 5000])
def test_a_forged_address_says_so_and_changes_nothing(town, browse, forge):
    reader, other = reachable(town), reachable(town)
    path = "/unsubscribe/" + forge(path_of(reader).rpartition("/")[2], other.id)
    for method in ("get", "post"):
        answer = getattr(browse(), method)(path)
        assert answer.status_code == 404 and "쓸 수 없는 주소예요" in answer.text
    assert chosen(reader) == chosen(other) == {}


def test_somebody_who_has_left_meanwhile_is_told_the_same(town, browse):
    reader = reachable(town)
    path = path_of(reader)
    reader.left_at = clock.now()
    db.session.commit()
    assert browse().post(path, data=ONE_CLICK).status_code == 200 and chosen(reader) == {}
