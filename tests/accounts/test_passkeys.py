"""Passkeys: made, used and removed, on both databases; and every answer that is not right."""

import json
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa

from civic_forum.accounts import authenticators, proofs
from civic_forum.accounts.authenticators import Answer
from civic_forum.accounts.models import Passkey, PasskeyChallenge, User, UserSession
from civic_forum.accounts.operations import Wrong, require_proof
from civic_forum.accounts.rules import CHALLENGE_LASTS, PASSKEYS_MOST, PROOF_LASTS, Role
from civic_forum.accounts.services import entry, leaving, passkeys, people, profile
from civic_forum.accounts.services.entry import NewAccount
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, ProofNeeded, Refusal
from civic_forum.platform.outbox import OutgoingMail
from civic_forum.platform.work import use_case

from tests.factories import MAY, signed_in
from tests.racing import held, on_postgresql

from .authenticator import PRESENT, SITE, Authenticator, data
from .people import PASSWORD, member
from .test_leaving import everything_stored

NUMBERS = "https://192.0.2.7"


@pytest.fixture(autouse=True)
def named_site(app, monkeypatch):
    monkeypatch.setitem(app.config, "URL", SITE)


@pytest.fixture
def strict(app, monkeypatch):
    """Staff need a second factor, as outside a sample."""
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")


def with_passkey(user, key=None, name="Chrome · Android"):
    """An authenticator with a passkey of the user."""
    key = key or Authenticator()
    passkeys.make(key.make(passkeys.options_to_make(by=user)), name, by=user)
    return key


def sign_in(key, **changes):
    return passkeys.sign_in(key.use(passkeys.options_to_sign_in(), **changes), device="Chrome", knows=lambda name: True)


def fresh(user):
    """The user as a request has them, read anew."""
    db.session.rollback()
    user = db.session.get(User, user.id, populate_existing=True)
    user.session_key = signed_in(user)
    return user


def mails():
    db.session.rollback()
    return db.session.scalars(sa.select(OutgoingMail.kind).order_by(OutgoingMail.id)).all()


def actions():
    db.session.rollback()
    return db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()


# Making one and signing in


def test_somebody_makes_a_passkey_and_signs_in_by_it_without_a_name(town, at):
    at(MAY)
    user = member(town, sign_in_name="sanho.kim", confirmed_email="a@example.org", email="a@example.org")
    options = json.loads(passkeys.options_to_make(by=user))
    assert options["rp"] == {"name": authenticators.current_app.config["SITE_NAME"], "id": "localhost"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required" and options["attestation"] == "none"
    key = with_passkey(user)
    entered = sign_in(key)
    assert entered.sign_in_name == "sanho.kim"
    opened = db.session.scalars(sa.select(UserSession)).one()
    assert opened.user_id == user.id and opened.passkey_at == clock.now() == opened.created_at
    kept = db.session.scalars(sa.select(Passkey)).one()
    assert (kept.name, kept.sign_count, kept.used_on) == ("Chrome · Android", 1, date(2030, 5, 1))
    assert mails() == ["passkey_made"] and actions()[-2:] == ["accounts.passkey_made", "accounts.signed_in"]


def test_options_name_those_that_are_known_already(town):
    user = member(town)
    key = with_passkey(user)
    assert [data(one["id"]) for one in json.loads(passkeys.options_to_make(by=user))["excludeCredentials"]] == [key.id]
    assert [data(one["id"]) for one in json.loads(passkeys.options_to_prove(by=user))["allowCredentials"]] == [key.id]
    assert not json.loads(passkeys.options_to_sign_in()).get("allowCredentials"), "says nothing of who has one"


def test_one_that_counts_nothing_is_used_again_and_again(town):
    key = with_passkey(member(town), Authenticator(counts=False))
    assert sign_in(key) and sign_in(key)


@pytest.mark.both
def test_the_owner_is_told_of_a_device_that_does_not_know_the_account(town):
    key = with_passkey(member(town, email="a@example.org", confirmed_email="a@example.org"))
    passkeys.sign_in(key.use(passkeys.options_to_sign_in()), device="Chrome", knows=lambda name: False)
    assert mails() == ["passkey_made", "new_device"]


def test_somebody_who_is_blocked_stays_out(town):
    user = member(town)
    key = with_passkey(user)
    user.blocked_at = clock.now()
    db.session.commit()
    with pytest.raises(entry.Blocked):
        sign_in(key)
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(UserSession))


