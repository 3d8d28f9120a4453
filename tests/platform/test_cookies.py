"""Cookies: bound to this host where the site has https, and ended where they were put."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Response

from civic_forum.platform import cookies


@pytest.fixture(params=[True, False], ids=["https", "http"])
def https(request, sqlite_app, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "COOKIE_SECURE", request.param)
    with sqlite_app.test_request_context():
        yield request.param


def sent(answer):
    [(name, one)] = SimpleCookie(answer.headers["Set-Cookie"]).items()
    return name, one


def test_a_cookie_is_of_this_host_alone_where_the_site_has_https(https):
    answer = Response()
    cookies.put(answer, "device", "a text", timedelta(hours=1), path="/sign-in", samesite="Strict")
    name, one = sent(answer)
    assert (name, one["path"]) == (("__Host-device", "/") if https else ("device", "/sign-in"))
    assert (one.value, one["max-age"], one["samesite"]) == ("a text", "3600", "Strict")
    assert one["httponly"] and bool(one["secure"]) is https


def test_a_cookie_is_ended_where_it_was_put(https):
    put, ended = Response(), Response()
    cookies.put(put, "device", "a text", timedelta(hours=1), path="/sign-in")
    cookies.end(ended, cookies.name("device"), "/sign-in")
    (name, one), (ended_name, other) = sent(put), sent(ended)
    assert (name, one["path"], one["secure"]) == (ended_name, other["path"], other["secure"])
    assert (other.value, other["max-age"]) == ("", "0")
