"""A new session key: nobody is signed out, every open form is taken, and the oldest is let go of by age."""

import os
import re
import stat
import time
from datetime import datetime, timezone

import pytest
from flask import session
from itsdangerous import BadSignature, URLSafeTimedSerializer

import config
from civic_forum.accounts.views import kept, sessions
from civic_forum.app import create_app
from civic_forum.platform import clock, key_files, session_keys, start_checks
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.session_keys import SessionKeys
from tests.accounts.people import member, sign_in
from tests.racing import at_once

CHANGED = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "WTF_CSRF_SECRET_KEY")
A_MONTH = 30 * 86_400


@pytest.fixture(autouse=True)
def own_keys(app, tmp_path, monkeypatch):
    """A keys directory of each test, and an application that has read no other."""
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for name in CHANGED:
        monkeypatch.setitem(app.config, name, app.config.get(name))
    monkeypatch.setitem(app.extensions, "session_keys", SessionKeys(app))
    with app.app_context():
        yield tmp_path / "keys"


@pytest.fixture
def form(town, browse):
    """A form that somebody signed in has open."""
    client = browse(member(town, sign_in_name="sanho.kim"))
    return client, token(client.get("/me/profile"))


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def save(client, csrf_token):
    return client.post("/me/profile", data={"csrf_token": csrf_token, "nickname": "산호길 산책", "mobile": "",
                                            "neighbourhood": "elsewhere", "language": "ko"})


def aged(keys, number, seconds):
    path, then = keys / f"session-{number}.key", time.time() - seconds
    os.utime(path, (then, then))


def in_use(app):
    """Texts of the keys that are read, the newest first."""
    with app.test_request_context():
        return [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]]


def test_nobody_is_signed_out_and_an_open_form_is_taken(app, form, own_keys):
    client, csrf_token = form
    assert (key_files.rotate("session"), key_files.rotate("session")) == (2, 3)
    assert client.get("/me/profile").status_code == 200
    assert save(client, csrf_token).status_code == 302
    assert save(client, token(client.get("/me/profile"))).status_code == 302
    assert save(client, csrf_token + "x").status_code == 400
    assert {stat.S_IMODE(path.stat().st_mode) for path in own_keys.iterdir()} == {0o600}


def test_an_older_copy_of_the_keys_is_noticed_and_no_other_key_gets_the_number(app, form, own_keys):
    key_files.rotate("session")
    (own_keys / "session-2.key").unlink()
    for act in (key_files.refuse_lost, lambda: key_files.rotate("session")):
        with pytest.raises(Unavailable, match=r"session-2\.key is missing"):
            act()
    assert not list(own_keys.glob("session*"))


def test_a_damaged_one_stops_the_start(app, form, own_keys):
    key_files.rotate("session")
    (own_keys / "session-2.key").chmod(0o600)
    (own_keys / "session-2.key").write_text("short")
    app.extensions["session_keys"] = SessionKeys(app)
    with pytest.raises(Unavailable, match="damaged"):
        start_checks.run()


def test_the_newest_signs_what_is_new(app, town, browse, own_keys):
    client = browse()
    key_files.rotate("session")
    user = member(town, sign_in_name="sanho.kim")
    sign_in(client, user.sign_in_name, csrf_token=token(client.get("/sign-in")))
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    newest = (own_keys / "session-2.key").read_text()
    reader = app.session_interface.get_signing_serializer(app)
    assert reader.loads(cookie)["_user_id"] and reader.secret_keys[-1] == newest.encode()
    with pytest.raises(BadSignature):
        URLSafeTimedSerializer(app.extensions["session_keys"].setting, salt=reader.salt,
                               signer_kwargs=reader.signer_kwargs,
                               serializer=app.session_interface.serializer).loads(cookie)


def test_links_and_known_devices_of_before_are_read(app):
    with app.test_request_context():
        packed = kept.pack(kept.Kept("/proposals", [("title", "나무")], False))
        device = sessions._serializer().dumps(["device", []])
    session_keys.add()
    with app.test_request_context():
        assert kept.unpack(packed).path == "/proposals" and sessions._serializer().loads(device) == ["device", []]
        assert kept.unpack(packed + "x") is None


def test_one_that_was_replaced_a_month_ago_is_let_go_of(app, own_keys):
    setting = app.extensions["session_keys"].setting
    session_keys.add(), session_keys.add()
    second, third = ((own_keys / f"session-{n}.key").read_text() for n in (2, 3))
    assert in_use(app) == [third, second, setting]
    aged(own_keys, 2, A_MONTH + 60)
    app.extensions["session_keys"].until = 0
    assert in_use(app) == [third, second]
    aged(own_keys, 3, A_MONTH + 60)
    app.extensions["session_keys"].until = 0
    assert in_use(app) == [third]