# Answers that are not right


def test_an_answer_works_once(town):
    key = with_passkey(member(town))
    answer = key.use(passkeys.options_to_sign_in())
    assert passkeys.sign_in(answer, device="", knows=lambda name: True)
    with pytest.raises(Refusal, match="이미 쓴 확인"):
        passkeys.sign_in(answer, device="", knows=lambda name: True)
    assert db.session.scalars(sa.select(Passkey)).one().copied_on is None, "the count was not looked at"


@pytest.mark.both
def test_a_challenge_lasts_minutes(town, at):
    at(MAY)
    key = with_passkey(member(town))
    options = passkeys.options_to_sign_in()
    at(MAY + CHALLENGE_LASTS)
    with pytest.raises(Refusal, match="시간이 지났거나"):
        passkeys.sign_in(key.use(options), device="", knows=lambda name: True)
    assert entry.throw_away_old() == 1 and not db.session.scalar(sa.select(PasskeyChallenge.id))


def test_a_challenge_is_for_one_use_of_one_person(town):
    user, other = member(town), member(town)
    key, strange = with_passkey(user), with_passkey(other)
    for options in (passkeys.options_to_make(by=user), passkeys.options_to_prove(by=user)):
        with pytest.raises(Refusal, match="이미 쓴 확인"):
            passkeys.sign_in(key.use(options), device="", knows=lambda name: True)
    with pytest.raises(Refusal, match="이미 쓴 확인"):
        proofs.prove(key.use(passkeys.options_to_sign_in()), by=user)
    with pytest.raises(Refusal, match="이미 쓴 확인"):
        proofs.prove(key.use(passkeys.options_to_prove(by=user)), by=other)
    with pytest.raises(Refusal, match="다른 계정의 것"):
        proofs.prove(strange.use(passkeys.options_to_prove(by=user)), by=user)


@pytest.mark.parametrize("changes", [{"origin": "https://localhost.example.org"}, {"origin": "http://localhost"},
                                     {"origin": "https://localhost:5000"}])
def test_an_answer_that_was_given_to_another_site_is_refused(town, changes):
    user = member(town)
    key = with_passkey(user)
    with pytest.raises(Refusal, match="다른 사이트에 준 답"):
        sign_in(key, **changes)
    with pytest.raises(Refusal, match="다른 사이트에 준 답"):
        passkeys.make(Authenticator().make(passkeys.options_to_make(by=user), **changes), "x", by=user)


def test_a_passkey_of_another_site_is_refused(town):
    user = member(town)
    key = with_passkey(user)
    key.host = "example.org"
    with pytest.raises(Refusal, match="확인하지 못했어요"):
        sign_in(key)
    with pytest.raises(Refusal, match="확인하지 못했어요"):
        passkeys.make(Authenticator(host="example.org").make(passkeys.options_to_make(by=user)), "x", by=user)
    with pytest.raises(Wrong, match="여기에서 쓸 수 없는"):
        sign_in(Authenticator())


def test_nobody_comes_in_without_finger_face_or_pin(town):
    user = member(town)
    key = with_passkey(user)
    key.flags = PRESENT
    with pytest.raises(Refusal, match="확인하지 못했어요"):
        sign_in(key)
    with pytest.raises(Refusal, match="확인하지 못했어요"):
        passkeys.make(Authenticator(flags=PRESENT).make(passkeys.options_to_make(by=user)), "x", by=user)


