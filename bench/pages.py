"""Costs of pages: made anew and as they are served, their ETag, their queries, the first load."""

import gzip
import re
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

import config
from civic_forum.app import create_app
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal

from .districts import Districts
from .figures import Figure, against
from .servers import Server, free_port, serving

MANY = 10_000
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
GOALS = {"home": "≤ 10", "search": "≤ 10", "detail with 200 comments": "≤ 15"}
"""Of pages made anew; others: 8."""
LISTS = {
    "home": "/", "list, newest": "/proposals", "list, most supported": "/proposals?sort=supported",
    "list, most discussed": "/proposals?sort=discussed", "search": f"/search?q={quote('가로등')}",
}


def pages(districts: Districts) -> list[Figure]:
    """CPU of a page out of 10,000 proposals over that of the empty page, in the same run."""
    data, figures = districts.of(MANY), []
    detail = long_page(data)
    with serving("empty", data, free_port()) as empty, serving("fresh", data, free_port()) as fresh, \
            serving("kept", data, free_port()) as kept:
        for name, path in LISTS.items():
            figures.append(_fresh(name, fresh, empty, path, GOALS.get(name, "≤ 8")))
        figures.append(_fresh("detail with 200 comments", fresh, empty, detail, GOALS["detail with 200 comments"]))
        for name, path in (LISTS | {"detail with 200 comments": detail}).items():
            figures.append(against(f"{name}, as served to visitors", kept.cost_ms(path), empty.cost_ms("/"), "≤ 10"))
            figures.append(_unchanged(name, kept, empty, path))
        sign_in(fresh, "resident6")
        for name, path in (LISTS | {"detail with 200 comments": detail}).items():
            figures.append(_fresh(f"{name}, signed in", fresh, empty, path, GOALS.get(name, "≤ 8")))
    return figures


def _fresh(name: str, site: Server, empty: Server, path: str, goal: str) -> Figure:
    return against(f"{name}, made anew", site.cost_ms(path, requests=200), empty.cost_ms("/"), goal)


def _unchanged(name: str, site: Server, empty: Server, path: str) -> Figure:
    etag = site.get(path)[1]["ETag"]
    cost = site.cost_ms(path, status=304, **{"If-None-Match": etag})
    return against(f"{name}, unchanged (304)", cost, empty.cost_ms("/"), "≤ 2.5")


def sign_in(site: Server, name: str | None) -> None:
    """Sign in as one of the sample's people, so that further requests carry the session; None: be a visitor."""
    site.headers.pop("Cookie", None)
    if name is None:
        return
    password = sample_password(site)
    connection = site.connect()
    _status, headers, page = site.get("/sign-in", connection)
    cookie = headers["Set-Cookie"].split(";")[0]
    token = TOKEN.search(page.decode())[1]
    status, headers, _page = site.post("/sign-in", {"name": name, "password": password, "csrf_token": token},
                                       connection, Cookie=cookie)
    assert status == 302, status
    site.headers["Cookie"] = "; ".join(given.split(";")[0] for given in headers.get_all("Set-Cookie"))
    assert site.get("/me")[0] == 200, name


def sample_password(site: Server) -> str:
    environment = Path(f"/proc/{site.pid}/environ").read_bytes().split(b"\0")
    data = next(line for line in environment if line.startswith(b"CIVIC_FORUM_DATA=")).split(b"=", 1)[1].decode()
    return (Path(data) / "sample-password").read_text().strip()


def long_page(data) -> str:
    """The address of the proposal with the most comments of those that scaling added."""
    app = create_app(config.load(DATA=str(data)))
    with app.app_context():
        found = db.session.scalar(sa.select(Proposal.number).order_by(Proposal.comment_count.desc()).limit(1))
        db.session.remove()
        db.engine.dispose()
    return f"/proposals/{found}"


def queries(districts: Districts) -> list[Figure]:
    """Statements sent for a page, for visitors and signed in, with 1,000 and 10,000 proposals."""
    figures = []
    for size in (1_000, MANY):
        data = districts.of(size)
        detail = long_page(data)
        app = create_app(config.load(DATA=str(data), PAGE_CACHE=False, LIMIT_ADDRESS=10**9))
        with app.app_context():
            engine = db.engine
        for name, path in (LISTS | {"detail with 200 comments": detail}).items():
            figures.append(Figure(f"queries of {name}, {size:,} proposals", statements(app, engine, path), "queries",
                                  "≤ 6"))
        engine.dispose()
    return figures


def statements(app, engine, path: str, name: str | None = None, password: str = "") -> int:
    """Number of statements of a page, for a visitor or for one of the sample's people."""
    client, seen = app.test_client(), []
    if name is not None:
        token = TOKEN.search(client.get("/sign-in").text)[1]
        given = {"name": name, "password": password, "csrf_token": token}
        assert client.post("/sign-in", data=given).status_code == 302
    client.get(path)

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def first_load(districts: Districts) -> list[Figure]:
    """Files that a browser fetches for the first page, compressed."""
    data, figures = districts.of(1_000), []
    with serving("kept", data, free_port()) as site:
        for name, path in {"home": "/", "detail": long_page(data)}.items():
            sizes, fonts = _loaded(site, path)
            figures += [
                Figure(f"first load of {name}, without fonts", round(sum(sizes) / 1000, 1), "kB", "≤ 60"),
                Figure(f"first load of {name}, with fonts", round((sum(sizes) + sum(fonts)) / 1000, 1), "kB", "≤ 360"),
                Figure(f"requests of {name}", len(sizes) + len(fonts), "requests", "≤ 12"),
            ]
    return figures


def _loaded(site: Server, path: str) -> tuple[list[int], list[int]]:
    """Sizes of the page with styles, scripts (and what they import) and icons, and of the fonts."""
    page = gzip.decompress(site.get(path, **{"Accept-Encoding": "gzip"})[2]).decode()
    waiting = set(re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/static/[^"]+)"', page))
    sizes, fonts, seen = [len(site.get(path, **{"Accept-Encoding": "gzip"})[2])], [], set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        _status, headers, body = site.get(url, **{"Accept-Encoding": "gzip"})
        (fonts if "font" in headers["Content-Type"] else sizes).append(len(body))
        if "javascript" in headers["Content-Type"]:
            text = gzip.decompress(body).decode() if headers.get("Content-Encoding") == "gzip" else body.decode()
            folder = url.split("?")[0].rsplit("/", 1)[0]
            waiting |= {f"{folder}/{name}" for name in re.findall(r'from\s*["\']\./([^"\']+)["\']', text)}
    return sizes, fonts
