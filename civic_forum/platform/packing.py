"""Compression of answers: brotli for whoever takes it, else gzip."""

import gzip

import brotli
from flask import request

PACKABLE = frozenset(("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain",
                      "application/problem+json", "text/csv", "application/atom+xml"))
LEAST = 800
"""Bytes below which nothing is compressed."""
BEST = {"br": 11, "gzip": 9}
"""Effort for what is packed once and sent often, in the order in which we like them."""
QUICK = {"br": 5, "gzip": 6}


def packing() -> str:
    """The packing of this request's answer; empty for none."""
    taken = request.accept_encodings
    return next((name for name in BEST if taken[name] and name in taken.values()), "")


def pack(body: bytes, name: str, effort: dict[str, int] = QUICK) -> bytes:
    if name == "br":
        return brotli.compress(body, quality=effort[name], mode=brotli.MODE_TEXT)
    return gzip.compress(body, effort[name], mtime=0)
