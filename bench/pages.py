"""Costs of the main pages: kept, on sections that stand, and made; their statements."""

import re
from collections.abc import Iterable, Iterator
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

MANY, SAFE = 10_000, "/?=&%"
ASKED = 8
"""Requests of a round."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SEARCH, LONGEST = "/search?q=가로등", "a proposal with 200 comments"
LISTS = {
    "home": "/", "list, newest": "/proposals", "list, most supported": "/proposals?sort=supported",
    "list, most discussed": "/proposals?sort=discussed", "search": quote(SEARCH, SAFE),
}
FOUND = {
    "/proposals, second page": ("/proposals", re.compile(r'href="(/proposals\?after=[^"]+)"')),
    "an outcome": ("/outcomes", re.compile(r'out-name" href="([^"]+)"')),
}
READER = "resident6"
FOR_ALL = ("/", "/proposals", *FOUND, LONGEST, SEARCH, *"""
    /agendas /agendas/doksanro-walking /polls /polls/napulnapul-2020 /polls/doksan3-empty-lot /voting
    /budgets /budgets/gasan-plan /budgets/next/projects /budgets/2026/results /outcomes
    /forums /forums/night-doksanro-2020 /forums/night-doksanro-2020/record /commitments /commitments/1 /figures
    /consultations /consultations/anyangcheon-together /consultations/alley-bins/result
    /bodies /bodies/cooperation-council /forums/2020nyeon-jeongnyehoe /calendar
    /moderation/ledger /help /data""".split())
FOR_SOME = {
    None: ("/sign-in",), READER: ("/consultations/anyangcheon-together/answer", "/me", "/me/notices",
                                        "/me/meetings", "/proposals/new"),
    "resident5": ("/polls/doksan3-empty-lot/ballot",), "clerk1": ("/desk",),
    "moderator1": ("/desk", "/desk/reports", "/desk/held", "/desk/signals"),
    "official1": ("/desk", "/desk/answers", "/desk/commitments", "/desk/figures"),
    "administrator": ("/desk/people", "/desk/polls", "/desk/audit", "/desk/access-log", "/desk/consultations"),
}


def pages(districts: Districts) -> list[Figure]:
    """CPU over that of the empty page of the same run, and statements, out of MANY proposals."""
    data = districts.of(MANY)
    with serving("empty", data, free_port()) as empty, serving("kept", data, free_port()) as kept, \
            serving("standing", data, free_port()) as standing, serving("made", data, free_port()) as made:
        addresses = {LONGEST: long_page(data)} | {
            name: pattern.search(kept.get(page)[2].decode())[1].replace("&amp;", "&")
            for name, (page, pattern) in FOUND.items()}
        readers = [(None, FOR_ALL), (READER, FOR_ALL), *FOR_SOME.items()]
        figures = []
        for who, names in readers:
            sites = ({} if who else {"kept": kept}) | {"standing": standing, "made": made}
            for site in sites.values():
                sign_in(site, who)
            for name in names:
                label = f"{name}, {who}" if name in FOR_SOME["clerk1"] else name
                path = quote(addresses.get(name, name), SAFE)
                figures += _costs(label, sites, empty, path, ", signed in" if who else "")
    return figures


def _costs(name: str, sites: dict[str, Server], empty: Server, path: str, who: str) -> Iterator[Figure]:
    for mode, site in sites.items():
        cost = site.cost_ms(path, requests=ASKED)
        yield against(name, cost, empty.cost_ms("/", requests=ASKED * 5), "", column=mode + who)
        if mode != "kept":
            yield Figure(name, site.statements(path), "statements", "", column=f"statements, {mode}{who}")


def whole_cost(site: Server, empty: Server, name: str, path: str, goal: str, most: str) -> list[Figure]:
    """Cost and statements of a page of the server `made`, with their goals."""
    site.get(path)
    cost = site.cost_ms(path, requests=ASKED)
    return [against(name, cost, empty.cost_ms("/"), goal, column="made"),
            Figure(name, site.statements(path), "statements", most, column="statements")]


def sign_in(site: Server, name: str | None) -> None:
    """Sign in as one of the sample's people, so that further requests carry the session; None: be a visitor."""
    site.headers.pop("Cookie", None)
    if name is None:
        return
    password = sample_password(site)
    _status, headers, page = site.get("/sign-in")
    cookie = headers["Set-Cookie"].split(";")[0]
    token = TOKEN.search(page.decode())[1]
    status, headers, _page = site.post("/sign-in", {"name": name, "password": password, "csrf_token": token},
                                       Cookie=cookie)
    assert status == 302, status
    cookies = headers.get_all("Set-Cookie")
    site.headers["Cookie"] = _cookie(cookies)
    status, headers, _page = site.get("/me")
    assert status == 200, name
    site.headers["Cookie"] = _cookie([*cookies, *headers.get_all("Set-Cookie", [])])  # with the key of its forms


def _cookie(answers: Iterable[str]) -> str:
    """Cookies that a browser sends back after these, the last of each name."""
    return "; ".join({answer.split("=")[0]: answer.split(";")[0] for answer in answers}.values())


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
