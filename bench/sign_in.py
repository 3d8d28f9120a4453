"""Speed of pages while many people sign in at once, and whether the door tells by time who is known."""

import re
import threading
import time
from statistics import median, quantiles

from .districts import Districts
from .figures import Figure
from .pages import sample_password
from .servers import Server, free_port, serving

PEOPLE = 10
PAGES = 150
TRIES = 200
UNLIMITED = {"LIMIT_ADDRESS": "100000", "LIMIT_FAILURES_ADDRESS": "100000", "LIMIT_SIGN_IN_NAME": "100000"}


def sign_in(districts: Districts) -> list[Figure]:
    """p95 of a page while ten people sign in over and over, over its p95 while nobody does."""
    with serving("kept", districts.of(1_000), free_port()) as site:
        password = sample_password(site)
        quiet, stop = _p95_ms(site), threading.Event()
        done: list[float] = []
        people = [threading.Thread(target=_sign_in, args=(site, password, stop, done)) for _ in range(PEOPLE)]
        [person.start() for person in people]
        time.sleep(1)
        began, before = time.monotonic(), len(done)
        busy = _p95_ms(site)
        rate = (len(done) - before) / (time.monotonic() - began)
        stop.set()
        [person.join() for person in people]
    return [
        Figure("p95 of a page while 10 people sign in", round(busy, 1), "ms", "≤ 2 ×", round(quiet, 1),
               round(busy / quiet, 2)),
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


def _p95_ms(site: Server) -> float:
    connection, times = site.connect(), []
    for _number in range(PAGES):
        began = time.perf_counter()
        assert site.get("/proposals", connection)[0] == 200
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)
    return quantiles(times, n=20)[-1]


def _sign_in(site: Server, password: str, stop: threading.Event, done: list[float]) -> None:
    while not stop.is_set():
        connection = site.connect()
        _status, headers, page = site.get("/sign-in", connection)
        cookie = headers["Set-Cookie"].split(";")[0]
        fields = {"name": "resident6", "password": password, "csrf_token": _token(page)}
        status = site.post("/sign-in", fields, connection, Cookie=cookie)[0]
        assert status == 302, status
        done.append(time.monotonic())
        connection.close()