def test_a_wrong_signature_uses_the_challenge_up_and_marks_no_copy(town):
    key = with_passkey(member(town))
    sign_in(key)
    forger = Authenticator()
    forger.id, forger.count = key.id, -1
    options = passkeys.options_to_sign_in()
    with pytest.raises(Refusal, match="확인하지 못했어요"):
        passkeys.sign_in(forger.use(options), device="", knows=lambda name: True)
    with pytest.raises(Refusal, match="이미 쓴 확인"):
        passkeys.sign_in(key.use(options), device="", knows=lambda name: True)
    assert sign_in(key), "nobody without the key has it taken for a copy"


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '"a"', "1e999", '{"rawId": 3, "response": {}}', "[" * 5000,
                                  '{"rawId": "AA", "response": {"clientDataJSON": "AA"}}'])
def test_anything_else_is_refused_with_a_sentence(town, text):
    user = member(town)
    with pytest.raises(Refusal, match="패스키를 확인하지 못했어요"):
        passkeys.sign_in(Answer(text), device="", knows=lambda name: True)
    with pytest.raises(Refusal, match="패스키를 확인하지 못했어요"):
        passkeys.make(Answer(text), "x", by=user)


def test_broken_parts_of_an_answer_are_refused(town):
    key = with_passkey(member(town))
    for part in ("authenticatorData", "signature", "clientDataJSON"):
        answer = json.loads(key.use(passkeys.options_to_sign_in()).text)
        answer["response"][part] = answer["response"][part][:-9]
        with pytest.raises(Refusal):
            passkeys.sign_in(Answer(json.dumps(answer)), device="", knows=lambda name: True)
    assert sign_in(key)


def test_a_copied_passkey_is_refused_told_and_shown(town, browse, at):
    at(MAY)
    user = member(town, email="a@example.org", confirmed_email="a@example.org")
    key = with_passkey(user)
    copy = key.copied()
    sign_in(key)
    sign_in(key)
    with pytest.raises(Wrong, match="복사된 것으로 보이는"):
        sign_in(copy)
    assert mails() == ["passkey_made", "passkey_copied"] and "accounts.passkey_copied" in actions()
    assert db.session.get(User, user.id).passkey_since is None
    with pytest.raises(Wrong, match="복사된 것으로 보이는"):
        sign_in(key)
    assert mails() == ["passkey_made", "passkey_copied"], "told once"
    assert "복사된 것으로 보여 막았어요" in browse(user).get("/me/passkeys").text


# Proofs


def test_a_passkey_proves_who_is_there(town, at):
    at(MAY)
    user = fresh(member(town))
    key = with_passkey(user)
    user = fresh(user)
    at(MAY + PROOF_LASTS)
    with pytest.raises(ProofNeeded):
        require_proof(user, clock.now())
    proofs.prove(key.use(passkeys.options_to_prove(by=user)), by=user)
    require_proof(user, clock.now())
    require_proof(user, clock.now(), passkey=True)
    at(MAY + 2 * PROOF_LASTS)
    proofs.prove(PASSWORD, by=user)
    require_proof(user, clock.now())
    with pytest.raises(ProofNeeded) as needed:
        require_proof(user, clock.now(), passkey=True)
    assert needed.value.passkey


def test_making_and_removing_ask_for_a_fresh_proof(town, at):
    at(MAY)
    user = fresh(member(town))
    with_passkey(user)
    known = db.session.scalars(sa.select(Passkey.id)).one()
    options = passkeys.options_to_make(by=user)
    at(MAY + PROOF_LASTS)
    for act in (lambda: passkeys.options_to_make(by=user), lambda: passkeys.remove(known, by=user),
                lambda: passkeys.make(Authenticator().make(options), "x", by=user)):
        with pytest.raises(ProofNeeded):
            act()
    proofs.prove(PASSWORD, by=user)
    passkeys.remove(known, by=user)
    with pytest.raises(NotFound):
        passkeys.remove(known, by=user)
    assert fresh(user).passkey_since is None


