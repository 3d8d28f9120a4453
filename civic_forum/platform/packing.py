"""Compression of answers: brotli for whoever takes it, else gzip."""

import gzip
from functools import lru_cache

import brotli
from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

PACKABLE = frozenset(("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain",
                      "application/problem+json", "text/csv", "application/atom+xml"))
LEAST = 800
"""Bytes below which nothing is compressed."""
BEST = {"br": 11, "gzip": 9}
"""Effort for what is packed once and sent often, in the order in which we like them."""
QUICK = {"br": 5, "gzip": 6}


def packing() -> str:
    """The packing of this request's answer; empty for none."""
    return _liked(request.environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=64)
def _liked(header: str) -> str:
    taken = {name for name, weight in parse_accept_header(header, Accept) if weight}
    return next((name for name in BEST if name in taken), "")


def pack(body: bytes, name: str, effort: dict[str, int] = QUICK) -> bytes:
    if name == "br":
        return brotli.compress(body, quality=effort[name], mode=brotli.MODE_TEXT)
    return gzip.compress(body, effort[name], mtime=0)
