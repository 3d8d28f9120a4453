"""Devices on which an account was signed in before: guesses made elsewhere do not keep its owner out of them.

The cookie names the account by a keyed hash. It opens nothing: it only has guesses counted apart (as the device
cookies of OWASP do).
"""

from datetime import timedelta
from secrets import token_urlsafe

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from civic_forum.platform import keys

from ..rules import DEVICE_COOKIE as COOKIE
from ..rules import DEVICE_PATH, sign_in_key

KEPT_FOR = timedelta(days=180)


def counted_as(name: str) -> str:
    """Key by which guesses at this name are counted: those of a device that knows it, or those of everywhere else."""
    device, known = _read()
    return f"sign-in on {device}" if device and known == _hashed(name) else "sign-in"


def remember(name: str) -> None:
    """The password was right here: this device knows the account from now on."""
    device = token_urlsafe(12)

    @after_this_request
    def put_cookie(answer):
        answer.set_cookie(COOKIE, _serializer().dumps([device, _hashed(name)]), max_age=KEPT_FOR, httponly=True,
                          samesite="Lax", secure=current_app.config["COOKIE_SECURE"], path=DEVICE_PATH)
        return answer


def _read() -> tuple[str, str]:
    try:
        device, known = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=int(KEPT_FOR.total_seconds()))
    except (BadData, ValueError, TypeError):
        return "", ""
    return device, known


def _hashed(name: str) -> str:
    return keys.keyed_hash("known-device", (sign_in_key(name) or "").encode()).hex()[:24]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key, salt="known-device")
