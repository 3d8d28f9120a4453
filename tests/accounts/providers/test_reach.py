"""Addresses of providers that are away, slow, odd, or have changed: nobody waits for them, and nothing is made."""

import time
from dataclasses import replace

import pytest

from civic_forum.accounts.providers import client, services
from civic_forum.accounts.providers.rules import Wanted
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable
from tests.running.machine import patience

from .test_faults import assert_nothing_is_made, come_back, provider, sent, user, verified

__all__ = ["provider", "user"]


def test_one_that_is_away_loses_nothing_of_a_stranger(app, town, provider, browse, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (replace(provider.described(), issuer="http://127.0.0.1:9"),))
    page = browse().post("/providers/sample", data={"wanted": "sign-in", "next": "/polls", "kept": "what waits"})
    assert page.status_code == 503 and page.text.count('value="what waits"') == 2
    assert "다시 하기" in page.text and "로그인 화면으로" in page.text


def test_a_provider_that_is_away_is_said_so(app, town, user, provider, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (replace(provider.described(), issuer="http://127.0.0.1:9"),))
    with pytest.raises(Unavailable):
        services.start("sample", Wanted.RESIDENT, target="", by=user)
    assert_nothing_is_made()


def test_a_provider_that_is_slow_is_not_waited_for(town, user, provider, monkeypatch):
    monkeypatch.setattr(client, "PATIENCE_S", 0.3)
    provider.behave(wait=1)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        verified(user)
    assert time.monotonic() - began < patience(0.9)
    assert_nothing_is_made()


def test_one_that_did_not_answer_is_left_alone_for_a_while(town, user, provider, monkeypatch):
    monkeypatch.setattr(client, "PATIENCE_S", 0.3)
    monkeypatch.setattr(client, "AWAY_FOR_S", 1)
    ways, asked = [sent(user), sent(user)], provider.asked("/token")
    provider.behave(wait=1)
    for sealed, answer in ways:
        with pytest.raises(Unavailable):
            come_back("sample", answer, sealed, by=user)
    with pytest.raises(Unavailable):
        sent(user)
    assert provider.asked("/token") == asked + 1, "the others are told at once"
    provider.behave()
    time.sleep(1)
    verified(user)


ODD = {"a redirect": [302, "", {"Location": "http://127.0.0.1:9/"}], "no JSON": [200, "<html>", {}],
       "too much": [200, '{"a": "' + "a" * client.MOST_BYTES + '"}', {}], "trouble": [500, "{}", {}]}


@pytest.mark.parametrize("token", ODD.values(), ids=ODD)
def test_an_odd_answer_is_as_good_as_none(town, user, provider, token):
    provider.behave(token=token)
    with pytest.raises(Unavailable):
        verified(user)
    assert_nothing_is_made()


def test_keys_that_changed_are_asked_for_again_once(town, user, provider):
    verified(user)
    asked = provider.asked("/jwks")
    verified(user)
    assert provider.asked("/jwks") == asked, "they are kept"
    provider.behave(rotate=True)
    verified(user)
    assert provider.asked("/jwks") == asked + 1
    provider.behave(sign="unknown")
    with pytest.raises(client.Wrong):
        verified(user)
    assert provider.asked("/jwks") == asked + 2


def test_a_key_of_rsa_that_is_too_short_signs_nothing(town, user, provider):
    provider.behave(rsa=2048)
    verified(user)
    provider.behave(rsa=1024)
    with pytest.raises(client.Wrong):
        verified(user)
    provider.behave(rotate=True)
    verified(user)


METADATA = {"another issuer": {"issuer": "https://another.example.org"}, "no address": {"token_endpoint": None},
            "an address elsewhere": {"token_endpoint": "http://10.0.0.1/token"},
            "keys elsewhere": {"jwks_uri": "http://another.example.org/jwks"},
            "a file": {"jwks_uri": "file:///etc/passwd"}}


@pytest.mark.parametrize("metadata", METADATA.values(), ids=METADATA)
def test_metadata_that_are_not_its_own_are_refused(town, user, provider, metadata):
    provider.behave(metadata=metadata)
    with pytest.raises(client.Wrong):
        services.start("sample", Wanted.RESIDENT, target="", by=user)
    assert_nothing_is_made()


@pytest.mark.parametrize("wanted", [Wanted.RESIDENT, Wanted.ONCE])
def test_a_person_at_the_device_is_asked_and_in_no_chosen_language(user, provider, wanted):
    url, _sealed = services.start("sample", wanted, target="/", language="en", by=user)
    assert "prompt=login" in url and "max_age=0" in url and "ui_locales" not in url


def test_an_answer_for_a_provider_that_is_not_there_writes_no_line(browse, provider, caplog):
    answer = browse().get("/providers/x%0A2030 CRITICAL/callback?error=x")
    assert answer.status_code == 404 and "CRITICAL" not in caplog.text


def test_no_transaction_is_open_while_the_network_is_asked(town, user, provider, monkeypatch):
    asked, ask = [], client._ask

    def watched(*args, **kwargs):
        asked.append(db.session().in_transaction())
        return ask(*args, **kwargs)

    monkeypatch.setattr(client, "_ask", watched)
    verified(user)
    assert len(asked) == 4 and not any(asked)
