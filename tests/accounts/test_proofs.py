"""Password, and second factor where there is one, once more before what reaches other people or their data."""

import html
import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from civic_forum.accounts import proofs, totp
from civic_forum.accounts.models import AccessRecord, RoleGrant, UserSession
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import people, profile
from civic_forum.ballots.officers import services as officers
from civic_forum.desk import services as logs
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import ProofNeeded, Refusal

from tests.factories import MAY, signed_in

from .people import PASSWORD, password_hash
from .test_second_factor import with_second_factor

LATER = MAY + timedelta(minutes=10)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"|'
                    r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"')
REASON = "민원 전화를 받고 확인하려고요"


def hidden(page) -> dict:
    found = [(first or second, html.unescape(one or other)) for first, one, second, other in HIDDEN.findall(page.text)]
    form = page.text[page.text.index('action="/sign-in/proof"'):]
    return {name: value for name, value in found if f'name="{name}"' in form}


def signed(user):
    """The user as a request has them."""
    user.session_key = signed_in(user)
    return user


@pytest.fixture
def administrator(town, at):
    at(MAY)
    return signed(town.administrator(password_hash=password_hash()))


def acts(town):
    """Acts that ask for a proof, by name; each is done by an administrator."""
    somebody, held = town.resident(), town.moderator()
    lost = with_second_factor(town)
    return {
        "grant": lambda by: people.grant(somebody, Role.OBSERVER, by=by),
        "withdraw": lambda by: people.withdraw(held.grants[0].id, by=by),
        "look up": lambda by: people.look_up(somebody.sign_in_name, REASON, by=by),
        "open": lambda by: people.open_person(somebody, REASON, by=by),
        "audit": lambda by: logs.export_audit(_everything("AUDIT"), by=by),
        "access log": lambda by: logs.export_access_log(_everything("ACCESS"), by=by),
        "remove": lambda by: profile.remove(lost, by=by),
    }


def _everything(name):
    from civic_forum.desk import queries
    return getattr(queries, name).read({})


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("name", ["grant", "withdraw", "look up", "open", "audit", "access log", "remove"])
def test_services_ask_for_a_proof_of_the_last_ten_minutes(town, at, administrator, name):
    act = acts(town)[name]
    at(LATER)
    with pytest.raises(ProofNeeded):
        act(administrator)
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(AccessRecord))
    proofs.prove(PASSWORD, by=administrator)
    at(LATER + timedelta(minutes=9))
    act(administrator)


@pytest.mark.parametrize("name", ["grant", "look up", "remove"])
def test_a_sign_in_is_a_proof_and_commands_need_none(town, at, administrator, name):
    at(MAY + timedelta(minutes=9))
    acts(town)[name](administrator)


def test_commands_need_none(town, at, administrator):
    at(LATER + timedelta(days=1))
    administrator.session_key = None
    for act in acts(town).values():
        act(administrator)


@pytest.mark.both
def test_officers_and_confirmations_ask_too(town, at, administrator):
    saved_at = MAY + timedelta(days=30)
    db.session.execute(sa.update(RoleGrant).values(granted_at=MAY - timedelta(days=30)))
    db.session.commit()
    at(saved_at)
    with pytest.raises(ProofNeeded):
        officers.propose(town.moderator(), "기획예산과 팀장", by=administrator)


def test_a_proof_is_of_one_session(town, at, administrator):
    at(LATER)
    proofs.prove(PASSWORD, by=administrator)
    require_proof(administrator, clock.now())
    proved = administrator.session_key
    administrator.session_key = signed_in(administrator)
    at(LATER + timedelta(minutes=10))
    with pytest.raises(ProofNeeded):
        require_proof(administrator, clock.now())
    db.session.execute(sa.delete(UserSession))
    administrator.session_key = proved
    with pytest.raises(ProofNeeded):
        require_proof(administrator, clock.now())


