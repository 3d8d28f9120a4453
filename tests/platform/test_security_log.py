"""Lines about what was refused: of every kind one, few however often somebody tries, and nothing about anybody."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from civic_forum.platform import page_limit, security_log
from civic_forum.platform.security_log import Refused, SecurityLog
from tests import limits
from tests.accounts.people import PASSWORD, member, password_hash, sign_in
from tests.accounts.test_second_factor import with_second_factor
from tests.factories import MAY

LINE = re.compile(r"security: ([a-z-]+) from=([0-9a-f]{12}|many) count=([0-9]+) page=([a-z_.]+|-|/socket.io/)")
HERE, THERE = "203.0.113.7", "198.51.100.9"
GUESS, NAME = "geraten 1-2-3", "sanho.kim"


@pytest.fixture
def told(app, caplog):
    """Gives kind, address, count and page of every line so far."""
    limits.forget()
    app.extensions[security_log.NAME] = SecurityLog(app)

    def lines():
        said = [record.getMessage() for record in caplog.records if record.name == "civic_forum.security"]
        found = [LINE.fullmatch(line) for line in said]
        assert all(found), said
        return [(Refused(line[1]), line[2], int(line[3]), line[4]) for line in found]

    yield lines
    limits.forget()


@pytest.fixture
def log(app, told, monkeypatch):
    """A log, and a way to the minutes after this one."""
    made, now = SecurityLog(app), [0.0]
    monkeypatch.setattr(security_log.time, "monotonic", lambda: now[0])
    made.wait = lambda: now.__setitem__(0, now[0] + 60)
    return made


def wrong_code(town, client, app, monkeypatch):
    with_second_factor(town, sign_in_name=NAME)
    sign_in(client, NAME)
    client.post("/sign-in/code", data={"code": "000000"})


def signed_in_first(town, client):
    member(town, sign_in_name=NAME)
    sign_in(client, NAME)


def wrong_proof(town, client, app, monkeypatch):
    signed_in_first(town, client)
    client.post("/sign-in/proof", data={"proof_password": GUESS, "proof_target": "/me"})


def page_of_the_desk(town, client, app, monkeypatch):
    signed_in_first(town, client)
    assert client.get("/desk/audit").status_code == 403


def too_many_searches(town, client, app, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_ADDRESS", 1)
    assert [client.get(f"/search?q={GUESS}").status_code for _try in range(2)] == [200, 429]


def too_many_pages(town, client, app, monkeypatch):
    log = app.extensions[security_log.NAME]
    monkeypatch.setattr(app, "wsgi_app", page_limit.PageLimit(app.wsgi_app, 1, [], log))
    assert client.get("/accessibility").status_code == 200 and client.get("/accessibility").status_code == 429


def without_a_token(town, client, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert client.post("/sign-in", data={"name": NAME, "password": GUESS}).status_code == 400


REFUSED = {
    "sign-in": (Refused.SIGN_IN, "accounts.sign_in_now", lambda town, client, app, monkeypatch: client.post(
        "/sign-in", data={"name": NAME, "password": GUESS})),
    "code of the desk": (
        Refused.SIGN_IN, "accounts.reset_with_code", lambda town, client, app, monkeypatch: client.post(
        "/reset-with-code", data={"name": NAME, "code": GUESS, "password": PASSWORD, "password_again": PASSWORD})),
    "second factor": (Refused.SECOND_FACTOR, "accounts.sign_in_with_code", wrong_code),
    "proof": (Refused.PROOF, "accounts.prove", wrong_proof),
    "right": (Refused.RIGHT, "desk.audit", page_of_the_desk),
    "not there": (
        Refused.NOT_THERE, "proposals.show", lambda town, client, app, monkeypatch: client.get("/proposals/9")),
    "limit": (Refused.LIMIT, "site.search", too_many_searches),
    "pages": (Refused.LIMIT, "-", too_many_pages),
    "token": (Refused.TOKEN, "accounts.sign_in_now", without_a_token),
    "filter": (Refused.MADE_UP, "proposals.index", lambda town, client, app, monkeypatch: client.get(
        f"/proposals?sort={GUESS}")),
}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("name", REFUSED)
def test_each_refusal_has_a_line_of_its_kind(app, town, browse, told, caplog, monkeypatch, name):
    client, (kind, page, refused) = browse(), REFUSED[name]
    client.environ_base["REMOTE_ADDR"] = HERE
    refused(town, client, app, monkeypatch)
    (line,) = told()
    assert (line[0], line[2], line[3]) == (kind, 1, page)
    for secret in (NAME, GUESS, PASSWORD, HERE):
        assert secret not in caplog.text.replace(NAME.capitalize(), NAME)


def test_nothing_right_or_only_asked_for_has_one(app, town, browse, told, at):
    at(MAY)
    client = browse(town.administrator(sign_in_name=NAME, password_hash=password_hash()), again=False)
    for path in ("/", "/me", "/desk/people", "/nothing/of/the/kind"):
        client.get(path)
    at(MAY + timedelta(minutes=11))
    asked = client.post("/desk/audit/exports", data={})
    assert asked.status_code == 403 and "/sign-in/proof" in asked.text
    assert told() == []


def test_nothing_of_a_ballot_or_a_receipt_is_noted(app, town, browse, told, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = browse()
    assert client.post("/kiosk", data={"code": "12345678"}).status_code == 400
    assert client.get("/receipts/aaaaaa/0.json").status_code == 404
    assert told() == []


def test_an_address_has_a_line_a_minute_that_says_how_many(log, told):
    for _try in range(1000):
        log.note(Refused.SIGN_IN, HERE, "accounts.sign_in_now")
    assert [line[2] for line in told()] == [1]
    log.wait()
    log.note(Refused.SIGN_IN, HERE, "accounts.sign_in_now")
    assert [line[2] for line in told()] == [1, 999]
    log.wait()
    log.note(Refused.RIGHT, THERE, "desk.audit")
    assert [(line[0], line[2]) for line in told()] == [
        (Refused.SIGN_IN, 1), (Refused.SIGN_IN, 999), (Refused.SIGN_IN, 1), (Refused.RIGHT, 1)]


def test_many_addresses_fill_neither_disk_nor_memory_and_all_are_counted(log, told):
    for minute in range(3):
        for number in range(5000):
            log.note(Refused.SIGN_IN, f"10.{minute}.{number // 250}.{number % 250}", "accounts.sign_in_now")
        log.note(Refused.SECOND_FACTOR, HERE, "accounts.sign_in_with_code")
        assert len(log.told) + len(log.waiting) <= 2 * (security_log.MOST + 2)
        log.wait()
    log.note(Refused.RIGHT, HERE, "desk.audit")
    of_kind = Counter()
    for kind, _address, count, _page in told():
        of_kind[kind] += count
    assert of_kind == {Refused.SIGN_IN: 15_000, Refused.SECOND_FACTOR: 3, Refused.RIGHT: 1}
    assert len(told()) <= 3 * (security_log.MOST + 1) + 3 + 1


def test_lines_of_an_address_belong_together_for_a_day_and_name_it_to_nobody(app, log, told, at, monkeypatch):
    def mark(address):
        log.wait()
        log.note(Refused.SIGN_IN, address, "-")
        return told()[-1][1]

    at(MAY)
    first = mark(HERE)
    at(MAY + timedelta(hours=1))
    assert mark(HERE) == first != mark(THERE)
    at(MAY + timedelta(days=1))
    assert mark(HERE) != first
    at(MAY)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of sixteen and more")
    assert mark(HERE) != first
