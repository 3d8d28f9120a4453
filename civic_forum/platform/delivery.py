"""Delivery of pages: security headers, compression, and for visitors a cache with an ETag.

A page asked for without a session is kept with the site's version at the moment before it was
made; while the version and the minute stand, it is given again without being made again. The
ETag is a hash of the content, so it outlives a restart and is the same on every worker. Of a query only the names
count that the view of the page asks for: any others are another address of the same page.
"""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, wraps
from hashlib import sha256
from urllib.parse import urlencode
from typing import Any

from flask import Flask, Response, current_app, g, request, session

from . import clock, security_log, site_version
from .display import display, mark
from .last_used import LastUsed
from .packing import LEAST, PACKABLE, pack, packing

POLICY = ("default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
          "form-action 'self'; frame-ancestors 'none'")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
ATOM = "application/atom+xml"
KEPT = frozenset(("text/html", ATOM))
MOST_PAGES = 512
MOST_BYTES = 48 * 1024 * 1024
LONGEST_QUERY = 1000
"""Bytes of a query up to which its page is kept: a word of 100 Korean letters is 900."""
MADE_ANEW = frozenset(("content-length", "content-type", "etag", "cache-control", "vary"))
"""Headers of an answer that those of its kept page take the place of."""
A_YEAR = 31536000
ORIGIN_ALONE = "strict-origin"
"""For pages whose address is a secret: logs quote which page asked for a picture. Forms are checked by the origin."""


@dataclass
class KeptPage:
    made_at: tuple[str, int]
    etag: str
    body: bytes
    mimetype: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    """Those of the answer beside what `_answer` makes."""
    packed: dict[str, bytes] = field(default_factory=dict)
    """By packing."""

    @property
    def size(self) -> int:
        return len(self.body) + sum(map(len, self.packed.values()))


class PageCache(LastUsed[tuple, KeptPage]):
    """The pages that visitors asked for last; `known`: names of a query for which the view of an endpoint asked."""

    def __init__(self):
        super().__init__(MOST_PAGES, MOST_BYTES)
        self.known: dict[str | None, frozenset[str]] = {}


def init_app(app: Flask) -> None:
    app.extensions["pages"] = PageCache()
    app.before_request(give_kept_page)
    app.after_request(finish)