# Bounds


def test_ten_of_one_account_at_most(town):
    user = member(town)
    for _n in range(PASSKEYS_MOST - 1):
        with_passkey(user)
    late = Authenticator().make(passkeys.options_to_make(by=user))
    with_passkey(user)
    with pytest.raises(Refusal, match="10개까지"):
        passkeys.options_to_make(by=user)
    with pytest.raises(Refusal, match="10개까지"):
        passkeys.make(late, "x", by=user)


def test_an_id_that_is_longer_than_the_standard_allows_is_refused(town):
    user, key = member(town), Authenticator()
    key.id = bytes(1024)
    with pytest.raises(Refusal, match="확인하지 못했어요"):
        with_passkey(user, key)
    key.id = bytes(1023)
    with_passkey(user, key)


@pytest.mark.both
def test_the_same_passkey_is_kept_once(town):
    key = with_passkey(member(town))
    other = member(town)
    with pytest.raises(Refusal, match="이미 만든"):
        with_passkey(other, key)


@pytest.mark.parametrize("name", ["", "   ", "가" * 41])
def test_a_name_that_does_not_fit_is_refused_before_anything_is_kept(town, name):
    with pytest.raises(Refusal) as wrong:
        with_passkey(member(town), name=name)
    assert wrong.value.field == "name"


@pytest.mark.both
def test_the_last_way_in_is_never_removed(town):
    user = member(town, password_hash=None)
    with_passkey(user)
    with_passkey(user, name="another")
    first, second = db.session.scalars(sa.select(Passkey.id).order_by(Passkey.id)).all()
    passkeys.remove(first, by=user)
    with pytest.raises(Refusal, match="하나 남은 패스키"):
        passkeys.remove(second, by=user)


@pytest.mark.both
def test_a_copied_one_is_no_way_in(town):
    user = member(town, password_hash=None)
    with_passkey(user)
    with_passkey(user, name="copied")
    first, copied = db.session.scalars(sa.select(Passkey).order_by(Passkey.id)).all()
    copied.copied_on = date(2030, 5, 1)
    db.session.commit()
    with pytest.raises(Refusal, match="하나 남은 패스키"):
        passkeys.remove(first.id, by=user)
    passkeys.remove(copied.id, by=user)


@on_postgresql
def test_of_two_who_remove_the_last_two_one_is_refused(town):
    user = member(town, password_hash=None)
    with_passkey(user)
    with_passkey(user, name="another")
    first, second = db.session.scalars(sa.select(Passkey).order_by(Passkey.id)).all()
    mine, number = db.session.get(User, user.id), second.id
    with held(mine, gone=first), pytest.raises(Refusal, match="하나 남은 패스키"):
        passkeys.remove(number, by=user)


def test_an_address_of_numbers_has_no_passkeys(app, town, monkeypatch):
    user = member(town)
    with_passkey(user)
    monkeypatch.setitem(app.config, "URL", NUMBERS)
    assert not fresh(user).has_passkey
    for act in (lambda: passkeys.options_to_make(by=user), passkeys.options_to_sign_in,
                lambda: passkeys.options_to_prove(by=user)):
        with pytest.raises(Denied, match="주소가 이름이 아니라 숫자"):
            act()


# An account without a password


def test_an_account_without_a_password_does_everything_by_its_passkey(town):
    user = member(town, password_hash=None, sign_in_name="sanho.kim")
    key = with_passkey(user)

    def answer():
        return key.use(passkeys.options_to_prove(by=user))

    profile.change_email("a@example.org", answer(), by=user)
    profile.begin(answer(), by=user)
    leaving.confirm_download(answer(), by=user)
    profile.change_password(answer(), PASSWORD, keep_session=None, by=user)
    assert entry.sign_in("sanho.kim", PASSWORD, device="").secret
    leaving.leave(answer(), by=user)
    assert db.session.get(User, user.id, populate_existing=True).left_at


# Staff


