"""The line to the mail server: one connection for many letters, never an endless wait, and whose trouble it is."""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from urllib.parse import unquote, urlsplit

PATIENCE_S = 20
"""For each word of the server."""
MOST_S = 60
"""For a whole letter: a server that says one byte now and then never runs out of the patience for one word."""
CLOSING = 421
"""The server ends the conversation, whatever it was about."""
ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
OUR_FAULT = "5.7."
"""Enhanced codes of policy: we may not send this there; it says nothing about the address."""
AWAY = (OSError, smtplib.SMTPException, ssl.SSLError)
HERE = frozenset(("127.0.0.1", "::1", "localhost"))
"""A relay on this machine: nobody reads along between here and there."""


class TurnedAway(Exception):
    """This letter was refused, the server goes on. `code` has no word of the server, which may name people."""

    def __init__(self, code: str, *, for_good: bool = False, by_address: bool = False):
        super().__init__(code)
        self.code, self.for_good, self.by_address = code, for_good, by_address


class PasswordInTheClear(smtplib.SMTPException):
    """The server takes no TLS: the password of the settings would be read by whoever is in between."""


class Policy(EmailPolicy):
    """As `email` writes letters, but an address of the web in a header stays in one piece: it would encode what is
    longer than a line, which no reader of `List-Unsubscribe` undoes. Words that are not ASCII are encoded with the
    spaces between them, which it would leave outside at a fold, where no reader keeps them."""

    WHOLE = "list-unsubscribe"

    def fold(self, name: str, value: str) -> str:
        if name.lower() == self.WHOLE:
            return f"{name}: {value}{self.linesep}"
        if value.isascii():
            return super().fold(name, value)
        addresses = getattr(value, "addresses", None)
        encoded = self._encoded(name, value) if addresses is None else f",{self.linesep} ".join(
            f"{self._encoded(name, address.display_name)}{self.linesep} <{address.addr_spec}>" for address in addresses)
        return f"{name}: {encoded}{self.linesep}"

    def _encoded(self, name: str, text: str) -> str:
        return Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode()


class MailConnection:
    """A conversation with the server, begun by the first letter and begun again after trouble."""

    def __init__(self, address: str):
        self.url = urlsplit(address)
        self.server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Raises TurnedAway for this letter, or what AWAY names when the server does not answer as it should."""
        try:
            with self._watched():
                self._open()
                self.server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            [(code, words)] = refused.recipients.values()
            self._turned_away(code, words, by_address=True)
        except smtplib.SMTPDataError as refused:
            self._turned_away(refused.smtp_code, refused.smtp_error)
        except (smtplib.SMTPNotSupportedError, MessageError, ValueError, IndexError) as wrong:
            raise TurnedAway(type(wrong).__name__) from wrong
        except AWAY:
            self.close()
            raise

    def _turned_away(self, code: int, words: bytes | str, *, by_address: bool = False) -> None:
        if code == CLOSING:
            self.close()
            raise smtplib.SMTPServerDisconnected("421")
        match = ENHANCED.match(words if isinstance(words, bytes) else words.encode())
        enhanced = match[1].decode() if match else ""
        by_address = by_address and not enhanced.startswith(OUR_FAULT)
        raise TurnedAway(f"{code} {enhanced}".strip(), for_good=by_address and code >= 500, by_address=by_address)

    def _open(self) -> None:
        if self.server is not None and self.server.sock is not None:
            return
        secure, context = self.url.scheme == "smtps", self._context()
        self.server = smtplib.SMTP_SSL(timeout=PATIENCE_S, context=context) if secure else smtplib.SMTP(
            timeout=PATIENCE_S)
        self.server._host = self.url.hostname  # whose certificate is asked for; `connect` alone does not say it
        self.server.connect(self.url.hostname, self.url.port or self.server.default_port)
        self.server.ehlo_or_helo_if_needed()
        if not secure and self.server.has_extn("starttls"):
            self.server.starttls(context=context)
            secure = True
        if self.url.username:
            if not secure and self.url.hostname not in HERE:
                raise PasswordInTheClear
            self._log_in()

    def _log_in(self) -> None:
        """Raises an error about the server, not about the letter at hand, where it takes no passwords at all."""
        try:
            self.server.login(unquote(self.url.username), unquote(self.url.password or ""))
        except smtplib.SMTPNotSupportedError as wrong:
            raise smtplib.SMTPException(str(wrong)) from wrong

    def _context(self) -> ssl.SSLContext:
        """TLS context: whoever is told a password proves who they are. To others letters go sealed, as servers hand
        them on."""
        context = ssl.create_default_context()
        if not self.url.username or self.url.hostname in HERE:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    @contextmanager
    def _watched(self) -> Iterator[None]:
        watch = threading.Timer(MOST_S, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _hang_up(self) -> None:
        if self.server is not None and self.server.sock is not None:
            with suppress(OSError):
                self.server.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Without a word where the server does not listen."""
        if self.server is not None:
            self.server.close()
            self.server = None

    def leave(self) -> None:
        if self.server is not None and self.server.sock is not None:
            with suppress(*AWAY), self._watched():
                self.server.quit()
        self.close()
