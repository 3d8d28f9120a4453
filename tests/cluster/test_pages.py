"""Pages, signing in and limits, whichever of the two workers answers."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex

import pytest

import config
from civic_forum.platform.delivery import HEADERS

from .visitors import Visitor, newcomer

PAGES = ["/proposals", "/agendas", "/polls", "/data", "/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_gets_the_same_page_from_both(cluster, path):
    one, other = (Visitor(cluster.url).get(path, at=worker) for worker in cluster.workers)
    assert one[0] == other[0]
    assert one[1]["ETag"] == other[1]["ETag"]


def test_a_session_made_at_one_holds_at_the_other_until_it_is_ended_at_either(cluster):
    first, second = cluster.workers
    person = Visitor(cluster.url)
    status, _, _ = person.post("/sign-in", at=first, name="resident2", password=cluster.password)
    assert status == 302
    for worker in (second, first, None):
        assert person.get("/me", at=worker)[0] == 200
    page = person.get("/me", at=first)[2].decode()
    assert person.post_from(page, "/sign-out", at=second)[0] == 302
    for worker in (first, second, None):
        assert person.get("/me", at=worker)[0] == 302


def test_a_change_at_one_is_seen_at_the_other_at_once(cluster):
    """The pages that a worker keeps for visitors are as new as the database, whoever changed it."""
    first, second = cluster.workers
    person = Visitor(cluster.url)
    assert person.post("/sign-up", at=first, **newcomer(f"new.{token_hex(4)}"))[0] == 302
    path = newest_proposal(Visitor(cluster.url))
    before = {worker.name: Visitor(cluster.url).get(path, at=worker)[1]["ETag"] for worker in (first, second)}
    assert len(set(before.values())) == 1
    page = person.get(path, at=first)[2].decode()
    assert person.post_from(page, f"{path}/supports", at=first)[0] in (302, 303)
    after = {worker.name: Visitor(cluster.url).get(path, at=worker)[1]["ETag"] for worker in (first, second)}
    assert len(set(after.values())) == 1 and set(after.values()) != set(before.values())


def newest_proposal(visitor):
    return re.search(r'href="(/proposals/[\d-]+)"', visitor.get("/proposals?state=gathering")[2].decode())[1]


def sheet(visitor):
    """Address of the style sheet of every page, with its mark."""
    return re.search(r'href="(/static/[^"]+\.css\?v=[^"]+)"', visitor.get("/")[2].decode())[1]


@pytest.mark.parametrize("packing", ["br", "gzip"])
@pytest.mark.parametrize("is_marked", [True, False])
def test_a_style_has_the_headers_that_the_site_gives_it(cluster, is_marked, packing):
    path = sheet(Visitor(cluster.url))
    path = path if is_marked else path.partition("?")[0]
    asked = {"Accept-Encoding": f"deflate, {packing}"}
    served, own = Visitor(cluster.url).get(path, **asked), cluster.workers[0].get(path, **asked)
    names = [*HEADERS, "Content-Type", "Cache-Control", "Content-Encoding", "Vary"]
    assert served[0] == own[0] == 200 and own[1]["Content-Encoding"] == packing and own[1]["Vary"] == "Accept-Encoding"
    assert ("immutable" in own[1]["Cache-Control"]) == is_marked
    assert {name: served[1][name] for name in names} == {name: own[1][name] for name in names}
    assert served[1]["Server"] == "nginx"


def test_nginx_asks_for_a_style_once(cluster):
    path = sheet(Visitor(cluster.url))
    first = Visitor(cluster.url).get(path, **{"Accept-Encoding": "br"})
    pids = [worker.pid for worker in cluster.workers]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        again = Visitor(cluster.url).get(path, **{"Accept-Encoding": "gzip, br"})
        assert first[0] == again[0] == 200 and first[2] == again[2]
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_style_that_is_none_is_said_by_the_page_of_the_site(cluster):
    for path in ("/static/no-such.css", "/static/../config.py", "/static/css/"):
        status, headers, page = Visitor(cluster.url).get(path)
        assert status in (400, 404) and b"SETTINGS" not in page
    assert 'lang="ko"' in Visitor(cluster.url).get("/static/no-such.css")[2].decode()


def test_a_form_that_is_too_large_is_refused_by_the_site_itself(cluster):
    body = b"text=" + b"x" * 700_000
    status, _, page = Visitor(cluster.url).ask("POST", "/sign-in", body,
                                               headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 413 and 'lang="ko"' in page.decode()


def test_a_body_that_no_form_takes_does_not_pass_nginx(cluster):
    status, _, _ = Visitor(cluster.url).ask("POST", "/sign-in", headers={"Content-Length": str(30 * 1024 * 1024)})
    assert status == 413


FORGED = {"X-Forwarded-For": "203.0.113.7, 198.51.100.9", "X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on",
          "X-Forwarded-Protocol": "ssl", "X-Forwarded-Host": "evil.example", "X-Real-IP": "203.0.113.7"}


def test_forwarded_headers_from_outside_are_not_believed(cluster):
    honest, forged = Visitor(cluster.url), Visitor(cluster.url)
    plain = honest.get("/me")
    told = forged.get("/me", **FORGED)
    assert (told[0], told[1]["Location"]) == (plain[0], plain[1]["Location"])
    assert "evil.example" not in told[1]["Location"] and told[1]["Strict-Transport-Security"] is None


def test_a_limit_holds_over_both_workers_and_whatever_address_is_claimed(cluster):
    """Ten wrong passwords for one name within five minutes, wherever they were tried."""
    most = config.BY_NAME["LIMIT_SIGN_IN_NAME"].default
    workers = cluster.workers
    answers = [Visitor(cluster.url).post("/sign-in", at=workers[turn % 2], name="nobody.is.called.so",
                                         password="not the password", headers={"X-Forwarded-For": f"192.0.2.{turn}"})
               for turn in range(most + 2)]
    statuses = [status for status, _, _ in answers]
    assert 429 not in statuses[:most] and set(statuses[most:]) == {429}


def test_requests_at_once_are_shared_by_both(cluster):
    workers = cluster.workers
    used = [seconds_of(worker) for worker in workers]
    with ThreadPoolExecutor(16) as many:
        statuses = list(many.map(lambda turn: Visitor(cluster.url).get(f"/proposals?page_size=x{turn}")[0], range(160)))
    assert set(statuses) == {200}
    assert all(seconds_of(worker) > before for worker, before in zip(workers, used))


def seconds_of(worker):
    """Ticks of the processor that a worker has used."""
    fields = Path(f"/proc/{worker.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])
