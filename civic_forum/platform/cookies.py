"""Cookies: of this host alone and sent by https alone where the address of the site is https (`__Host-`)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from flask import Response, current_app, request

PREFIX = "__Host-"


def name(of: str, config: Mapping[str, object] | None = None) -> str:
    """Name that the browser knows it by."""
    return PREFIX + of if (config or current_app.config)["COOKIE_SECURE"] else of


def values(names: Iterable[str]) -> list[str]:
    """Values that the browser sent; empty for none."""
    sent, prefix = request.cookies, name("")
    return [sent.get(prefix + cookie, "") for cookie in names]


def value(of: str) -> str:
    return values((of,))[0]


def put(answer: Response, of: str, text: str, lasts: timedelta, *, path: str = "/", samesite: str = "Lax") -> None:
    """Send a cookie that no script reads; with the prefix it is of every path."""
    secure = current_app.config["COOKIE_SECURE"]
    answer.set_cookie(name(of), text, max_age=lasts, path="/" if secure else path, httponly=True, samesite=samesite,
                      secure=secure)


def end(answer: Response, called: str, path: str = "/") -> None:
    """End a cookie by the name that the browser knows it by."""
    secure = current_app.config["COOKIE_SECURE"]
    answer.delete_cookie(called, path="/" if secure else path, secure=secure)