def give_kept_page() -> Response | None:
    """A visitor's page as it was kept, if nothing has changed since."""
    time.sleep(0)  # SQLite never yields to gevent: let the others have their turn
    view = _view_for_visitors()
    if view is None:
        return None
    g.page_version = (site_version.current(), int(clock.now().timestamp()) // 60)
    return None if hasattr(view, "limits_first") else _kept()


def limits_first(view: Callable) -> Callable:
    """Decorates a view below its limit: a kept page counts against it too."""

    @wraps(view)
    def given(*args, **kwargs):
        return _kept() or view(*args, **kwargs)

    given.limits_first = True
    return given


def becomes_another(*moments: datetime) -> None:
    """Say when what is being made becomes another one by the clock alone: then no section of it is given again.

    A page is kept for its minute; one that changes within that minute is made anew each time.
    """
    if clock.is_watched():
        clock.until(*moments)
        return
    now = clock.read()
    if "page_version" in g and any(now <= moment < clock.end_of_minute(now) for moment in moments):
        g.pop("page_version")


def _view_for_visitors() -> Callable | None:
    if request.method not in ("GET", "HEAD") or current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    return None if request.endpoint == "static" or hasattr(view, "never_cached") else view


def _key(known: dict[str | None, frozenset[str]]) -> tuple | None:
    """Path, display and what stands in the query for names that the view asks for: so far as pages of it were made, and
    only what it asked for can have made a difference. None for a query too long for its page to be kept.
    """
    asked = request._get_current_object()
    if not asked.query_string:
        return asked.path, (), display().key
    if len(asked.query_string) > LONGEST_QUERY:
        return None
    return asked.path, asked.args.given(known.get(asked.endpoint, ())), display().key


def this_page() -> str:
    """Address of the page that is being made, with what stands in the query for names that were asked for."""
    if shown := g.get("this_page"):  # of a page whose address is a secret
        return shown
    asked = request._get_current_object()
    if asked.method not in ("GET", "HEAD") or not asked.query_string:
        return asked.path
    return _address(asked.path, asked.args.given(asked.args.asked))


@lru_cache(maxsize=512)
def _address(path: str, query: tuple) -> str:
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def _kept() -> Response | None:
    if "page_version" not in g or not current_app.config["PAGE_CACHE"]:
        return None
    pages = current_app.extensions["pages"]
    page = pages.get(_key(pages.known))
    if page is None or page.made_at != g.page_version:
        return None
    g.kept_page = page
    return _answer(page)


def _answer(page: KeptPage) -> Response:
    if page.etag in request.if_none_match:
        answer = Response(status=304)
    elif way := packing():
        if way not in page.packed:
            page.packed[way] = pack(page.body, way)
            current_app.extensions["pages"].size += len(page.packed[way])
        answer = Response(page.packed[way], mimetype=page.mimetype)
        answer.headers["Content-Encoding"] = way
    else:
        answer = Response(page.body, mimetype=page.mimetype)
    answer.headers.extend(page.headers)
    answer.set_etag(page.etag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Vary"] = "Cookie, Accept-Encoding, Accept-Language"
    return answer


def headers(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Those of every answer; https alone is asked for where cookies are for https."""
    beyond = "; includeSubDomains" if config["HSTS_SUBDOMAINS"] else ""
    transport = [("Strict-Transport-Security", f"max-age={A_YEAR}{beyond}")] if config["COOKIE_SECURE"] else []
    return [*HEADERS.items(), *transport]


def finish(answer: Response) -> Response:
    """Keep what may be kept, then headers and compression; what was refused is noted."""
    if answer.status_code in security_log.OF_STATUS:
        security_log.note_answer(answer.status_code)
    if "unlogged" in g:
        answer.headers["Referrer-Policy"] = ORIGIN_ALONE
    names = {name.lower() for name, _value in answer.headers}
    answer.headers.extend([header for header in headers(current_app.config) if header[0].lower() not in names])
    if "kept_page" in g:
        return answer
    if request.endpoint == "static" and answer.status_code < 400:
        session.accessed = False  # whatever extensions asked of it: files are the same for everybody
        return answer
    mark(answer)
    if "page_version" in g and _may_be_kept(answer):
        return _keep(answer)
    answer.headers.setdefault("Cache-Control", "no-store")
    return _compress(answer)


def _may_be_kept(answer: Response) -> bool:
    return (answer.status_code == 200 and answer.mimetype in KEPT and not answer.is_streamed
            and "Set-Cookie" not in answer.headers and not session.modified)  # a form's token is one person's


def _keep(answer: Response) -> Response:
    body = answer.get_data()
    beside = tuple(header for header in answer.headers if header[0].lower() not in MADE_ANEW)
    page = KeptPage(g.page_version, sha256(body).hexdigest()[:24], body, answer.mimetype, beside)
    pages, asked = current_app.extensions["pages"], request._get_current_object()
    pages.known[asked.endpoint] = pages.known.get(asked.endpoint, frozenset()) | asked.args.asked
    if key := _key(pages.known):
        pages.put(key, page)
    return _answer(page)


def _compress(answer: Response) -> Response:
    if (answer.mimetype not in PACKABLE or not (way := packing()) or "Content-Encoding" in answer.headers
            or answer.status_code not in (200, 400, 403, 404, 409, 413, 422, 429, 503) or g.get("uncompressed")):
        return answer
    if answer.is_streamed:
        return _compress_on_the_way(answer) if "gzip" in request.accept_encodings else answer
    body = answer.get_data()
    if len(body) >= LEAST:
        answer.set_data(pack(body, way))
        answer.headers["Content-Encoding"] = way
        answer.headers.add("Vary", "Accept-Encoding")
        if etag := answer.headers.get("ETag"):
            answer.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
    return answer


def _compress_on_the_way(answer: Response) -> Response:
    """Compress a response on the way: what may be long is never held as a whole."""
    answer.direct_passthrough = False
    answer.response = _zipped(answer.response)
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers.add("Vary", "Accept-Encoding")
    del answer.headers["Content-Length"]
    return answer


def _zipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    try:
        for part in parts:
            if ready := pack.compress(part):
                yield ready
        yield pack.flush()
    finally:
        if close := getattr(parts, "close", None):
            close()
