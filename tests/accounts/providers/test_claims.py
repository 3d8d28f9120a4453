"""Claims of the protocol come from the ID token alone: userinfo, which at many providers people edit themselves, adds
to the person and decides no level, no age of a sign-in and nobody's identity."""

import time

import pytest

from civic_forum.accounts.models import ProviderLink
from civic_forum.accounts.providers import client, rules, services
from civic_forum.accounts.providers.rules import Wanted
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

from .hostile import PERSON, SUBJECT
from .test_faults import HANEUL, assert_nothing_is_made, come_back, provider, sent, user, verified

__all__ = ["provider", "user"]
NOW = int(time.time())
RAISING = {"acr": "high", "amr": ["mfa", "hwk"], "auth_time": NOW, "iss": "https://another.example.org",
           "aud": ["another-district"], "azp": "another-district", "nonce": "another", "exp": NOW + 900, "iat": NOW,
           "nbf": NOW, "jti": "1", "at_hash": "x", "sid": "of somebody else"}


def said_of(user):
    sealed, answer = sent(user)
    return come_back("sample", answer, sealed, by=user).said


def with_level(app, provider, monkeypatch, **changes):
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(level=("high",), second_factor=("high",),
                                                                     **changes),))


def test_userinfo_adds_no_claim_of_the_protocol(town, user, provider):
    plain = said_of(user)
    provider.behave(userinfo=RAISING | {"email_verified": True, "_claim_names": {"acr": "a"}, "roles": ["moderator"]})
    assert said_of(user).keys() == plain.keys()
    provider.behave(claims={"acr": "low", "amr": ["pwd"]}, userinfo=RAISING)
    told = said_of(user)
    assert (told["acr"], told["amr"], told["iss"], told["aud"]) == ("low", ["pwd"], provider.issuer, "the-district")


@pytest.mark.both
@pytest.mark.parametrize("wanted", [Wanted.RESIDENT, Wanted.ONCE])
def test_a_level_that_userinfo_says_is_none(app, town, user, provider, monkeypatch, wanted):
    with_level(app, provider, monkeypatch)
    by = user if wanted is Wanted.RESIDENT else None
    for behaviour in ({"userinfo": {"acr": "high"}}, {"claims": {"acr": "low"}, "userinfo": {"acr": "high"}}):
        provider.behave(**behaviour)
        sealed, answer = sent(by, wanted)
        with pytest.raises(Refusal, match="더 확실한 방법"):
            services.established(come_back("sample", answer, sealed, by=by))
    assert_nothing_is_made()


def test_a_level_and_a_second_factor_are_not_lowered_by_userinfo(app, town, user, provider, monkeypatch):
    with_level(app, provider, monkeypatch)
    provider.behave(claims={"acr": "high"}, userinfo={"acr": "low", "auth_time": 1, "amr": "none", "iss": 7})
    told = said_of(user)
    [described] = app.config["PROVIDERS"]
    assert rules.is_level(described, told) and rules.holds_second_factor(described, told)


def test_a_sign_in_of_long_ago_is_not_made_new_by_userinfo(town, user, provider):
    for at in (None, 1_000_000_000):
        provider.behave(claims={"auth_time": at}, userinfo={"auth_time": NOW})
        with pytest.raises(client.Wrong):
            verified(user)
    assert_nothing_is_made()


@pytest.mark.parametrize("subject", [None, "", 7, ["pairwise-8c1f"], "pairwise-8c1f ", "PAIRWISE-8C1F"])
def test_userinfo_of_no_or_another_subject_is_refused(town, user, provider, subject):
    provider.behave(userinfo={"sub": subject})
    with pytest.raises(client.Wrong):
        verified(user)
    assert_nothing_is_made()


def test_the_person_may_come_from_userinfo_and_the_token_goes_first(town, user, provider):
    provider.behave(claims={"name": None, "dong": None}, userinfo=PERSON | {"birthdate": "1950-01-01"})
    verified(user)
    db.session.rollback()
    assert HANEUL.fits(db.session.get(type(user), user.id, populate_existing=True).person)


