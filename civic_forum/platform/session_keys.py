"""The keys that sign cookies, tokens of forms and links: the setting is key 1, `session-2.key` and those behind it in
the keys directory came by rotation.

The newest signs. Those before it are read as long as a sign-in lasts, so that nobody is signed out and every open form
is taken. A running process notices a new one at its next request.
"""

import math
import os
from pathlib import Path
from secrets import token_urlsafe

from flask import Flask, current_app
from itsdangerous import URLSafeTimedSerializer

import config

from . import clock, start_checks
from .errors import Unavailable
from .key_files import KINDS, KeyKind, Series, made_at, unusable

SERIES = Series("session")
FIRST = 2
"""The first that is a file."""
A_DAY = 86_400


class SessionKeys:
    """Keys of one application, as this process has read them."""

    def __init__(self, app: Flask):
        self.app = app
        self.setting: str = app.config["SECRET_KEY"]
        self.given: list[str] = list(app.config["SECRET_KEY_FALLBACKS"] or ())
        """Earlier ones of the settings."""
        self.newest, self.until, self.following = 0, -math.inf, ""
        """`following`: path of the key that nobody has made yet; every request looks for it."""

    def refresh(self) -> None:
        """Take a new key up, and let go of what is too old. Raises Unavailable for a damaged one."""
        if clock.now().timestamp() >= self.until or os.path.exists(self.following):
            self._read()

    def _read(self) -> None:
        directory, lasts = self.app.config["KEYS"], int(self.app.config["SESSION_DAYS"]) * A_DAY
        self.newest = max(SERIES.last(directory, first=FIRST), 1)
        self.following = f"{directory}/{SERIES.name(self.newest + 1)}"
        secrets, replaced, now, until = [], math.inf, clock.now().timestamp(), math.inf
        for number in range(self.newest, 0, -1):  # from the newest, whose successor nobody has made
            if now >= replaced + lasts:
                break
            until = min(until, replaced + lasts)
            secret, made = _secret(directory, number) if number >= FIRST else (self.setting, -math.inf)
            secrets.append(secret)
            replaced = made
        self.until = until
        newest, *earlier = secrets
        self.app.config |= {"SECRET_KEY": newest, "SECRET_KEY_FALLBACKS": [*earlier, *self.given],
                            "WTF_CSRF_SECRET_KEY": [*reversed(self.given), *reversed(secrets)]}


def _secret(directory: str, number: int) -> tuple[str, float]:
    path = Path(directory, SERIES.name(number))
    try:
        secret, made = path.read_text("ascii", "replace").strip(), path.stat().st_mtime
    except OSError as trouble:
        raise unusable(trouble) from trouble
    if len(secret) < config.LEAST_SECRET or not secret.isprintable():
        raise Unavailable(f"{path.name} in the keys directory is damaged.")
    return secret, made


def init_app(app: Flask) -> None:
    app.extensions["session_keys"] = SessionKeys(app)


def refresh(app: Flask) -> None:
    app.extensions["session_keys"].refresh()


@start_checks.before_serving
def refuse_damaged() -> None:
    """Raises Unavailable where a key that is still read is missing or damaged."""
    refresh(current_app)


def serializer(salt: str) -> URLSafeTimedSerializer:
    """Signs with the newest key and reads what any that is not too old has signed."""
    refresh(current_app)
    return URLSafeTimedSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt=salt)


def add() -> int:
    """Make the next key; returns its number."""
    return SERIES.add(lambda: token_urlsafe(48).encode(), least=FIRST)


KINDS["session"] = KeyKind(numbers=lambda: range(1, max(SERIES.last(current_app.config["KEYS"], first=FIRST), 1) + 1),
                           since=lambda key: made_at(Path(current_app.config["KEYS"], SERIES.name(key))), rotate=add)
