"""Faults on the way to a provider and back: each a sentence, nothing half made, against processes of their own."""

import time
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Affiliation, PasskeyChallenge, Person, ProviderLink, User, UserSession
from civic_forum.accounts.operations import verify_person
from civic_forum.accounts.providers import client, services
from civic_forum.accounts.providers.rules import Claims, Wanted
from civic_forum.accounts.rules import PROVIDER_LASTS, AffiliationKind, Verification
from civic_forum.accounts.services import once
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.accounts.people import member
from tests.racing import all_at_once

from .servers import answer_of, authorize

SITE = "http://civic.example.org"
HANEUL = Identity("김하늘", date(1991, 5, 17))


@pytest.fixture
def provider(app, hostile, monkeypatch):
    """The hostile provider, known to the site."""
    monkeypatch.setitem(app.config, "URL", SITE)
    monkeypatch.setitem(app.config, "PROVIDERS", (hostile.described(), hostile.described(key="other")))
    return hostile


@pytest.fixture
def user(town):
    town.neighbourhood("가산동")
    return member(town, sign_in_name="sanho.kim", is_resident=False)


def sent(by, wanted=Wanted.RESIDENT, key="sample"):
    """The way of a browser, and what it brings back from the provider."""
    url, sealed = services.start(key, wanted, target="/polls", by=by)
    return sealed, answer_of(authorize(url))


def come_back(key, answer, sealed, *, by):
    """Back from the provider as the callback has it."""
    return services.come_back(key, answer, services.take_up(key, answer, sealed, by=by))


def verified(by, **changes):
    sealed, answer = sent(by)
    services.verify(come_back("sample", answer | changes, sealed, by=by), by=by)


def assert_nothing_is_made():
    db.session.rollback()
    for table in (Person, Affiliation, ProviderLink, UserSession, PasskeyChallenge):
        assert not db.session.scalars(sa.select(table)).all(), table.__tablename__
    assert not db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("accounts.%"))).all()


def test_somebody_is_verified_by_the_claims_and_nothing_else_is_kept(town, user, provider):
    verified(user)
    db.session.rollback()
    known = db.session.get(User, user.id, populate_existing=True)
    assert HANEUL.fits(known.person) and known.is_resident and known.neighbourhood.name_ko == "가산동"
    [row] = db.session.scalars(sa.select(Affiliation))
    assert (row.kind, row.how) == (AffiliationKind.LIVE, Verification.PROVIDER)
    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "accounts.verified"))
    assert entry.details == {"how": "provider", "kinds": ["live"], "provider": "sample"}
    assert not any(db.session.scalars(sa.select(table)).all() for table in (ProviderLink, PasskeyChallenge))


def test_once_more_the_same_person_moves(town, user, provider):
    verified(user)
    town.neighbourhood("독산3동")
    provider.behave(claims={"dong": "독산3동"})
    verified(user)
    assert db.session.scalars(sa.select(Affiliation)).one().neighbourhood.name_ko == "독산3동"