def test_a_passkey_is_a_second_factor_of_staff(town, strict):
    clerk = member(town, sign_in_name="sanho.kim")
    people.grant(clerk, Role.ADMINISTRATOR, by=None)
    assert fresh(clerk).lacks_second_factor and entry.sign_in("sanho.kim", PASSWORD, device="").secret
    key = with_passkey(clerk)
    clerk = fresh(clerk)
    assert not clerk.lacks_second_factor and clerk.has(Role.ADMINISTRATOR)
    with pytest.raises(Denied, match="패스키로 로그인해"):
        entry.sign_in("sanho.kim", PASSWORD, device="")
    for alone in (proofs.prove, profile.begin, leaving.leave, leaving.confirm_download,
                  partial(profile.change_email, "b@example.org"), proofs.confirm_own_password):
        with pytest.raises(Refusal, match="패스키로 확인해"):
            alone(PASSWORD, by=clerk)
    with pytest.raises(Refusal, match="패스키로 확인해"):
        profile.change_password(PASSWORD, "another " + PASSWORD, keep_session=None, by=clerk)
    assert sign_in(key).secret


def test_a_role_that_came_while_the_password_was_looked_at_asks_for_the_passkey(town, strict):
    user = member(town)
    with_passkey(user)
    known = proofs.confirm_own_password(PASSWORD, by=fresh(user))
    people.grant(user, Role.ADMINISTRATOR, by=None)
    with use_case(user), pytest.raises(Refusal, match="패스키로 확인해"):
        proofs.held_with_password(user, known)


@pytest.mark.both
def test_the_first_passkey_of_staff_ends_sessions_that_came_without_one(town):
    clerk, resident = town.clerk(), member(town)
    for user, left in ((clerk, 0), (resident, 1)):
        signed_in(user)
        with_passkey(user)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession).filter_by(user_id=user.id)) == left


def test_a_role_ends_the_sessions_of_who_may_have_come_by_password_alone(town):
    user = member(town)
    with_passkey(user)
    signed_in(user)
    people.grant(user, Role.OBSERVER, by=None)
    assert db.session.scalar(sa.select(UserSession.id))
    people.grant(user, Role.MODERATOR, by=None)
    assert not db.session.scalar(sa.select(UserSession.id))


def test_an_administrator_takes_off_what_somebody_lost(town):
    administrator, clerk = town.administrator(), member(town)
    with_passkey(clerk)
    profile.remove(clerk, by=administrator)
    assert not db.session.scalar(sa.select(Passkey.id)) and fresh(clerk).passkey_since is None


# Leaving, taking along


def test_nothing_of_a_passkey_is_found_after_leaving(app, town):
    user = member(town)
    key = with_passkey(user, name="나그네의 전화기")
    passkeys.options_to_prove(by=user)
    kept = db.session.scalars(sa.select(Passkey)).one()
    needles = [key.id, bytes(kept.public_key), "나그네의 전화기".encode()]
    assert all(any(needle in content for _place, content in everything_stored(app)) for needle in needles[:1])
    leaving.leave(PASSWORD, by=user)
    assert not [place for place, content in everything_stored(app) for needle in needles if needle in content]
    assert not db.session.scalar(sa.select(PasskeyChallenge.id))


def test_ones_own_data_say_which_passkeys_there_are(town):
    from civic_forum.accounts.queries import own_data
    user = member(town)
    with_passkey(user)
    found = own_data.account(user)["passkeys"]
    assert [one["name"] for one in found] == ["Chrome · Android"] and set(found[0]) == {
        "name", "created_at", "used_on", "copied_on"}


def application(key, name="sanho.kim", **changes):
    """A registration with the passkey that `key` makes for it."""
    return NewAccount(name=name, password=key.make(passkeys.options_to_sign_up(name), **changes), agrees=True)


