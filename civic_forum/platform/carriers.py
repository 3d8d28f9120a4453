"""Carriers of letters and short messages: the mail server and the gateway of the settings, else files."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from flask import current_app

from . import clock, mail_server
from .mail_server import AWAY, TurnedAway

__all__ = ["AWAY", "Carriers", "TurnedAway", "files", "opened"]
MAIL, SHORT = "mail", "sms"
"""Folders of the data directory."""


class Carriers:
    """For as long as something is sent; connections are opened when they are needed."""

    def __init__(self):
        address = current_app.config["SMTP_URL"]
        self.line = mail_server.MailConnection(address) if address else None

    def mail(self, message: EmailMessage, user_id: int | None) -> None:
        """Raises TurnedAway for this letter, or what AWAY names when nothing can leave now."""
        if self.line:
            self.line.send(message)
        else:
            _write(MAIL, bytes(message), user_id, "eml")

    def short_message(self, number: str, text: str, message_id: str, user_id: int | None) -> None:
        """The same for a short message. The gateway knows by the id what it was given before."""
        if gateway := current_app.config["SMS_URL"]:
            _hand_over(gateway, {"id": message_id, "to": number, "text": text})
        else:
            _write(SHORT, f"{number}\n{text}\n".encode(), user_id, "txt")

    def close(self) -> None:
        if self.line:
            self.line.leave()


@contextmanager
def opened() -> Iterator[Carriers]:
    carriers = Carriers()
    try:
        yield carriers
    finally:
        carriers.close()


def _hand_over(gateway: str, message: dict[str, str]) -> None:
    request = Request(gateway, json.dumps(message, ensure_ascii=False).encode(),
                      {"Content-Type": "application/json; charset=utf-8"}, method="POST")
    try:
        with urlopen(request, timeout=mail_server.PATIENCE_S):
            return
    except HTTPError as refused:
        refused.close()
        if refused.code in (400, 404, 410, 422):
            raise TurnedAway(f"HTTP {refused.code}", for_good=True, by_address=True) from refused
        raise


def _folder(name: str) -> Path:
    return Path(current_app.config["DATA"]) / name


def _write(name: str, content: bytes, user_id: int | None, kind: str) -> None:
    """A file that is there only when it is whole, and only for its owner."""
    folder = _folder(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = f"{clock.now():%Y%m%dT%H%M%S}-{user_id or 0}-{uuid4().hex[:8]}.{kind}"
    fresh = folder / f".{whole}"
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
        os.replace(fresh, folder / whole)
    finally:
        fresh.unlink(missing_ok=True)


def files(pattern: str = "*") -> list[Path]:
    """Letters written to files instead of being sent."""
    return [*_folder(MAIL).glob(f"{pattern}.eml"), *_folder(SHORT).glob(f"{pattern}.txt")]
