"""Signing in and up by a provider, links to it and their end; on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from civic_forum.accounts import proofs, totp
from civic_forum.accounts.models import ProviderLink, User, UserSession
from civic_forum.accounts.providers import client, services
from civic_forum.accounts.providers.rules import Purpose, Wanted
from civic_forum.accounts.queries import own_data
from civic_forum.accounts.queries import providers as queries
from civic_forum.accounts.rules import LINKS_MOST, PROOF_LASTS, Role
from civic_forum.accounts.services import entry, leaving, once
from civic_forum.accounts.services.entry import NewAccount
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, ProofNeeded, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import OutgoingMail
from tests.accounts.people import PASSWORD, member
from tests.accounts.test_leaving import everything_stored
from tests.common import commit
from tests.factories import signed_in
from tests.racing import all_at_once

from .hostile import SUBJECT
from .servers import answer_of, authorize
from .test_faults import HANEUL, come_back, provider, sent, user, verified

__all__ = ["provider", "user"]
NEW = NewAccount(name="new.person", password="", agrees=True)


def fresh(user):
    """The user as a request has them, read anew."""
    db.session.rollback()
    found = db.session.get(User, user.id, populate_existing=True)
    found.session_key = signed_in(found)
    return found


def come(wanted, by=None):
    sealed, answer = sent(by, wanted)
    return come_back("sample", answer, sealed, by=by)


def linked(user):
    services.link(come(Wanted.LINK, user), by=user)
    return user


def sign_in():
    return services.sign_in(come(Wanted.SIGN_IN), device="Chrome", knows=lambda name: True)


def links():
    db.session.rollback()
    return db.session.scalars(sa.select(ProviderLink)).all()


def test_a_link_opens_the_account_and_keeps_no_subject(app, town, user, provider):
    linked(user)
    entered = sign_in()
    assert entered.sign_in_name == "sanho.kim" and entered.signed_in.user_id == user.id
    assert db.session.scalars(sa.select(UserSession)).one().user_id == user.id
    [link] = links()
    assert (link.provider, link.linked_on) == ("sample", local(clock.now()).date())
    assert not [place for place, content in everything_stored(app) if SUBJECT.encode() in content]
    assert own_data.account(user)["providers"] == [{"provider": "sample", "linked_on": link.linked_on.isoformat()}]


def test_nobody_is_signed_in_who_has_no_link(town, user, provider):
    with pytest.raises(services.Unknown):
        sign_in()
    assert not db.session.scalars(sa.select(UserSession)).all()


def test_a_link_is_of_one_issuer_alone(town, user, provider):
    linked(user)
    here = provider.described(label="another")
    assert queries.subject_hash(here, SUBJECT) == links()[0].subject_hash
    assert queries.subject_hash(replace(here, issuer="https://b.example.org"), SUBJECT) != links()[0].subject_hash


@pytest.mark.both
def test_one_account_there_opens_one_here(town, user, provider):
    linked(user)
    other = member(town, sign_in_name="another.one")
    with pytest.raises(Refusal, match="이미 어느 계정에"):
        linked(other)
    assert [one.user_id for one in links()] == [user.id]


def test_two_accounts_link_it_at_once(app, town, user, provider):
    ids = [user.id, member(town, sign_in_name="another.one").id]
    brought = [come(Wanted.LINK, db.session.get(User, number)) for number in ids]

    def link(number):
        return services.link(brought[number], by=db.session.get(User, ids[number]))

    outcomes = all_at_once(app, lambda: link(0), lambda: link(1))
    assert sorted(isinstance(one, Refusal) for one in outcomes) == [False, True]
    assert len(links()) == 1


@pytest.mark.both
def test_a_link_needs_a_proof_and_tells_the_owner(town, user, provider):
    user.email = user.confirmed_email = "a@example.org"
    db.session.commit()
    user = fresh(user)
    linked(user)
    assert db.session.scalars(sa.select(OutgoingMail.kind)).all() == ["provider_linked"]
    commit(sa.update(UserSession).values(created_at=clock.now() - PROOF_LASTS))
    for act in (lambda: sent(user, Wanted.LINK), lambda: services.unlink(links()[0].id, by=user)):
        with pytest.raises(ProofNeeded):
            act()
    assert len(links()) == 1


@pytest.mark.both
def test_the_last_way_in_stays(town, user, provider):
    linked(user)
    [link] = links()
    user.password_hash = None
    db.session.commit()
    with pytest.raises(Refusal, match="하나뿐인 길"):
        services.unlink(link.id, by=user)
    user.password_hash = "anything"
    db.session.commit()
    services.unlink(link.id, by=user)
    assert not links()
    with pytest.raises(NotFound):
        services.unlink(link.id, by=user)
    with pytest.raises(services.Unknown):
        sign_in()


def test_nobody_takes_the_link_of_somebody_else_away(town, user, provider):
    linked(user)
    with pytest.raises(NotFound):
        services.unlink(links()[0].id, by=member(town, sign_in_name="another.one"))
    assert len(links()) == 1


def test_somebody_who_is_blocked_stays_out(town, user, provider):
    linked(user)
    user.blocked_at = clock.now()
    db.session.commit()
    with pytest.raises(entry.Blocked):
        sign_in()
    assert not db.session.scalars(sa.select(UserSession)).all()


def test_it_counts_as_a_password_unless_its_level_holds_a_second_factor(app, town, user, provider, monkeypatch):
    linked(user)
    user.totp_secret, user.totp_confirmed_at = totp.fresh_secret(), clock.now()
    db.session.commit()
    assert sign_in().signed_in.secret is None
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(second_factor=("two",)),))
    provider.behave(claims={"acr": "one"})
    assert sign_in().signed_in.secret is None
    provider.behave(claims={"acr": "two"})
    assert sign_in().signed_in.secret


def test_staff_with_a_passkey_do_not_come_by_less(app, town, provider, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    monkeypatch.setitem(app.config, "URL", "https://civic.example.org")
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(purposes=frozenset({Purpose.STAFF}),
                                                                     second_factor=("two",)),))
    clerk = linked(town.clerk(password_hash="x"))
    clerk.passkey_since = clock.now().date()
    db.session.commit()
    with pytest.raises(Denied, match="패스키로"):
        sign_in()
    provider.behave(claims={"acr": "two"})
    assert sign_in().signed_in.secret
    assert db.session.get(User, clerk.id).has(Role.CLERK)


def test_an_administrator_links_staff_to_the_directory(app, town, provider, monkeypatch):
    boss, clerk = town.administrator(), town.clerk(sign_in_name="kim.clerk")
    with pytest.raises(Denied, match="구청 직원이 쓰는 곳만"):
        services.link_for(clerk, "sample", SUBJECT, by=boss)
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(purposes=frozenset({Purpose.STAFF})),))
    for somebody in (clerk, town.user()):
        with pytest.raises(Denied):
            services.link_for(boss, "sample", SUBJECT, by=somebody)
    with pytest.raises(Denied, match="내 권한은"):
        services.link_for(boss, "sample", SUBJECT, by=boss)
    with pytest.raises(Denied, match="역할이 있는 계정만"):
        services.link_for(town.user(), "sample", SUBJECT, by=boss)
    services.link_for(clerk, "sample", SUBJECT, by=boss)
    assert sign_in().sign_in_name == "kim.clerk"
    with pytest.raises(Refusal, match="이미 어느 계정에"):
        services.link_for(town.official(), "sample", SUBJECT, by=boss)
    with pytest.raises(NotFound):
        services.link_for(clerk, "another", SUBJECT, by=boss)


def test_staff_link_by_their_passkey_where_they_have_one(app, town, provider, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    monkeypatch.setitem(app.config, "URL", "https://civic.example.org")
    clerk = town.clerk(password_hash="x")
    clerk.passkey_since = clock.now().date()
    db.session.commit()
    clerk = fresh(clerk)
    with pytest.raises(ProofNeeded) as needed:
        sent(clerk, Wanted.LINK)
    assert needed.value.passkey


def test_a_level_that_is_too_low_signs_nobody_in(app, town, user, provider, monkeypatch):
    linked(user)
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(level=("high",)),))
    with pytest.raises(Refusal, match="더 확실한"):
        sign_in()


# An account without a password


def test_somebody_signs_up_by_it_and_leaves_without_a_trace(app, town, user, provider):
    services.sign_up(NEW, services.came(come(Wanted.SIGN_IN)), device="Chrome")
    [link] = links()
    new = fresh(db.session.get(User, link.user_id))
    assert (new.sign_in_name, new.password_hash, new.types_nothing) == ("new.person", None, True)
    verified(new)
    subject_hash = link.subject_hash
    assert sign_in().signed_in.user_id == new.id
    commit(sa.update(UserSession).values(created_at=clock.now() - PROOF_LASTS))
    with pytest.raises(ProofNeeded):
        leaving.leave("", by=new)
    services.prove(come(Wanted.PROVE, new), by=new)
    leaving.leave("", by=new)
    assert not links()
    needles = (SUBJECT.encode(), b"new.person", subject_hash, HANEUL.name.encode(), HANEUL.hash)
    assert not [(place, one) for place, content in everything_stored(app) for one in needles if one in content]


@pytest.mark.parametrize("account, field", [
    (NewAccount("new.person", "", agrees=False), None), (NewAccount("x", "", agrees=True), "name"),
    (NewAccount("sanho.kim", "", agrees=True), "name"), (NewAccount("administrator", "", agrees=True), "name")])
def test_signing_up_by_it_is_refused_as_any_other(town, user, provider, account, field):
    came = services.came(come(Wanted.SIGN_IN))
    with pytest.raises(Refusal) as refused:
        services.sign_up(account, came, device="Chrome")
    assert refused.value.field == field and not links()


def test_a_form_of_signing_up_works_once_and_not_for_long(town, user, provider):
    came = services.came(come(Wanted.SIGN_IN))
    for wrong in ("", "x", came[:-6]):
        with pytest.raises(Refusal, match="시간이 지났어요"):
            services.sign_up(NEW, wrong, device="Chrome")
    clock.shift(3600)
    with pytest.raises(Refusal, match="시간이 지났어요"):
        services.sign_up(NEW, came, device="Chrome")
    clock.shift(0)
    services.sign_up(NEW, came, device="Chrome")
    with pytest.raises(Refusal, match="이미 어느 계정에"):
        services.sign_up(NewAccount("another.name", "", agrees=True), came, device="Chrome")
    assert len(links()) == 1


def test_only_the_linked_account_of_the_provider_proves(town, user, provider):
    user = fresh(user)
    with pytest.raises(Refusal, match="연결한 확인이 아니에요"):
        services.prove(come(Wanted.PROVE, user), by=user)
    linked(user)
    services.prove(come(Wanted.PROVE, user), by=user)
    for older in (None, 1_000_000_000, "now"):
        provider.behave(claims={"auth_time": older})
        with pytest.raises(client.Wrong):
            come(Wanted.PROVE, user)
    actions = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert actions.count("accounts.proved") == 1


def test_nothing_that_was_not_shown_counts_as_a_proof(town, user, provider, browse):
    services.sign_up(NEW, services.came(come(Wanted.SIGN_IN)), device="Chrome")
    new = fresh(db.session.get(User, links()[0].user_id))
    client = browse(new, again=False)
    clock.shift(PROOF_LASTS.total_seconds() - 60)
    assert client.post("/sign-in/proof", data={"proof_target": "/me/leaving"}).status_code == 422
    clock.shift(PROOF_LASTS.total_seconds() + 60)
    assert "다시 확인하기" in client.post("/me/leaving").text
    assert db.session.get(User, new.id, populate_existing=True).left_at is None


def test_a_link_that_comes_after_ten_minutes_is_asked_for_again(town, user, provider, browse):
    client = browse(user, again=False)
    sent_on = client.post("/providers/sample", data={"wanted": "link"})
    answer = answer_of(authorize(sent_on.headers["Refresh"].removeprefix("0;url=")))
    clock.shift(PROOF_LASTS.total_seconds() + 60)
    assert client.get("/providers/sample/callback", query_string=answer).location == "/me/providers"
    assert not links() and "한 번 더 눌러 주세요" in client.get("/me/providers").text


@pytest.mark.both
def test_as_many_links_as_there_may_be(app, town, user, provider, monkeypatch):
    user = fresh(user)
    for number in range(LINKS_MOST):
        db.session.add(ProviderLink(user_id=user.id, provider="sample", linked_on=local(clock.now()).date(),
                                    subject_hash=bytes([number]) * 32))
    db.session.commit()
    with pytest.raises(Refusal, match="개까지 연결"):
        services.start("sample", Wanted.LINK, target="", by=user)


def test_a_second_factor_is_not_proved_by_less(town, user, provider):
    user = fresh(linked(user))
    user.totp_confirmed_at = clock.now()
    db.session.commit()
    returned = come(Wanted.PROVE, user)
    with pytest.raises(Refusal, match="이 확인만으로는 부족해요"):
        services.prove(returned, by=user)


def test_a_directory_of_staff_opens_no_account(app, town, provider, browse, monkeypatch):
    monkeypatch.setitem(app.config, "PROVIDERS", (provider.described(purposes=frozenset({Purpose.STAFF})),))
    returned = come(Wanted.SIGN_IN)
    with pytest.raises(Denied, match="가입할 수 없어요"):
        services.sign_up(NEW, services.came(returned), device="Chrome")
    visitor = browse()
    sent_on = visitor.post("/providers/sample", data={"wanted": "sign-in"})
    back = visitor.get("/providers/sample/callback", query_string=answer_of(
        authorize(sent_on.headers["Refresh"].removeprefix("0;url="))))
    assert back.status_code == 422 and "계정이 아직 없어요" in back.text and "가입하기</button>" not in back.text


def test_signing_in_by_a_provider_leads_back_to_the_page_before(town, user, provider, browse):
    linked(user)
    visitor = browse()
    sent_on = visitor.post("/providers/sample", data={"wanted": "sign-in", "next": "/polls?open"})
    answer = answer_of(authorize(sent_on.headers["Refresh"].removeprefix("0;url=")))
    assert visitor.get("/providers/sample/callback", query_string=answer).location == "/polls?open"


@pytest.mark.both
def test_nothing_of_an_account_is_for_somebody_without_one(town, user, provider):
    returned = come(Wanted.ONCE)
    once.begin(*services.established(returned))
    linked(user)
    visitor = fresh(db.session.scalars(sa.select(User).filter_by(sign_in_name=None)).one())
    for act in (lambda: services.start("sample", Wanted.RESIDENT, target="", by=visitor),
                lambda: services.verify(returned, by=visitor), lambda: services.link(returned, by=visitor),
                lambda: services.prove(returned, by=visitor), lambda: services.unlink(links()[0].id, by=visitor)):
        with pytest.raises(Denied, match="계정 없이"):
            act()
    assert len(links()) == 1


def test_a_password_is_still_asked_for_where_there_is_one(town, user, provider):
    user = fresh(linked(user))
    with pytest.raises(proofs.Wrong):
        leaving.leave("", by=user)
    leaving.leave(PASSWORD, by=user)
    assert not links()


def test_somebody_verified_long_ago_shows_once_more_who_they_are_and_stays(town, user, provider, browse):
    who, place = services.established(come(Wanted.ONCE))
    once.begin(who, place)
    visitor = db.session.scalars(sa.select(User).filter_by(sign_in_name=None)).one()
    client = browse(visitor, again=False)
    assert 'name="password"' in client.get("/sign-up").text
    clock.shift(PROOF_LASTS.total_seconds())
    asked = client.get("/sign-up?next=/polls").text
    assert "한 번 더 확인해 주세요" in asked and 'name="password"' not in asked
    signing_up = {"name": "aram.byeol", "password": PASSWORD, "age": "y", "terms": "y", "privacy": "y",
                  "next": "/polls"}
    assert "한 번 더 확인해 주세요" in client.post("/sign-up", data=signing_up).text
    sent_on = client.post("/providers/sample", data={"wanted": "once", "agreed": "1", "next": "/sign-up?next=/polls"})
    url = sent_on.headers["Refresh"].removeprefix("0;url=")
    back = client.get("/providers/sample/callback", query_string=answer_of(authorize(url)))
    assert back.status_code == 302 and back.location == "/sign-up?next=/polls"
    assert client.post("/sign-up", data=signing_up).location == "/polls"
    made = db.session.get(User, visitor.id, populate_existing=True)
    assert made.sign_in_name == "aram.byeol" and made.person_id and not made.is_guest