class TestSigningUp:
    def test_a_passkey_takes_the_place_of_the_password(self, town):
        key = Authenticator()
        secret = entry.sign_up(application(key), device="Chrome · Android")
        user = db.session.scalar(sa.select(User))
        assert user.password_hash is None and user.passkey_since is not None and user.has_passkey
        assert [(one.name, one.credential_id) for one in db.session.scalars(sa.select(Passkey))] == [
            ("Chrome · Android", key.id)]
        session = db.session.scalar(sa.select(UserSession))
        assert secret and session.passkey_at is not None
        assert sign_in(key).sign_in_name == "sanho.kim"
        assert not db.session.scalar(sa.select(PasskeyChallenge.id))
        with pytest.raises(Wrong):
            entry.sign_in("sanho.kim", "", device="Chrome")

    @pytest.mark.parametrize("name", ["sanho.kim", "SANHO.KIM", "관리자", "admin1", "x"])
    def test_no_passkey_is_made_for_a_name_that_is_taken_or_unfit(self, town, name):
        town.user(sign_in_name="sanho.kim")
        with pytest.raises(Refusal, match="이 이름은 쓸 수 없어요"):
            passkeys.options_to_sign_up(name)
        assert not db.session.scalar(sa.select(PasskeyChallenge.id))

    @pytest.mark.both
    def test_an_answer_counts_once_and_only_for_what_it_was_asked_for(self, town):
        key, other = Authenticator(), Authenticator()
        again = application(key)
        entry.sign_up(again, device="Chrome")
        mine = other.make(passkeys.options_to_make(by=fresh(member(town))))
        for answer in (again.password, mine, Authenticator(origin="https://evil.example").make(
                passkeys.options_to_sign_up("another1")), Answer("none"), Answer("")):
            with pytest.raises(Refusal):
                entry.sign_up(NewAccount(name="another1", password=answer, agrees=True), device="Chrome")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Passkey)) == 1
        assert not db.session.scalar(sa.select(User.id).filter_by(sign_in_name="another1"))

    @pytest.mark.both
    def test_an_answer_that_is_late_makes_no_account(self, town, at):
        at(MAY)
        late = application(Authenticator())
        at(MAY + CHALLENGE_LASTS)
        with pytest.raises(Refusal, match="시간이 지났"):
            entry.sign_up(late, device="Chrome")
        assert not db.session.scalar(sa.select(User.id))

    @pytest.mark.both
    def test_a_name_that_was_taken_meanwhile_makes_no_passkey(self, town):
        late = application(Authenticator())
        town.user(sign_in_name="sanho.kim")
        with pytest.raises(Refusal, match="이 이름은 쓸 수 없어요"):
            entry.sign_up(late, device="Chrome")
        assert not db.session.scalar(sa.select(Passkey.id))

    def test_a_site_without_a_name_offers_none(self, town, app, browse, monkeypatch):
        assert "패스키로 가입하기" in browse().get("/sign-up").text
        monkeypatch.setitem(app.config, "URL", NUMBERS)
        assert "패스키로 가입하기" not in browse().get("/sign-up").text
        with pytest.raises(Denied):
            passkeys.options_to_sign_up("sanho.kim")

    def test_the_form_is_looked_at_before_there_is_a_passkey(self, town, browse):
        filled = {"name": "sanho.kim", "age": "y", "terms": "y", "privacy": "y"}
        client = browse()
        for without in filled:
            asked = client.post("/sign-up/passkey/challenges", headers={"Accept": "application/json"},
                                data={name: value for name, value in filled.items() if name != without})
            assert asked.status_code == 422, without
            page = client.post("/sign-up", data={"passkey": "none"} | {
                name: value for name, value in filled.items() if name != without})
            assert page.status_code == 422 and "비밀번호를 적어 주세요" not in page.text
        options = client.post("/sign-up/passkey/challenges", headers={"Accept": "application/json"}, data=filled)
        answer = Authenticator().make(options.text)
        done = client.post("/sign-up", data=filled | {"passkey": answer.text, "next": "/proposals"})
        assert done.location == "/welcome?next=/proposals"
