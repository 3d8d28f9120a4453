"""A mail server of our own that keeps what it is sent."""

import email
import email.policy
import time
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from tests.running.machine import patience
from . import processes


class Postbox:
    """Letters in the order they came, each an EmailMessage with `sender` and `recipients`."""

    def __init__(self):
        self.letters = []
        self.port = processes.free_port()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        letter.sender, letter.recipients = envelope.mail_from, list(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 Kept"

    def letters_to(self, address, at_least=1, seconds=10):
        """The letters to `address`, waiting until there are `at_least` so many."""
        deadline = time.monotonic() + patience(seconds)
        while True:
            found = [letter for letter in list(self.letters) if address in letter.recipients]
            if len(found) >= at_least:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} letters to {address}, not {at_least}")
            time.sleep(0.05)


@contextmanager
def running():
    postbox = Postbox()
    server = Controller(postbox, hostname="127.0.0.1", port=postbox.port)
    server.start()
    try:
        yield postbox
    finally:
        server.stop()
