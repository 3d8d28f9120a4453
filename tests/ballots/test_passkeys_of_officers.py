"""Outside a sample, what decides a vote is confirmed by a passkey; by the code of an app where the address of the site
can have none."""

import pytest

from civic_forum.accounts import proofs
from civic_forum.accounts.queries.passkeys import of_user
from civic_forum.accounts.services import passkeys, profile
from civic_forum.ballots import terminal
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officers import services as officers
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, ProofNeeded, Refusal
from tests.accounts.authenticator import SITE
from tests.accounts.people import PASSWORD, password_hash
from tests.accounts.test_passkeys import fresh, with_passkey
from tests.accounts.test_second_factor import code
from tests.accounts.virtual import authenticator
from tests.ballots.boxes import box
from tests.ballots.officials import EARLY, FIRST, SECOND, with_codes
from tests.servers import axe, in_process

WITHOUT = "투표의 일은 패스키로 확인해요"


@pytest.fixture
def real(app, monkeypatch):
    """Not a marked sample, by a name."""
    for name, value in (("STAFF_TOTP", "auto"), ("SAMPLE", False), ("URL", SITE)):
        monkeypatch.setitem(app.config, name, value)
    return app


@pytest.fixture
def officials(town):
    """Two with a code of an app each, of whom the second confirms."""
    return [with_codes(make(password_hash=password_hash())) for make in (town.moderator, town.official)]


@pytest.fixture
def proposed(officials):
    return confirmations.propose(ConfirmedAction.CLOSE_EARLY, box(3).id, note=EARLY, by=officials[0])


def is_confirmed(proposed):
    db.session.rollback()
    db.session.refresh(proposed)
    return proposed.confirmed_at is not None


def test_an_officer_without_a_passkey_does_not_confirm(officials, proposed, real):
    with pytest.raises(Denied, match=WITHOUT):
        confirmations.confirm(proposed.id, by=officials[1])
    assert not is_confirmed(proposed)


def test_a_passkey_that_was_not_used_lately_is_asked_for(officials, proposed, real, at):
    confirming = fresh(officials[1])
    key = with_passkey(confirming)
    confirming = fresh(confirming)
    clock.shift(31)
    proofs.prove(PASSWORD, code(confirming), by=confirming)
    with pytest.raises(ProofNeeded) as needed:
        confirmations.confirm(proposed.id, by=confirming)
    assert needed.value.passkey and not is_confirmed(proposed)
    proofs.prove(key.use(passkeys.options_to_prove(by=confirming)), by=confirming)
    confirmations.confirm(proposed.id, by=confirming)
    assert is_confirmed(proposed)


def test_password_and_code_make_and_remove_no_passkey_beside_one(officials, real, at):
    confirming = fresh(officials[1])
    key = with_passkey(confirming)
    confirming = fresh(confirming)
    [known] = of_user(confirming.id)
    clock.shift(31)
    proofs.prove(PASSWORD, code(confirming), by=confirming)
    for act in (lambda: passkeys.options_to_make(by=confirming), lambda: passkeys.remove(known.id, by=confirming)):
        with pytest.raises(ProofNeeded) as needed:
            act()
        assert needed.value.passkey
    proofs.prove(key.use(passkeys.options_to_prove(by=confirming)), by=confirming)
    assert passkeys.options_to_make(by=confirming)
    passkeys.remove(known.id, by=confirming)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("name", "value"), [("SAMPLE", True), ("URL", "https://192.0.2.7")])
def test_in_a_sample_and_at_an_address_of_numbers_the_code_of_an_app_is_enough(officials, proposed, real, monkeypatch,
                                                                               name, value):
    monkeypatch.setitem(real.config, name, value)
    confirming = fresh(officials[1])
    clock.shift(31)
    proofs.prove(PASSWORD, code(confirming), by=confirming)
    confirmations.confirm(proposed.id, by=confirming)
    assert is_confirmed(proposed)


@pytest.mark.in_turns(of=5)
def test_a_copy_of_the_key_takes_a_passkey_too(officials, real):
    made = box(3)
    key_copies.propose(made.id, FIRST, by=officials[0])
    with pytest.raises(Denied, match=WITHOUT):
        key_copies.confirm(made.id, SECOND, by=officials[1])


def test_so_does_granting_an_officer(town, real):
    administrator = with_codes(town.administrator(password_hash=password_hash()))
    with pytest.raises(Denied, match=WITHOUT):
        officers.propose(town.official(), "주민참여과 참여소통팀장", by=administrator)


def test_the_page_of_officers_says_that_a_passkey_is_missing(town, real, browse):
    page = browse(with_codes(town.administrator(password_hash=password_hash()))).get("/desk/officers")
    assert page.status_code == 200 and page.text.count("투표의 일은 패스키로 확인해요") == 1
    assert '<a class="krds-btn large primary" href="/me/passkeys">' in page.text


@pytest.mark.both
def test_somebody_without_a_passkey_becomes_no_officer(town, real):
    administrator, official = town.administrator(), with_codes(town.official(password_hash=password_hash()))
    key = with_passkey(fresh(administrator))
    administrator = fresh(administrator)
    proofs.prove(key.use(passkeys.options_to_prove(by=administrator)), by=administrator)
    with pytest.raises(Refusal, match="패스키가 있는 사람만 담당관이"):
        officers.propose(official, "주민참여과 참여소통팀장", by=administrator)


def test_commands_take_no_passkeys(town, real):
    official = town.official(password_hash=password_hash())
    key = with_passkey(official)
    with pytest.raises(Denied, match="명령에서는 패스키를 쓸 수 없어요"):
        terminal.person(official.sign_in_name)
    profile.begin(key.use(passkeys.options_to_prove(by=official)), by=official)
    profile.confirm(code(official), session_id=None, by=official)
    assert terminal.person(official.sign_in_name).id == official.id


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [390])
def test_an_officer_makes_one_and_confirms_by_it(app, officials, proposed, real, served, window, monkeypatch, width):
    address = served.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(app.config, "URL", address)
    page = window(base_url=address, width=width)
    desk = f"/desk/votes/{proposed.box_id.hex()}"
    with authenticator(page):
        in_process.sign_in(page, app, address, officials[1])
        assert page.goto(desk).status == 200
        assert page.get_by_text(WITHOUT).is_visible() and page.get_by_role("button", name="확인하고").count() == 0
        assert axe.violations(page) == []
        page.get_by_role("link", name="패스키 만들기").click()
        page.wait_for_url("**/me/passkeys")
        page.wait_for_selector("html[data-enhanced]", state="attached")
        page.get_by_role("button", name="패스키 만들기").click()
        page.get_by_text("패스키를 만들었어요").wait_for()
        page.goto(desk)
        assert page.get_by_label("내 비밀번호").count() == 0 and axe.violations(page) == []
        with page.expect_navigation():
            page.get_by_role("button", name="확인하고").click()
    assert is_confirmed(proposed)
