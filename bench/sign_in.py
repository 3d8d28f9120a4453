"""Speed of pages while many people sign in at once."""

import re
import threading
import time
from statistics import quantiles

from .districts import Districts
from .figures import Figure
from .pages import sample_password
from .servers import Server, free_port, serving

PEOPLE = 10
PAGES = 150


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
    ]


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
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.decode())[1]
        fields = {"name": "resident6", "password": password, "csrf_token": token}
        status = site.post("/sign-in", fields, connection, Cookie=cookie)[0]
        assert status == 302, status
        done.append(time.monotonic())
        connection.close()
