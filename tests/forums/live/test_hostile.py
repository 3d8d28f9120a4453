"""People who do not keep to the rules: they are refused or dropped, and nobody else notices."""

import json
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest

from civic_forum.accounts.models import User, UserSession
from civic_forum.forums.live.connection_throttle import BROKEN_S, EACH_S
from civic_forum.forums import operations
from civic_forum.forums import queries as forums
from civic_forum.forums.rules import ForumEventKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.running.machine import patience

from . import halls
from .raw import Raw, handshake

pytestmark = pytest.mark.servers
ESTABLISHED = "01"
SENT = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A hall on SQLite with its site, for all tests here."""
    made = halls.settle(tmp_path_factory.mktemp("hostile") / "data", people=6)
    with halls.running(made) as site:
        made.url, made.log = site.url, site.log
        yield made


@pytest.fixture
def line(place):
    """Opens sockets by hand; all are closed after the test."""
    opened = []

    def connect(cookie="", **headers):
        opened.append(Raw(place.url, cookie, **headers))
        return opened[-1]

    yield connect
    for one in opened:
        one.leave()


@pytest.fixture
def writers(place):
    with halls.writing(place, place.url) as writers:
        yield writers


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_pages_of_other_sites_get_no_socket(place, line, origin):
    assert handshake(place.url, Origin=origin) == 400
    assert handshake(place.url, Origin=place.url) == 101
    assert line(Origin=place.url).join(place.slug).hear("40") is not None


def test_there_is_no_polling(place):
    for query in ("EIO=4&transport=polling", "EIO=4", "EIO=4&transport=websocket"):
        assert halls.answer(place.url, f"/socket.io/?{query}")[0] == 400


@pytest.mark.in_turns(of=5)
def test_a_client_that_names_no_forum_hears_nothing(line):
    refused = {auth: line() for auth in (
        "", "{}", '{"forum":"none-of-ours","after":0}', '{"forum":["night"],"after":0}',
        '{"forum":"../desk","after":0}')}
    for auth, one in refused.items():
        one.say(f"40{auth}")
        assert one.hear("44") is not None, auth
    assert [one.hear("42", seconds=0.25) for one in refused.values()] == [None] * len(refused)


def test_a_forum_that_is_being_prepared_is_told_to_nobody(place, line):
    def hide(announced_at):
        forums.by_slug(place.slug).announced_at = announced_at
        db.session.commit()

    place.change(lambda: hide(None))
    try:
        assert line().join(place.slug).hear("44") is not None
    finally:
        place.change(lambda: hide(clock.now()))
    assert line().join(place.slug).hear("40") is not None


@pytest.mark.in_turns(of=5)
def test_another_room_cannot_be_asked_for(place, line, writers):
    """The words of a table are told to others as number and kind, whatever they send."""
    def table():
        with use_case(None):  # others write meanwhile
            made = place.scene.table(len(place.users) + 1, db.session.get(User, place.users[0]),
                                     db.session.get(User, place.users[1]))
            return made.id

    def say(table_id):
        with use_case(None) as work:
            return operations.add_event(work, forums.locked(place.forum), ForumEventKind.TABLE_SAID, 1,
                                        table_id=table_id).number

    table_id = place.change(table)
    last = place.numbers()[-1] if place.numbers() else 0
    heard = [line(cookie).join(place.slug, last) for cookie in ("", place.cookies[2], place.cookies[1], place.host)]
    for one in heard:
        assert one.news() is not None
    for room in (f"table:{table_id}:ko", f"run:{place.forum}:ko", f"forum:{place.forum}:ko:run"):
        for said in (f'42["join","{room}"]', f"40/{room},"):
            asking = line().join(place.slug)
            asking.say(said)
            assert asking.ended() is not None
    number = place.change(lambda: say(table_id))
    told = [next(event for event in one.news()["events"] if event["number"] == number) for one in heard]
    assert told[:2] == [{"number": number, "kind": "table.said"}] * 2
    assert [one["table"] for one in told[2:]] == [table_id] * 2


MALFORMED = (
    "", " ", "3probe", "2", "2probe", "5", "6", "9", "x", "not a packet", "3\n", "40null", "40[1,2]", '40"text"', "40{",
    "40{}x", "405", "40/elsewhere,", "40" + "[" * 4000, '40{"a":' * 500, "41/elsewhere,", "411", "42", "42[]",
    '42["after"]', '42["after","x"]', '42["after",-1]', '42["after",{"a":1}]', '42["after",1e400]', '42["after",1,2]',
    '42["after", 1]', '42["news",{"last":9}]', '4215["after",1]', "43[1]", "44{}", "45999999999-", '451-["after",1]',
    "46", "4", b"3", b"\0" * 100, b'42["after",1]')


@pytest.mark.in_turns(of=5)
def test_words_that_no_client_says_end_the_line(place, line, writers):
    """Each of them as one that breaks the rules, and with one line in the log of a minute."""
    writers.write(3)
    somebody = line().join(place.slug)
    while somebody.news()["last"] < 3:
        pass
    known = place.log.stat().st_size
    for said in MALFORMED:
        other = line().join(place.slug)
        other.say(said)
        assert other.ended() is not None and other.line.close_reason == 1008, said
    lines = place.log.read_text()[known:].splitlines()
    assert len(lines) <= 2 and not any("Traceback" in one for one in lines), lines
    assert "security: broken-socket from=" in place.log.read_text()
    alive = line().join(place.slug)
    assert alive.say("3") and alive.news() is not None
    somebody.say('42["after",1]')
    again = somebody.news()
    assert [event["number"] for event in again["events"]] == list(range(2, again["last"] + 1))
    somebody.say(f'42["after",{again["last"] + 1000}]')
    assert somebody.hear('42["old"') is not None


@pytest.mark.parametrize("said", [
    "42" + json.dumps(["after", "x" * 10**6]), "x" * 9000, b"\0" * 10**6])
def test_large_frames_end_the_line(place, line, said):
    somebody = line().join(place.slug)
    assert somebody.news() is not None
    threading.Thread(target=somebody.say, args=[said], daemon=True).start()
    assert somebody.ended() is not None


def test_a_thousand_messages_a_second_end_the_line(place, line):
    somebody = line().join(place.slug)
    assert somebody.news() is not None
    sent = 0
    while sent < 1000 and somebody.say('42["after",0]'):
        sent += 1
    assert somebody.ended(3) is not None


@pytest.mark.in_turns(of=5)
def test_a_line_that_says_no_forum_is_cut(line):
    assert line().ended(20) is not None


@pytest.mark.in_turns(of=5)
def test_doubled_ids_are_applied_once(place, writers):
    writer, key = writers.all[0], token_hex(16)
    before = len(place.numbers())
    assert [writer.write("한 번만 적혀요.", key) for _ in range(3)] == [204] * 3
    assert len(place.numbers()) == before + 1


def test_signing_out_is_felt_at_once(place, line):
    somebody, another = line(place.cookies[4]).join(place.slug), line().join(place.slug)
    assert somebody.news() is not None and another.news() is not None
    user = place.users[4]
    place.change(lambda: (db.session.execute(db.delete(UserSession).filter_by(user_id=user)), db.session.commit()))
    assert somebody.hear('42["over"', seconds=20) is not None  # within two, where nothing else runs
    assert somebody.ended(3) is not None and another.ended(1) is None


def test_one_person_has_so_many_sockets(place, line):
    lines = [line(place.cookies[5]).join(place.slug) for _ in range(11)]
    assert all(one.hear("40") is not None for one in lines[:10])
    assert "busy" in lines[10].hear("44")


@pytest.mark.in_turns(of=5)
def test_somebody_who_has_left_takes_no_place(tmp_path):
    """A worker holds so many sockets at once, however many there were."""
    made = halls.settle(tmp_path / "data", FORUM_SOCKETS=2)
    with halls.running(made) as site:
        for _number in range(6):
            one = Raw(site.url).join(made.slug)
            assert one.news() is not None
            one.leave()
            time.sleep(0.2)
        two = [Raw(site.url).join(made.slug) for _number in range(2)]
        try:
            assert handshake(site.url) == 503
        finally:
            [one.leave() for one in two]


@pytest.mark.in_turns(of=5)
def test_visitors_leave_places_to_those_who_are_signed_in(tmp_path):
    made = halls.settle(tmp_path / "data", people=1, FORUM_SOCKETS_ADDRESS=10)
    with halls.running(made) as site:
        visitors = [Raw(site.url).join(made.slug) for _number in range(8)]
        try:
            assert all(one.news() is not None for one in visitors)
            assert handshake(site.url) == 503 == handshake(site.url, Cookie="session=made-up")
            resident = Raw(site.url, made.cookies[0]).join(made.slug)
            visitors.append(resident)
            assert resident.news() is not None
        finally:
            [one.leave() for one in visitors]


@contextmanager
def slow_reader(place):
    """Joins, and reads nothing more."""
    target = urlsplit(place.url)
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        asked.settimeout(10)
        asked.connect((target.hostname, target.port))
        asked.sendall((f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {target.netloc}\r\n"
                       "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").encode())
        assert asked.recv(1000).startswith(b"HTTP/1.1 101")  # what comes with the request is taken for a part of it
        text = ("40" + json.dumps({"forum": place.slug, "after": 0})).encode()
        asked.sendall(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text)
        yield asked


@pytest.mark.in_turns(of=10)
def test_a_slow_reader_is_dropped_and_holds_up_nobody(place, line, crowd):
    """It was told what fits; when it reads again the line has ended, and it catches up as anybody does."""
    names = crowd.come(place, place.url, 20, after=place.numbers()[-1] if place.numbers() else 0)
    with slow_reader(place) as slow, halls.writing(place, place.url) as writers:
        time.sleep(1)
        crowd.forget()
        deadline = time.monotonic() + patience(60)
        text = "느린 사람은 기다리지 않아요. " * 15
        while time.monotonic() < deadline and not _is_cut(slow):
            for one in writers.all:
                assert one.write(text) == 204
                time.sleep(0.05)  # no quicker than captioners may be
        assert time.monotonic() < deadline, "the slow reader still holds its line"
        assert b'42["news"' in _read_to_the_end(slow)
    last = place.numbers()[-1]
    crowd.until_all_have(last, 10)
    assert [client["connects"] for client in crowd.report(names=names)] == [1] * 20
    after = last - 100
    missed = line().join(place.slug, after).news()["events"]
    assert [event["number"] for event in missed] == list(range(after + 1, last + 1))


def _is_cut(asked):
    """True if the site has closed it: its own end says so at once, ours only when all that was on its way is read."""
    ours, of_the_site = asked.getsockname()[1], asked.getpeername()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, local, remote, state = line.split()[:4]
        if local.endswith(f":{of_the_site:04X}") and remote.endswith(f":{ours:04X}"):
            return state != ESTABLISHED
    return True


def _read_to_the_end(asked):
    read = b""
    while chunk := asked.recv(65536):
        read += chunk
    return read


@pytest.mark.in_turns(of=10)
def test_others_are_not_held_up_by_the_hostile(tmp_path, crowd):
    """Everybody else is told everything once and in order; how much later is printed, since attackers, clients and site
    share the cores of this machine."""
    made = halls.settle(tmp_path / "data")
    with halls.running(made) as site, halls.writing(made, site.url) as writers:
        crowd.come(made, site.url, 100)
        crowd.forget()
        writers.write(100)
        crowd.until_all_have(writers.count)
        quiet = crowd.summary()["p99"]
        began = time.monotonic()
        with halls.hostile(made, site.url) as those:
            time.sleep(1)
            crowd.forget()
            writers.write(100)
            crowd.until_all_have(writers.count)
            attacked = crowd.summary()["p99"]
        numbers = made.numbers()
        assert crowd.lists() == [[numbers, 100]]
    came = {kind: told["came"] for kind, told in those.told}
    lasted = time.monotonic() - began
    assert came["flood"] + came["large"] < 50 + lasted / BROKEN_S, "whoever breaks the rules comes back at once"
    assert came["coming"] < 50 + lasted / EACH_S
    print(f"p99 of 100 others: {quiet:.0f} ms alone, {attacked:.0f} ms beside hostile clients, who came {came}")


def test_a_client_that_asks_again_and_again_is_answered_now_and_then(place, line, writers):
    """Each time with all that came after the number; a seat among the others is not lost."""
    writers.write(3)
    somebody = line().join(place.slug)
    last = somebody.news()["last"]
    for _number in range(10):
        somebody.say('42["after",0]')
    began = time.monotonic()
    again = somebody.news()
    assert time.monotonic() - began > 0.5 and [event["number"] for event in again["events"]] == list(range(1, last + 1))
    assert somebody.hear('42["news"', seconds=2.5) is None
    writers.write(1)
    assert [event["number"] for event in somebody.news()["events"]] == [last + 1]