def test_a_wrong_password_and_a_missing_code_prove_nothing(town, at):
    at(MAY)
    user = signed(with_second_factor(town))
    code = pyotp.TOTP(totp.readable(user.totp_secret)).at(LATER)
    at(LATER)
    for password, typed in (("falsch", code), (PASSWORD, None), (PASSWORD, "000000")):
        with pytest.raises(Refusal):
            proofs.prove(password, typed, by=user)
        with pytest.raises(ProofNeeded):
            require_proof(user, clock.now())
    proofs.prove(PASSWORD, code, by=user)
    require_proof(user, clock.now())
    assert db.session.scalars(sa.select(AuditEntry.action)).all().count("accounts.proved") == 1


def test_the_page_asks_and_goes_on_with_what_was_typed(town, browse, at, administrator):
    client, somebody = browse(administrator), town.resident()
    at(LATER)
    form = {"sign_in_name": somebody.sign_in_name, "role": "observer", "department": "", "neighbourhood": ""}
    page = client.post("/desk/roles", data=form)
    assert page.status_code == 403 and "비밀번호 다시 확인하기" in page.text and 'name="proof_code"' not in page.text
    kept = hidden(page)
    wrong = client.post("/sign-in/proof", data=kept | {"proof_password": "falsch"})
    assert wrong.status_code == 422 and hidden(wrong) == kept and "비밀번호가 맞지 않아요" in wrong.text
    assert "falsch" not in wrong.text and not somebody.grants
    done = client.post("/sign-in/proof", data=kept | {"proof_password": PASSWORD})
    assert (done.status_code, done.location) == (307, "/desk/roles")
    sent = client.post("/desk/roles", data=kept | {"proof_password": PASSWORD})
    assert sent.status_code == 302
    db.session.rollback()
    assert [one.role for one in somebody.grants] == [Role.OBSERVER]


def test_a_file_comes_after_it_is_asked_for(browse, at, administrator):
    client = browse(administrator)
    at(LATER)
    page = client.post("/desk/audit/exports?q=x", data={})
    assert page.status_code == 403
    done = client.post("/sign-in/proof", data=hidden(page) | {"proof_password": PASSWORD})
    assert (done.status_code, done.location) == (307, "/desk/audit/exports?q=x")
    assert client.post("/desk/audit/exports", data={}).mimetype == "text/csv"


@pytest.mark.parametrize("target", ["//evil.example/x", "https://evil.example", "/\\evil.example"])
def test_it_never_leads_to_another_site(browse, administrator, target):
    answer = browse(administrator).post("/sign-in/proof", data={"proof_password": PASSWORD, "proof_target": target})
    assert answer.location == "/"


def test_the_code_is_asked_for_and_secrets_do_not_travel(town, browse, at):
    at(MAY)
    user = with_second_factor(town)
    db.session.add(RoleGrant(user_id=user.id, role=Role.ADMINISTRATOR, granted_at=MAY))
    db.session.commit()
    client = browse(user)
    at(LATER)
    page = client.post("/desk/people", data={"person": "<b>누구</b>", "reason": REASON, "password": "비밀 글",
                                             "code": "135790"})
    assert page.status_code == 403 and 'name="proof_code"' in page.text
    assert "비밀 글" not in page.text and "135790" not in page.text and "<b>누구" not in page.text
    assert hidden(page)["person"] == "<b>누구</b>"
    code = pyotp.TOTP(totp.readable(user.totp_secret)).at(LATER)
    assert client.post("/sign-in/proof", data=hidden(page) | {"proof_password": PASSWORD}).status_code == 422
    assert client.post("/sign-in/proof", data=hidden(page) | {
        "proof_password": PASSWORD, "proof_code": code}).status_code == 307


def test_a_script_is_told_as_problem_details(browse, at, administrator):
    client = browse(administrator)
    at(LATER)
    answer = client.post("/desk/people", data={"person": "x", "reason": REASON}, headers={"Accept": "application/json"})
    assert answer.status_code == 403 and answer.mimetype == "application/problem+json"