def test_a_running_process_lets_go_of_it_by_the_clock(app, own_keys):
    session_keys.add()
    assert len(in_use(app)) == 2
    clock.shift(A_MONTH - 60)
    assert len(in_use(app)) == 2
    clock.shift(A_MONTH + 60)
    assert in_use(app) == [(own_keys / "session-2.key").read_text()]


def test_it_is_let_go_of_at_the_very_moment_and_not_before(app, own_keys, monkeypatch):
    session_keys.add()
    replaced, found = int(time.time()), []
    os.utime(own_keys / "session-2.key", (replaced, replaced))
    for seconds in (A_MONTH - 1, A_MONTH):
        moment = datetime.fromtimestamp(replaced + seconds, timezone.utc)
        monkeypatch.setattr(clock, "read", lambda moment=moment: moment)
        found.append(len(in_use(app)))
    assert found == [2, 1]


def test_a_link_signed_outside_a_request_has_the_newest_key(app):
    with app.app_context():
        before = session_keys.serializer("link").dumps("a")
        session_keys.add()
        made = session_keys.serializer("link")
        assert made.loads(before) == "a" and made.dumps("a") != before
        assert len(made.secret_keys) == 2


def test_a_key_tells_since_when_it_is_there_and_the_setting_does_not(app, own_keys):
    session_keys.add()
    since = key_files.KINDS["session"].since
    assert since(1) is None and since(3) is None
    os.utime(own_keys / "session-2.key", (1_800_000_000, 1_800_000_000))
    assert since(2) == datetime(2027, 1, 15, 8, tzinfo=timezone.utc)


def test_a_key_of_the_least_length_is_taken(app, own_keys):
    session_keys.add()
    for secret, taken in (("k" * config.LEAST_SECRET, True), ("k" * (config.LEAST_SECRET - 1), False)):
        (own_keys / "session-2.key").write_text(secret)
        app.extensions["session_keys"].until = 0
        if taken:
            assert in_use(app)[0] == secret
        else:
            with app.app_context(), pytest.raises(Unavailable, match="damaged"):
                session_keys.refresh(app)


@pytest.mark.in_turns(of=5)
def test_earlier_values_of_the_setting_are_read(tmp_path):
    config.mark_as_sample(tmp_path / "data")
    given = {"DATA": str(tmp_path / "data"), "SECRET_KEY": "the setting of this year", "SECRET_KEY_FALLBACKS":
             "the-setting-of-last-year the-setting-before-that"}
    found = config.load({f"CIVIC_FORUM_{name}": value for name, value in given.items()})
    assert found["SECRET_KEY_FALLBACKS"] == ("the-setting-of-last-year", "the-setting-before-that")
    app = create_app(found)
    assert in_use(app) == ["the setting of this year", "the-setting-of-last-year", "the-setting-before-that"]
    with app.test_request_context():
        old = URLSafeTimedSerializer("the-setting-before-that", salt="kept-form").dumps(["/", [], False, False])
        assert kept.unpack(old).path == "/"
        session_keys.add()
        assert kept.unpack(old).path == "/" and session is not None
    assert len(in_use(app)) == 4


def test_a_short_earlier_value_stops_the_start():
    with pytest.raises(config.SettingError, match="SECRET_KEY_FALLBACKS"):
        config.load({"CIVIC_FORUM_SECRET_KEY": "a secret of sixteen and more",
                     "CIVIC_FORUM_SECRET_KEY_FALLBACKS": "short"})


@pytest.mark.parametrize("secret", [b"", b"short", b"\0" * 64], ids=["empty", "short", "zeros"])
def test_a_damaged_one_is_named(app, own_keys, secret):
    session_keys.add()
    (own_keys / "session-2.key").write_bytes(secret)
    with app.app_context(), pytest.raises(Unavailable, match="session-2.key in the keys directory is damaged"):
        session_keys.refresh(app)


def test_a_missing_one_is_named(app, own_keys):
    session_keys.add(), session_keys.add()
    (own_keys / "session-2.key").unlink()
    with app.app_context(), pytest.raises(Unavailable, match="session-2.key is missing"):
        session_keys.refresh(app)


@pytest.mark.both
def test_of_several_who_rotate_at_once_each_makes_one_and_it_is_written_down(app, town):
    db.session.rollback()
    assert sorted(at_once(app, 4, lambda _n: key_files.rotate("session"))) == [2, 3, 4, 5]
    db.session.rollback()
    entries = [(one.action, one.subject, one.details) for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert sorted(entries) == [("keys.rotated", f"session_key:{n}", {}) for n in (2, 3, 4, 5)]
    assert in_use(app)[0] not in str(entries)
