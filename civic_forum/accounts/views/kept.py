"""Forms sent after a session had ended: kept in the page, signed, until their author is back.

Nothing is stored here. The text travels in a hidden field of the forms of signing in and up, and comes back as a page
with the text and one button, which a script presses where the form is known to have been on a page of ours that was
made for a stranger. Passwords, tokens and files do not travel, and nothing that another site sent.
Where the cookie says whose session has ended, the text travels sealed, and comes back to that account alone.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from civic_forum.platform import keys, session_keys
from civic_forum.platform.addresses import local_path

MAX_AGE_S = 3600
MOST = 60_000
"""Characters of all fields together."""
_NOT_KEPT = ("csrf_token", "password", "passkey", "secret", "code", "kept", "next")
_NEVER = ("/sign-", "/me/password", "/forgotten-password", "/reset", "/password-resets", "/email-confirmations",
          "/first/", "/invitations/")
"""Pages with passwords and codes."""
_PRIVATE = ("/me/", "/desk/")
"""Pages with one's own or other people's data: kept for the account that sent them."""
_OWN = ("/casts", "/formal")
"""Ends of addresses to which ballots, or real names with telephone and address, are sent: never kept."""
ONCE = "form_key"
"""Field by which a form counts once; those of strangers have none, and get one on the way."""
LONG = 30
_SEAL = "kept-text"


@dataclass(frozen=True)
class Kept:
    path: str
    fields: list[tuple[str, str]]
    had_files: bool
    goes_on: bool = False
    """True where the form was on a page of ours, of nobody or of the owner: it is sent again without a question."""
    owner: int | None = None
    """Id of the only account that gets it back; None for whoever signs in here."""

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Texts that a person wrote, to be shown."""
        return [(name, value) for name, value in self.fields if name != ONCE and (len(value) >= LONG or "\n" in value)]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Fields that go along unseen."""
        return [field for field in self.fields if field not in self.texts]


def of_request(owner: int | None = None) -> Kept | None:
    """Fields of this request, if it came from a form of ours and there is something to keep. `owner` is whose session
    it was sent with, where that is known."""
    path, here = local_path(request.full_path.rstrip("?"), ""), f"{request.path}/"
    if request.method != "POST" or not path or not _from_here() or here.startswith(_NEVER):
        return None
    if request.path.endswith(_OWN) or not owner and here.startswith(_PRIVATE):
        return None
    waits = hasattr(current_app.view_functions.get(request.endpoint or ""), "why_sign_in")
    fields = [(name, value or token_hex(16)) for name, value in request.form.items(multi=True)
              if (value or name == ONCE) and not any(word in name for word in _NOT_KEPT)]
    had_files = any(file.filename for file in request.files.values())
    if not (fields or waits) or sum(len(name) + len(value) for name, value in fields) > MOST:
        return None
    for_whoever_comes = owner is not None or not request.form.get("csrf_token")
    return Kept(path, fields, had_files,
                waits and for_whoever_comes and not had_files and _is_said_to_be_from_here(), owner)


def _from_here() -> bool:
    """Browsers say which site a form was on; a page of another site must not fill ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is None or urlsplit(origin).netloc == request.host


def _is_said_to_be_from_here() -> bool:
    return "Sec-Fetch-Site" in request.headers or "Origin" in request.headers


def pack(kept: Kept | None) -> str:
    if kept is None:
        return ""
    payload: object = [kept.path, kept.fields, kept.had_files, kept.goes_on]
    if kept.owner:
        payload = b64encode(keys.seal(_SEAL, json.dumps([*payload, kept.owner], ensure_ascii=False))).decode()
    return _serializer().dumps(payload)


def unpack(text: str | None) -> Kept | None:
    """None for nothing, something too old, or something that we did not sign."""
    try:
        payload = _serializer().loads(text or "", max_age=MAX_AGE_S)
    except BadData:
        return None
    path, fields, *more = json.loads(keys.unseal(_SEAL, b64decode(payload))) if isinstance(payload, str) else payload
    return Kept(path, [(name, value) for name, value in fields], *more)


def _serializer() -> URLSafeTimedSerializer:
    return session_keys.serializer("kept-form")
