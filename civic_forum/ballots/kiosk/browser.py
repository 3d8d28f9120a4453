"""The browser of a kiosk: the cookie that says which kiosk it is, and nothing else of the person before."""

from datetime import timedelta

from flask import Response, current_app, g, request, session

from civic_forum.accounts.rules import DEVICE_COOKIE, DEVICE_PATH
from civic_forum.platform import cookies

from . import queries

COOKIE, DEVICE, PATH = "kiosk", "kiosk_device", "/kiosk"
LASTS = timedelta(days=400)
"""As long as browsers keep a cookie."""
CHOSEN_ON_THE_WAY = ("text", "contrast", "language")
"""Cookies of how somebody wanted to see the page."""
ELSEWHERE = ("cross-site", "same-site")
"""A picture or a link of another site would else sign anybody out and throw their drafts away."""


def secret() -> str:
    """Secret of the kiosk that this browser says it is; "" for any other."""
    return cookies.value(DEVICE)[:100]


def kiosk() -> queries.Kiosk | None:
    """The kiosk that this browser is."""
    return queries.registered(secret())


def sign_out() -> None:
    session.clear()
    g.pop("csrf_token", None)


def cleared(answer: Response) -> Response:
    """Signed out, without a cookie but that of the device, nothing kept by the browser; unless another site asked for
    that. Cookies are ended by name: a browser told to forget them all would forget which kiosk it is."""
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
        return answer
    sign_out()
    own = cookies.name(COOKIE)
    stays = {own, cookies.name(DEVICE), current_app.config["SESSION_COOKIE_NAME"]}
    cookies.end(answer, own, PATH)
    for name in {*map(cookies.name, CHOSEN_ON_THE_WAY), *request.cookies} - stays:
        cookies.end(answer, name)
    cookies.end(answer, cookies.name(DEVICE_COOKIE), DEVICE_PATH)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