@pytest.mark.parametrize("place", ["claims", "userinfo"])
@pytest.mark.parametrize("source", ["endpoint", "JWT"])
def test_claims_that_lie_elsewhere_are_neither_asked_for_nor_read(app, town, user, provider, monkeypatch, place,
                                                                  source):
    """Distributed and aggregated claims. (OpenID Connect Core 1.0, 5.6.2)"""
    with_level(app, provider, monkeypatch)
    elsewhere = {"endpoint": {"endpoint": f"{provider.issuer}/elsewhere", "access_token": "x"},
                 "JWT": {"JWT": "eyJhbGciOiJub25lIn0." + "eyJhY3IiOiJoaWdoIn0."}}[source]
    provider.behave(**{place: {"_claim_names": {"acr": "a", "name": "a"}, "_claim_sources": {"a": elsewhere}}})
    with pytest.raises(Refusal, match="더 확실한 방법"):
        verified(user)
    assert provider.asked("/elsewhere") == 0
    assert_nothing_is_made()


AGAIN = {"a level": {"again": {"acr": "high"}, "claims": {"acr": "low"}},
         "a subject": {"again": {"sub": "somebody-else"}}, "a name": {"again": {"name": "박바다"}},
         "userinfo: a subject": {"userinfo": {"sub": "somebody-else"}, "userinfo_again": {"sub": SUBJECT}},
         "userinfo: a birth date": {"userinfo": PERSON, "userinfo_again": {"birthdate": "1950-01-01"}},
         "userinfo: inside": {"userinfo": PERSON, "userinfo_again": {"address": {"a": 1}, "x": {"b": 1}, "name": "x"}}}


@pytest.mark.parametrize("behaviour", AGAIN.values(), ids=AGAIN)
def test_a_name_that_stands_twice_in_one_object_says_nothing(town, user, provider, behaviour):
    provider.behave(**behaviour)
    with pytest.raises(Refusal):
        verified(user)
    assert_nothing_is_made()


ODD = {"acr": [["high"], {"high": 1}, True, 7, "HIGH", "high ", ""], "amr": ["high"],
       "aud": [None, 7, [], ["another"], {"the-district": 1}, [["the-district"]], "the-district "],
       "iss": [["http://127.0.0.1"], 7, ""], "nonce": [["x"], 7, ""], "azp": [7, ["the-district"]],
       "auth_time": ["1764288000", [NOW], {}, 1e400, -1e400, float("nan"), 10 ** 400],
       "exp": ["9999999999", [], True, float("nan")], "iat": ["1", float("nan")], "nbf": [float("nan"), "0"],
       "sub": [["pairwise-8c1f"], {}, "", "a" * 256]}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name, odd", [(name, odd) for name, several in ODD.items() for odd in several])
def test_a_claim_of_another_type_proves_nothing(app, town, user, provider, monkeypatch, name, odd):
    with_level(app, provider, monkeypatch)
    provider.behave(claims={"acr": "high", name: odd})
    with pytest.raises(Refusal):
        verified(user)
    assert_nothing_is_made()


@pytest.mark.parametrize("path", ["token", "userinfo"])
def test_an_answer_that_is_nested_without_end_is_as_good_as_none(town, user, provider, path):
    deep = "[" * 200_000
    provider.behave(**{"token": [200, deep, {}]} if path == "token" else {"userinfo_text": deep})
    with pytest.raises(Refusal):
        verified(user)
    assert_nothing_is_made()


@pytest.mark.parametrize("claim", ["sub", "acr", "amr.0", "auth_time", "iss", "aud", "_claim_sources.a.JWT"])
def test_no_setting_makes_a_claim_of_the_protocol_one_of_the_person(tmp_path, claim):
    entry = {"label": "a", "label_en": "a", "issuer": "https://a.example.org", "client_id": "a",
             "purposes": ["resident"], "claims": {"neighbourhood": claim}}
    with pytest.raises(rules.BadProviders, match="claims names"):
        rules.parsed({"providers": {"a": entry}}, tmp_path)


def test_nobody_takes_part_once_or_links_by_what_userinfo_says(town, user, provider):
    provider.behave(userinfo={"sub": "somebody-else"})
    sealed, answer = sent(None, Wanted.ONCE)
    with pytest.raises(client.Wrong):
        come_back("sample", answer, sealed, by=None)
    asked = provider.asked("/userinfo")
    sealed, answer = sent(user, Wanted.LINK)
    services.link(come_back("sample", answer, sealed, by=user), by=user)
    assert provider.asked("/userinfo") == asked, "who signs in is said by the token"
    assert db.session.query(ProviderLink).one().user_id == user.id
