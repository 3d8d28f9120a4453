import os
import re
import subprocess
import sys
import threading
import unicodedata

import pytest
import sqlalchemy as sa
from argon2 import Parameters, Type, extract_parameters

from civic_forum.accounts import passwords, proofs
from civic_forum.accounts.models import User
from civic_forum.accounts.rules import PASSWORD_MOST
from civic_forum.accounts.services import codes, entry, profile
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.work import use_case

from tests.running.machine import patience
from .people import ANOTHER, PASSWORD, application, member, password_hash, sign_in
from .test_links_and_codes import has_address, wants_new_password


def test_a_hash_is_argon2id_and_fits_its_password_only():
    assert password_hash().startswith("$argon2id$")
    assert passwords.verify(PASSWORD, password_hash())
    assert not passwords.verify(PASSWORD + "!", password_hash())


@pytest.mark.in_turns(of=5)
def test_the_site_hashes_with_64_mib_three_times_in_four_lanes(real_hashes):
    intended = Parameters(type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=3, memory_cost=65536,
                          parallelism=4)
    assert extract_parameters(passwords.hashed(PASSWORD)) == intended
    assert extract_parameters(passwords._stand_in()) == intended


def test_a_password_fits_however_a_keyboard_composes_it():
    assert passwords.verify(unicodedata.normalize("NFD", PASSWORD), password_hash())


@pytest.mark.parametrize("broken", [None, "", "not a hash", "$argon2id$v=19$m=65536"])
def test_nothing_fits_a_hash_that_is_none(broken):
    assert not passwords.verify("nobody's password", broken)


def test_a_weaker_hash_is_to_be_made_anew(real_hashes):
    assert not passwords.needs_new_hash(password_hash())
    assert passwords.needs_new_hash("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b27tg")


def test_nothing_is_hashed_inside_a_transaction(town):
    with pytest.raises(RuntimeError, match="never hashed inside"), use_case(None):
        passwords.hashed(PASSWORD)


@pytest.mark.parametrize("act", [
    lambda user: entry.sign_in(user.sign_in_name, PASSWORD, device="Firefox"),
    lambda user: proofs.prove(PASSWORD, by=user),
    lambda user: profile.change_password(PASSWORD, ANOTHER, keep_session=None, by=user),
    lambda user: codes.reset_password(wants_new_password(user).rsplit("/", 1)[1], ANOTHER),
], ids=["sign-in", "proof", "change", "link"])
def test_no_connection_is_kept_while_a_password_waits_to_be_hashed(town, monkeypatch, act):
    kept, apart = [], passwords._apart
    monkeypatch.setattr(passwords, "_apart", lambda *given: kept.append(db.session().in_transaction()) or apart(*given))
    act(has_address(town))
    assert kept and not any(kept)


@pytest.mark.both
def test_a_password_that_changes_while_it_is_confirmed_proves_nothing(town, monkeypatch):
    user, matches = member(town), passwords._matches

    def changed_meanwhile(known, password):
        db.session.execute(sa.update(User).values(password_hash="another"))
        db.session.commit()
        return matches(known, password)

    monkeypatch.setattr(passwords, "_matches", changed_meanwhile)
    with pytest.raises(Refusal, match="그 사이에 비밀번호가 바뀌었어요"):
        proofs.prove(PASSWORD, by=user)


def test_under_gevent_a_hash_stands_in_a_thread_behind_those_that_serve_pages(monkeypatch):
    monkeypatch.setattr(passwords.monkey, "is_module_patched", lambda _module: True)
    try:
        thread, priority = passwords._apart(lambda: (threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0)))
    finally:
        passwords._thread().kill()
        passwords._thread.cache_clear()
    assert thread != threading.get_native_id() and priority == passwords.PATIENCE


@pytest.mark.in_turns(of=10)
def test_hashing_under_gevent_lets_the_others_have_their_turn():
    program = ("import warnings; warnings.simplefilter('ignore')\n"
               "from civic_forum.accounts import passwords\n"
               "from gevent import monkey; monkey.patch_all()\n"
               "import gevent\n"
               "turns = []\n"
               "def others():\n"
               "    while True: turns.append(1); gevent.sleep(0.005)\n"
               "gevent.spawn(others); gevent.sleep(0.01); before = len(turns)\n"
               "known = passwords.hashed('x')\n"
               "answers = [gevent.spawn(passwords.verify, 'x', known) for each in range(4)]\n"
               "gevent.joinall(answers); assert all(one.value for one in answers)\n"
               "print(len(turns) - before)\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 3


@pytest.mark.parametrize(("path", "kind"), [("/sign-up", "new"), ("/me/password", "new"), ("/reset-with-code", "new"),
                                            ("/sign-in", "current")])
def test_a_password_is_masked_and_may_come_from_a_keeper_of_passwords_whole(town, browse, path, kind):
    """A browser cuts what is pasted at `maxlength`, silently, and the password does not fit afterwards."""
    page = browse(member(town) if path.startswith("/me") else None).get(path).text
    fields = re.findall(r'<input[^>]*name="password[^>]*>', page)
    assert fields
    for field in fields:
        assert 'type="password"' in field and f'autocomplete="{kind}-password"' in field
        cut_at = re.search(r'maxlength="(\d+)"', field)
        assert (cut_at is None or int(cut_at[1]) > PASSWORD_MOST) and "onpaste" not in field


def test_a_password_is_taken_as_it_is_typed_up_to_128_characters(town, browse):
    long = (" Heron otter 버스 " * 11)[:128]
    signed = browse().post("/sign-up", data=application(password=long))
    assert signed.status_code == 302 and sign_in(browse(), "sanho.kim", long).status_code == 302
    for other in (long[:-1], long.lower(), long.strip()):
        assert sign_in(browse(), "sanho.kim", other).status_code == 422
    longer = application(name="other.one", password=long + "x")
    assert "128자보다 짧게" in browse().post("/sign-up", data=longer).text
