"""Taking part once: verified, without an account, forgotten at the end."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity
from civic_forum.accounts.models import Affiliation, Consent, Person, User, UserSession
from civic_forum.accounts.operations import SamePerson
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import ONCE_LASTS, PROOF_LASTS, AffiliationKind, Verification
from civic_forum.accounts.services import leaving, once, residency
from civic_forum.accounts.services.entry import NewAccount
from civic_forum.accounts.services.once import HasAccount
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.forums.registration.policy import may_ask
from civic_forum.platform import clock, keys, policy
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.rules import Basics
from civic_forum.proposals.services import drafts, supports
from tests.access.test_signed_out import ABOUT_THE_THING
from tests.accounts.authenticator import SITE, Authenticator
from tests.accounts.providers.servers import described
from tests.accounts.test_passkeys import application
from tests.common import many
from tests.factories import saved
from tests.polls.making import entry, opened, poll
from tests.polls.test_growing import growing
from tests.proposals.test_persons import verified
from tests.racing import at_once

from .people import PASSWORD, sign_in
from .test_leaving import everything_stored

NAME = "남궁아람별"
ARAM = Identity(NAME, date(1988, 7, 9))
AGREED = {"agrees": True}


def guest(town, who=ARAM, place=None):
    """Somebody who takes part once."""
    begun = once.begin(who, (place or town.neighbourhood()).id)
    db.session.rollback()
    return db.session.scalar(sa.select(User).join(UserSession).where(
        UserSession.user_id == User.id).order_by(UserSession.id.desc()).limit(1)), begun


@pytest.mark.both
def test_somebody_verified_takes_part_without_name_and_password(town):
    user, begun = guest(town)
    assert begun.is_new and user.is_guest and user.is_active and user.is_resident and not user.is_over
    assert (user.sign_in_name, user.password_hash, user.email) == (None, None, None)
    assert user.once_until - user.created_at == ONCE_LASTS
    assert sorted(db.session.scalars(sa.select(Consent.document))) == ["age", "privacy"]
    assert sorted(db.session.scalars(sa.select(AuditEntry.action))) == ["accounts.once_begun", "accounts.verified"]
    assert ARAM.fits(user.person)
    assert db.session.scalar(sa.select(Affiliation.how).filter_by(user_id=user.id)) is Verification.PROVIDER


def test_the_page_knows_them_until_their_time_is_over(town, browse):
    user, _begun = guest(town)
    client = browse(user)
    assert client.get("/me").status_code == 302
    clock.shift(ONCE_LASTS.total_seconds() + 1)
    assert client.get("/me").location.startswith("/sign-in")


def test_they_support_and_their_support_outlives_them(town):
    bench, (user, _begun) = town.proposal(), guest(town)
    supports.support(bench.id, by=user)
    once.end(by=user)
    assert db.session.get_one(Proposal, bench.id).support_count == 1 and many(Support) == 1
    again, begun = guest(town)
    assert begun.is_new and again.id != user.id
    with pytest.raises(Refusal, match="이미 공감"):
        supports.support(bench.id, by=again)


@pytest.mark.in_turns(of=5)
def test_after_the_end_nothing_is_found_of_them(app, town):
    bench, (user, begun) = town.proposal(), guest(town)
    supports.support(bench.id, by=user)
    nickname = user.nickname
    once.end(by=user)
    leaving.clear_remains()
    for needle in (NAME, nickname, begun.secret):
        assert not {place for place, content in everything_stored(app) if needle.encode() in content}, needle
    assert [many(kind) for kind in (Person, Affiliation, UserSession)] == [0, 0, 0]
    row = db.session.execute(sa.select(User.__table__).where(User.id == user.id)).one()._asdict()
    assert {name for name, value in row.items() if value not in (None, False)} == {
        "id", "created_at", "left_at", "language"}


def test_the_clock_ends_what_nobody_ends(town):
    user, _begun = guest(town)
    assert once.end_over() == 0
    clock.shift(ONCE_LASTS.total_seconds())
    assert once.end_over() == 1 and once.end_over() == 0
    assert many(Person) == 0 and db.session.get_one(User, user.id).left_at is not None


def test_coming_back_meanwhile_goes_on_with_the_same(town):
    user, first = guest(town)
    clock.shift(1800)
    same, second = guest(town)
    assert same.id == user.id and not second.is_new and second.secret != first.secret
    assert many(UserSession) == 1 and same.once_until - clock.now() > ONCE_LASTS - timedelta(seconds=9)


def test_two_browsers_at_once_are_one(app, town):
    place = town.neighbourhood().id
    begun = at_once(app, 4, lambda _n: once.begin(ARAM, place))
    assert [type(one) for one in begun] == [once.Entered] * 4 and sum(one.is_new for one in begun) == 1
    assert (many(Person), many(User), many(UserSession)) == (1, 1, 1)


def test_somebody_who_has_an_account_is_told_to_sign_in(town):
    verified(town, who=ARAM)
    with pytest.raises(HasAccount, match="로그인"):
        guest(town)
    assert many(UserSession) == 0


def test_an_account_of_theirs_that_is_verified_ends_it(town):
    user, _begun = guest(town)
    made_way(town.neighbourhood("독산1동"), user)
    assert many(Person) == 1
    made_way(town.neighbourhood(), user)
    assert many(Person) == 0 and db.session.get_one(User, user.id).left_at
    known = verified(town, who=ARAM)
    made_way(town.neighbourhood(), known)
    assert db.session.get_one(User, known.id).person_id


def made_way(place, *accounts):
    with use_case(None) as work:
        once.make_way(work, people.held(*(one.id for one in accounts)).values(), place.id)


def test_a_guest_who_is_blocked_does_not_begin_anew(town):
    user, _begun = guest(town)
    user.blocked_at = clock.now()
    db.session.commit()
    with pytest.raises(Refusal, match="쓸 수 없는"):
        guest(town)
    made_way(town.neighbourhood(), user)
    assert db.session.get_one(User, user.id).left_at is None


def test_the_pages_offer_it_where_a_provider_verifies_people(app, town, browse, monkeypatch):
    vote, bench = growing(town), town.proposal()
    client = browse()
    asked = f"/sign-in?next=/polls/{vote.slug}/ballot"
    assert "한 번 참여" not in client.get(f"/polls/{vote.slug}").text + client.get(asked).text
    assert "본인을 확인할 수 없어요" in client.get("/once").text
    monkeypatch.setitem(app.config, "PROVIDERS", (described("http://127.0.0.1:1"),))
    app.extensions["sections"].clear()  # a process has one set of providers
    assert f'href="/once?next=%2Fpolls%2F{vote.slug}%2Fballot"' in client.get(f"/polls/{vote.slug}").text
    before = [client.get(f"/sign-in?next={then}") for then in (f"/polls/{vote.slug}", f"/proposals/{bench.number}")]
    for page in (client.get(asked), client.post(f"/proposals/{bench.number}/supports"), *before):
        assert page.text.index("계정 없이 한 번 참여하기") < page.text.index("로그인하기</button>")
    lapsed = town.proposal(state="lapsed")
    for then in ("/proposals", f"/proposals/{lapsed.number}", "/proposals/2030-9999", "/polls/nobody-knows"):
        page = client.get(f"/sign-in?next={then}").text
        assert "한 번 참여" not in page and "하려면 로그인해" not in page
    assert "한 번 참여" not in client.get("/sign-in?next=/proposals/new").text
    hidden = poll(town, state="preparing", eligibility=entry()["eligibility"] | {"roll_grows": True})
    for slug in (hidden.slug, "nobody-knows", "%00", "가" * 300):
        assert "한 번 참여" not in client.get(f"/sign-in?next=/polls/{slug}/ballot").text
    begun = client.post("/sign-in", data={"once": "1", "next": asked})
    assert begun.status_code == 200 and "연습용 본인확인" in begun.text
    lacking = client.post("/providers/sample", data={"wanted": "once"})
    assert lacking.status_code == 422 and "동의해 주세요" in lacking.text


def test_signing_in_is_one_column_with_the_password_folded_behind_other_ways(app, browse, monkeypatch):
    assert '<details class="fold" open>' in browse().get("/sign-in").text
    monkeypatch.setitem(app.config, "PROVIDERS", (described("http://127.0.0.1:1"),))
    client = browse()
    main = html.fromstring(client.get("/sign-in?next=/proposals").text).find(".//main")
    buttons = [" ".join(button.text_content().split()) for button in main.iter("button")]
    assert buttons == ["연습용 본인확인(예시) 로그인", "로그인하기", "처음이에요, 가입할게요"]
    password = main.xpath(".//input[@name='password']")[0]
    assert [fold.get("open") for fold in password.iterancestors("details")] == [None]
    assert len(main.xpath(".//*[contains(@class, 'krds-btn') and contains(@class, 'primary')]")) == 1
    refused = client.post("/sign-in", data={"name": "nobody", "password": "wrong"}).text
    assert '<details class="fold" open>' in refused


def test_pages_of_an_account_lead_to_theirs(town, browse):
    user, _begun = guest(town)
    client = browse(user)
    assert client.get("/me/residency").location.endswith("/once")
    assert client.post("/me/residency/declarations", data={"kind": "work"}).status_code == 403
    page = client.get("/once").text
    assert "다 했어요" in page and "계정 만들기" in page
    client.post("/sign-out")
    assert many(Person) == 0 and client.get("/me").location.startswith("/sign-in")


def test_one_that_cannot_be_forgotten_keeps_no_other(town, monkeypatch):
    first, _begun = guest(town)
    others = [guest(town, Identity(name, date(1980, 1, 1)))[0] for name in ("김산들", "이바다", "박하늘")]
    erase = leaving.erase

    def erase_some(work, user):
        if user.id == first.id:
            raise OSError("no room")
        erase(work, user)

    monkeypatch.setattr(leaving, "erase", erase_some)
    clock.shift(ONCE_LASTS.total_seconds() + 1)
    with pytest.raises(OSError):
        once.end_over()
    db.session.rollback()
    assert [db.session.get_one(User, one.id).left_at is None for one in (first, *others)] == [True, False, False, False]


def test_no_role_is_granted_to_them(town):
    user, _begun = guest(town)
    assert "계정 없이" in policy.why_not(town.administrator(), "accounts.grant_role", user)


def test_a_place_at_a_forum_needs_an_account_unless_it_begins_in_their_time(town):
    user, _begun = guest(town)
    at = SimpleNamespace(forum=SimpleNamespace(starts_at=user.once_until + timedelta(days=12)))
    assert "계정이 있어야" in may_ask(user, at)


def test_their_page_lists_the_votes_that_they_may_cast(town, browse):
    user, _begun = guest(town, place=town.neighbourhood("독산1동"))
    here = growing(town)
    elsewhere = opened(town, slug="elsewhere", publishes="ballots", eligibility=entry()["eligibility"] | {
        "roll_grows": True, "neighbourhoods": ["시흥1동"]})
    page = browse(user).get("/once").text
    assert f"/polls/{here.slug}/ballot" in page and f"/polls/{elsewhere.slug}/ballot" not in page


def test_a_namesake_goes_to_the_desk(town):
    guest(town)
    with pytest.raises(SamePerson, match="동 주민센터"):
        guest(town, place=town.neighbourhood("독산1동"))
    assert many(Person) == 1


def test_two_of_one_name_are_told_apart_at_the_desk(town):
    for number in (0, 1):
        at = clock.now()
        person = saved(Person(identity_hash=ARAM.hash, distinguisher=number, created_at=at,
                              name_sealed=keys.seal(SEALED_NAME, ARAM.name),
                              birth_date_sealed=keys.seal(SEALED_BIRTH_DATE, ARAM.birth_date.isoformat())))
        town.resident(person_id=person.id)
    with pytest.raises(SamePerson, match="신분증"):
        guest(town)


def test_nobody_under_fourteen_takes_part(town):
    with pytest.raises(Refusal, match="14세"):
        guest(town, Identity("어린이", clock.now().date() - timedelta(days=13 * 365)))
    assert many(User) == many(Person) == 0


def test_an_account_is_made_of_it_with_the_same_person(town, browse):
    bench, (user, _begun) = town.proposal(), guest(town)
    supports.support(bench.id, by=user)
    once.make_account(NewAccount("aram.byeol", PASSWORD, agrees=True), device="Chrome", by=user)
    db.session.rollback()
    kept = db.session.get_one(User, user.id)
    assert not kept.is_guest and kept.person_id and kept.once_until is None
    assert sign_in(browse(), "aram.byeol").status_code == 302
    clock.shift(ONCE_LASTS.total_seconds() + 1)
    assert once.end_over() == 0 and db.session.get(Support, (bench.id, user.id))


def test_a_session_that_was_left_somewhere_makes_no_account(town):
    user, begun = guest(town)
    user.session_key = begun.secret
    clock.shift(PROOF_LASTS.total_seconds())
    with pytest.raises(Refusal, match="10분이 지났어요"):
        once.make_account(NewAccount("aram.byeol", PASSWORD, agrees=True), device="Chrome", by=user)
    db.session.rollback()
    assert db.session.get_one(User, user.id).is_guest


@pytest.mark.both
def test_one_session_is_left_of_somebody_who_goes_on_or_makes_an_account(town, browse):
    user, _first = guest(town)
    assert not guest(town)[1].is_new and many(UserSession) == 1
    once.make_account(NewAccount("aram.byeol", PASSWORD, agrees=True), device="Chrome", by=user,
                      session_id=db.session.scalar(sa.select(UserSession.id)))
    assert many(UserSession) == 1


def test_a_time_that_is_over_is_not_taken_up_again(town, browse):
    user, first = guest(town)
    client = browse(user)
    clock.shift(ONCE_LASTS.total_seconds() + 1)
    again, begun = guest(town)
    assert begun.is_new and again.id != user.id and many(Person) == 1
    assert db.session.get_one(User, user.id).left_at and client.get("/once").status_code == 200
    assert "다 했어요" not in client.get("/once").text


def test_an_account_with_a_passkey_is_made_of_it(app, town, monkeypatch):
    monkeypatch.setitem(app.config, "URL", SITE)
    user, _begun = guest(town)
    once.make_account(application(Authenticator(), "aram.byeol"), device="Chrome · Android", by=user)
    db.session.rollback()
    made = db.session.get_one(User, user.id)
    assert made.has_passkey and made.password_hash is None and made.person_id and not made.is_guest


@pytest.mark.both
def test_a_name_that_is_taken_leaves_everything_as_it_was(town):
    town.user(sign_in_name="taken.name")
    user, _begun = guest(town)
    with pytest.raises(Refusal) as refused:
        once.make_account(NewAccount("taken.name", PASSWORD, agrees=True), device="Chrome", by=user)
    assert refused.value.field == "name"
    db.session.rollback()
    assert db.session.get_one(User, user.id).is_guest


def test_an_account_neither_ends_nor_becomes_one(town):
    user = town.user()
    with pytest.raises(Denied):
        once.end(by=user)
    with pytest.raises(Denied):
        once.make_account(NewAccount("another.name", PASSWORD, agrees=True), device="Chrome", by=user)
    assert db.session.get_one(User, user.id).left_at is None


MAY = {"accounts.end_once"}
"""Without a thing; with one: vote, support, take part in a forum."""


def let_in(user, name):
    """True if a permission says yes, or goes on to look at the thing, of which there is none."""
    try:
        return policy.can(user, name)
    except AttributeError:
        return True


def test_they_may_nothing_else(town):
    user, _begun = guest(town)
    about = ABOUT_THE_THING | {"comments.remove"} | {name for name in policy.names() if name.startswith("forums.")}
    assert sorted(name for name in policy.names() if name not in about and let_in(user, name)) == sorted(MAY)
    told = policy.why_not(user, "proposals.write")
    assert "계정을 만들면" in told


def test_comments_and_follows_are_refused_with_what_would_help(town):
    bench, (user, _begun) = town.proposal(), guest(town)
    for act in (lambda: comments.write(bench.thread_id, stance=Stance.NOTE, text="좋아요, 그렇게 해 주세요.", by=user),
                lambda: supports.follow(bench.id, by=user), lambda: drafts.save_draft(
                    drafts.new_key(), Basics("골목을 고쳐 주세요"), version=0, by=user),
                lambda: residency.declare(AffiliationKind.WORK, town.neighbourhood().id, by=user)):
        with pytest.raises(Denied, match="계정"):
            act()
    db.session.rollback()


def test_a_page_that_is_not_for_them_leads_to_an_account(town, browse):
    proposal, (user, _begun) = town.proposal(), guest(town)
    page = browse(user).get(f"/reports/new?about=proposal:{proposal.id}").text
    assert "계정을 만들면" in page and 'href="/sign-up?next=/reports/new%3Fabout%3Dproposal%3A' in page


def test_the_desk_is_told_of_somebody_who_takes_part_just_now(town):
    guest(town)
    clerk = town.clerk()
    assert [one.sign_in_name for one in residency.compare(ARAM, by=clerk)] == [None]
    with pytest.raises(Refusal, match="다 했어요"):
        verified(town, who=ARAM, told_apart=residency.ToldApart(1, people.namesakes(ARAM)[0].id))