NOW = int(time.time())
WRONG_TOKENS = {
    "another nonce": {"claims": {"nonce": "of somebody else"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": "another-district"}},
    "several audiences": {"claims": {"aud": ["the-district", "another-district"]}},
    "another party": {"claims": {"azp": "another-district"}},
    "another issuer": {"claims": {"iss": "https://another.example.org"}},
    "no issuer": {"claims": {"iss": None}},
    "expired": {"claims": {"exp": NOW - 120}},
    "without an end": {"claims": {"exp": None}},
    "of tomorrow": {"claims": {"iat": NOW + 86_400}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "a subject that is no letter": {"claims": {"sub": "\u202e1"}},
    "no sign-in anew": {"claims": {"auth_time": 1_000_000_000}},
    "a sign-in at no known moment": {"claims": {"auth_time": None}},
    "a sign-in that is still to come": {"claims": {"auth_time": 9_000_000_000}},
    "a moment that is none": {"claims": {"auth_time": True}},
    "another access token": {"claims": {"at_hash": urlsafe_b64encode(sha256(b"x").digest()[:16]).decode().rstrip("=")}},
    "a key of a stranger": {"sign": "stranger"},
    "a key by an unknown id": {"sign": "unknown"},
    "not signed": {"sign": "none"},
    "signed with what everybody knows": {"sign": "shared"},
    "claims of somebody else": {"userinfo": {"sub": "somebody-else"}},
    "no token": {"token": [200, '{"access_token": "x"}', {}]},
    "no object": {"token": [200, "[]", {}]},
    "a code that it does not know": {"token": [400, '{"error": "invalid_grant"}', {}]},
}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("behaviour", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_token_that_proves_nothing_is_refused(town, user, provider, behaviour):
    provider.behave(**behaviour)
    with pytest.raises(client.Wrong):
        verified(user)
    assert_nothing_is_made()


ON_THE_WAY = {
    "another state": {"answer": {"state": "A" * 43}},
    "no state": {"answer": {"state": None}},
    "another issuer": {"answer": {"iss": "https://another.example.org"}},
    "a code of nobody": {"answer": {"code": "x"}},
    "no code": {"answer": {"code": None}},
}


@pytest.mark.parametrize("behaviour", ON_THE_WAY.values(), ids=ON_THE_WAY)
def test_an_answer_that_was_changed_on_the_way_is_refused(town, user, provider, behaviour):
    provider.behave(**behaviour)
    with pytest.raises(Refusal):
        verified(user)
    db.session.rollback()
    assert not db.session.scalars(sa.select(Person)).all()


def test_an_answer_works_once(town, user, provider):
    sealed, answer = sent(user)
    come_back("sample", answer, sealed, by=user)
    with pytest.raises(Refusal, match="이미 쓴"):
        come_back("sample", answer, sealed, by=user)


def test_a_code_works_once(town, user, provider):
    sealed, first = sent(user)
    come_back("sample", first, sealed, by=user)
    sealed, answer = sent(user)
    with pytest.raises(client.Wrong):
        come_back("sample", answer | {"code": first["code"]}, sealed, by=user)


def test_another_browser_brings_the_answer(town, user, provider):
    _sealed, answer = sent(user)
    for sealed in ("", "not sealed", sent(user)[0]):
        with pytest.raises(Refusal, match="브라우저에서"):
            come_back("sample", answer, sealed, by=user)


def test_somebody_else_has_signed_in_meanwhile(town, user, provider):
    sealed, answer = sent(user)
    other = member(town, sign_in_name="another.one")
    with pytest.raises(Refusal):
        come_back("sample", answer, sealed, by=other)
    with pytest.raises(Refusal, match="로그인이 끝났어요"):
        come_back("sample", answer, sealed, by=None)


@pytest.mark.both
def test_an_answer_of_another_provider_is_not_taken(town, user, provider):
    sealed, answer = sent(user)
    with pytest.raises(client.Wrong, match="믿을 수 없어서"):
        come_back("other", answer, sealed, by=user)
    assert_nothing_is_made()


def test_one_that_names_itself_always_does(town, user, provider):
    provider.behave(metadata={"authorization_response_iss_parameter_supported": True})
    with pytest.raises(client.Wrong):
        verified(user)
    provider.behave(answer={"iss": provider.issuer})
    verified(user)


@pytest.mark.parametrize("error, said", [
    ("access_denied", "그만두었어요"), ("temporarily_unavailable", "지금 답하지 않아요"), ("invalid_scope", "믿을 수 없어서")])
def test_it_says_no(town, user, provider, error, said):
    provider.behave(answer={"error": error, "code": None})
    with pytest.raises(Refusal, match=said):
        verified(user)
    assert_nothing_is_made()


YOUNG = (date.today() - timedelta(days=12 * 365)).isoformat()
TO_DESK = {
    "no name": ({"name": None}, "이름을 알 수 없어요"),
    "an endless name": ({"name": "가" * 61}, "이름을 알 수 없어요"),
    "no birth date": ({"birthdate": None}, "생년월일이 없어요"),
    "a birth date without its year": ({"birthdate": "0000-05-17"}, "생년월일이 없어요"),
    "a birth date to come": ({"birthdate": "2999-01-01"}, "생년월일이 없어요"),
    "no place": ({"dong": None}, "어느 동에 사는지"),
    "elsewhere": ({"dong": "신림동"}, "이 구가 아니에요"),
    "under 14": ({"birthdate": YOUNG}, "만 14세부터"),
}


@pytest.mark.parametrize("claims, said", TO_DESK.values(), ids=TO_DESK)
def test_claims_that_are_not_enough_lead_to_the_desk(town, user, provider, claims, said):
    provider.behave(claims=claims)
    with pytest.raises(services.ToDesk, match=f"{said}.*동 주민센터"):
        verified(user)
    assert_nothing_is_made()


def test_a_level_that_is_too_low_is_not_enough(app, town, user, provider, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(level=("high",)),))
    for acr in (None, "low"):
        provider.behave(claims={"acr": acr})
        with pytest.raises(Refusal, match="더 확실한 방법"):
            verified(user)
    assert_nothing_is_made()
    provider.behave(claims={"acr": "high"})
    verified(user)


def test_an_address_says_where_somebody_lives(app, town, user, provider, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(claims=Claims(address="address")),))
    provider.behave(claims={"address": {"region": "서울특별시", "locality": "금천구", "street_address": "가산디지털1로 1 (가산동)"}})
    verified(user)


def known_person(town):
    other = member(town, sign_in_name="another.one")
    with use_case(None) as work:
        verify_person(db.session.get(User, other.id), HANEUL, how=Verification.DESK, at=work.at,
                      affiliations={AffiliationKind.LIVE: town.neighbourhood("가산동").id})
    return other


def test_a_namesake_goes_to_the_desk(town, user, provider):
    known_person(town)
    with pytest.raises(services.ToDesk, match="같은 이름과 생년월일.*신분증을 가지고"):
        verified(user)
    db.session.rollback()
    assert db.session.get(User, user.id, populate_existing=True).person_id is None


def test_somebody_with_another_account_is_told_to_sign_in_there(town, user, provider):
    other = known_person(town)
    provider_account = come_back(*_linking(other), by=other)
    services.link(provider_account, by=other)
    with pytest.raises(services.ToDesk, match="그 계정으로 로그인"):
        verified(user)


def _linking(by):
    sealed, answer = sent(by, Wanted.LINK)
    return "sample", answer, sealed


@pytest.mark.parametrize("claims", [{"birthdate": "1991-05-18"}, {"name": "김바다"}])
def test_claims_that_disagree_with_an_earlier_check_lead_to_the_desk(town, user, provider, claims):
    verified(user)
    provider.behave(claims=claims)
    with pytest.raises(services.ToDesk, match="다른 이름이나 생년월일로"):
        verified(user)
    db.session.rollback()
    assert db.session.scalars(sa.select(Person)).one() and HANEUL.fits(db.session.get(User, user.id).person)


# Texts that wait, several windows


def test_a_text_of_any_length_waits_and_nobody_else_reads_it(app, town, provider):
    text = "골목에 불이 꺼졌어요. " * 4_000
    _url, sealed = services.start("sample", Wanted.SIGN_IN, target="/polls", kept=text, by=None)
    assert len(sealed) < services.COOKIE_MOST
    [row] = db.session.scalars(sa.select(PasskeyChallenge)).all()
    assert text[:20].encode() not in row.kept
    answer = {"state": services.way_of(sealed).state}
    assert services.take_up("sample", answer, sealed, by=None).kept == text
    assert not db.session.scalars(sa.select(PasskeyChallenge)).all()
    with pytest.raises(Refusal):
        services.take_up("sample", answer, sealed, by=None)


def test_nothing_is_stored_that_the_site_has_not_packed(town, provider, browse):
    made_up = browse().post("/providers/sample", data={"wanted": "sign-in", "kept": "x" * 50_000})
    assert made_up.status_code == 200
    assert [row.kept for row in db.session.scalars(sa.select(PasskeyChallenge))] == [None]


def test_an_answer_of_another_window_ends_no_way_that_is_open(town, user, provider, browse):
    client = browse(user)
    urls = [client.post("/providers/sample", data={"wanted": "resident"}).headers["Refresh"].removeprefix("0;url=")
            for _window in range(2)]
    older, newer = (answer_of(authorize(url)) for url in urls)
    assert "마지막에 연 창" in client.get("/providers/sample/callback", query_string=older).text
    assert client.get("/providers/sample/callback", query_string={"state": "x"}).status_code == 422
    assert client.get("/providers/sample/callback", query_string=newer).status_code == 303
    assert db.session.get(User, user.id, populate_existing=True).person_id


def test_an_answer_that_is_late_is_said_to_be(town, user, provider, browse):
    client = browse(user, again=False)
    url = client.post("/providers/sample", data={"wanted": "resident"}).headers["Refresh"].removeprefix("0;url=")
    answer = answer_of(authorize(url))
    clock.shift(PROVIDER_LASTS.total_seconds() + 1)
    assert "시간이 지났어요" in client.get("/providers/sample/callback", query_string=answer).text


def test_a_level_that_is_too_low_can_be_tried_again(app, town, user, provider, browse, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(level=("high",)),))
    client = browse(user)
    url = client.post("/providers/sample", data={"wanted": "resident"}).headers["Refresh"].removeprefix("0;url=")
    page = client.get("/providers/sample/callback", query_string=answer_of(authorize(url))).text
    assert "더 확실한 방법" in page and "다시 하기" in page


def test_somebody_who_stops_there_is_told_even_without_the_state(town, user, provider):
    sealed, _answer = sent(user)
    with pytest.raises(Refusal, match="그만두었어요"):
        come_back("sample", {"error": "access_denied"}, sealed, by=user)


def test_a_provider_that_keeps_no_sign_in_says_no_moment_of_one(app, town, user, provider, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (replace(provider.described(), always_asks=True),))
    provider.behave(claims={"auth_time": None})
    verified(user)
    assert db.session.get(User, user.id, populate_existing=True).is_resident


@pytest.mark.both
def test_somebody_who_takes_part_is_not_forgotten_by_a_verification_that_is_refused(town, user, provider):
    verify_as(user, Identity("박바다", date(1970, 1, 1)))
    once.begin(HANEUL, town.neighbourhood("가산동").id)
    with pytest.raises(services.ToDesk, match="다른 이름이나 생년월일로"):
        verified(user)
    db.session.rollback()
    assert db.session.scalar(sa.select(User).where(User.once_until.is_not(None))).person_id


def test_somebody_who_signed_in_meanwhile_stays(town, user, provider):
    sealed, answer = sent(None, Wanted.ONCE)
    with pytest.raises(Refusal, match="그 사이에 로그인했어요"):
        come_back("sample", answer, sealed, by=user)


def verify_as(user, who):
    with use_case(None) as work:
        verify_person(user, who, how=Verification.DESK, at=work.at,
                      affiliations={AffiliationKind.LIVE: db.session.scalar(sa.select(Neighbourhood.id))})


def test_a_provider_does_only_its_own(app, town, user, provider, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(purposes=frozenset({"sign-in"})),))
    for key, wanted in (("sample", Wanted.RESIDENT), ("nothing", Wanted.SIGN_IN)):
        with pytest.raises(NotFound):
            services.start(key, wanted, target="", by=user)


# At once


def test_one_answer_is_brought_twice_at_once(app, town, user, provider):
    sealed, answer = sent(user)
    user_id = user.id

    def bring():
        return come_back("sample", answer, sealed, by=db.session.get(User, user_id))

    outcomes = all_at_once(app, bring, bring)
    assert sorted(isinstance(one, Refusal) for one in outcomes) == [False, True]


@pytest.mark.both
def test_one_person_is_verified_in_two_browsers_at_once(app, town, user, provider):
    ids = [user.id, member(town, sign_in_name="another.one").id]
    brought = [come_back("sample", *reversed(sent(one)), by=one) for one in
               (db.session.get(User, number) for number in ids)]

    def verify(number):
        return services.verify(brought[number], by=db.session.get(User, ids[number]))

    outcomes = all_at_once(app, lambda: verify(0), lambda: verify(1))
    assert sorted(isinstance(one, Refusal) for one in outcomes) == [False, True]
    db.session.rollback()
    assert db.session.scalars(sa.select(Person)).one()
    assert len(db.session.scalars(sa.select(User).where(User.person_id.is_not(None))).all()) == 1
