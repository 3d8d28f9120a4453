"""Speed of pages while many people sign in at once, and whether the door tells by time who is known."""

import multiprocessing
import re
import threading
import time
from contextlib import contextmanager
from statistics import median, quantiles

from .districts import Districts
from .figures import Figure
from .pages import sample_password
from .servers import Server, free_port, serving

PEOPLE = 10
PAGES = 400
TRIES = 200
UNLIMITED = {"LIMIT_ADDRESS": "100000", "LIMIT_FAILURES_ADDRESS": "100000", "LIMIT_SIGN_IN_NAME": "100000"}


def sign_in(districts: Districts) -> list[Figure]:
    """p95 of pages while ten people sign in over and over, over their p95 while nobody does.

    They ask from a process of their own: threads of one process wait for each other longer than a page takes.
    """
    with serving("kept", districts.of(1_000), free_port()) as site:
        password = sample_password(site)
        reader = _signed_in(site, "resident5", password)
        quiet = _p95_ms(site, reader), _p95_ms(site)
        with _signing_in(site, password) as done:
            began, before = time.monotonic(), done.value
            busy = _p95_ms(site, reader), _p95_ms(site)
            rate = (done.value - before) / (time.monotonic() - began)
    reading, kept = (round(during / alone, 2) for during, alone in zip(busy, quiet, strict=True))
    return [
        Figure("p95 of a reader's page while 10 people sign in", round(busy[0], 1), "ms", "≤ 2 ×", round(quiet[0], 1),
               reading),
        Figure("p95 of a visitor's kept page meanwhile", round(busy[1], 1), "ms", "",
               round(quiet[1], 1), kept),
        Figure("sign-ins meanwhile", round(rate, 1), "a second", "one hash at a time"),
        *names(districts),
    ]


def names(districts: Districts) -> list[Figure]:
    """Medians of a wrong sign-in and of a forgotten password, for a name that is known, over those for one that is not.
    Both are asked in turns; no worker runs, whose work would fall on whoever asks next.
    """
    with serving("kept", districts.of(1_000), free_port(), **UNLIMITED) as site:
        return [_compared(site, what, path, field, fields) for what, path, field, fields in (
            ("a wrong sign-in", "/sign-in", "name", {"password": "guessed it"}),
            ("a forgotten password", "/forgotten-password", "who", {}))]


def _compared(site: Server, what: str, path: str, field: str, fields: dict[str, str]) -> Figure:
    connection = site.connect()
    _status, headers, page = site.get(path, connection)
    fields = fields | {"csrf_token": _token(page)}
    cookie, times = headers["Set-Cookie"].split(";")[0], {"resident6": [], "resident0": []}
    for number in range(2 * TRIES):
        name = ("resident6", "resident0")[(number + number // 2) % 2]
        began = time.perf_counter()
        status = site.post(path, fields | {field: name}, connection, Cookie=cookie)[0]
        times[name].append((time.perf_counter() - began) * 1000)
        assert status in (200, 422), status
    known, unknown = map(median, times.values())
    return Figure(f"{what}, name known", round(known, 2), "ms", "within 3 %", round(unknown, 2),
                  round(known / unknown, 3))


def _token(page: bytes) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.decode())[1]


def _p95_ms(site: Server, cookie: str = "") -> float:
    connection, times = site.connect(), []
    for _number in range(PAGES):
        began = time.perf_counter()
        assert site.get("/proposals", connection, Cookie=cookie)[0] == 200
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)
    return quantiles(times, n=20)[-1]


@contextmanager
def _signing_in(site: Server, password: str):
    """Ten people in a process of their own; how often they signed in."""
    done = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=_people, args=(site, password, done))
    process.start()
    try:
        while done.value < PEOPLE:
            assert process.is_alive()
            time.sleep(0.1)
        yield done
        assert process.is_alive()
    finally:
        process.terminate()
        process.join()


def _people(site: Server, password: str, done) -> None:
    def sign_in_for_ever() -> None:
        while True:
            _signed_in(site, "resident6", password)
            with done.get_lock():
                done.value += 1

    people = [threading.Thread(target=sign_in_for_ever) for _ in range(PEOPLE)]
    [person.start() for person in people]


def _signed_in(site: Server, name: str, password: str) -> str:
    """Cookies of somebody who has just signed in."""
    connection = site.connect()
    _status, headers, page = site.get("/sign-in", connection)
    fields = {"name": name, "password": password, "csrf_token": _token(page)}
    status, given, _body = site.post("/sign-in", fields, connection, Cookie=headers["Set-Cookie"].split(";")[0])
    assert status == 302, status
    connection.close()
    return "; ".join(cookie.split(";")[0] for cookie in given.get_all("Set-Cookie"))
