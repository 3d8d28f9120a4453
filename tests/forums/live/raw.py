"""A socket by hand, for whoever does not keep to the protocol."""

import json
import time
from contextlib import suppress
from http.client import HTTPConnection
from socket import SHUT_RDWR
from urllib.parse import urlsplit

import simple_websocket
from tests.running.machine import patience


class Raw:
    """One WebSocket to the site: what was said to it, and when it ended."""

    def __init__(self, url, cookie="", **headers):
        headers |= {"Cookie": f"session={cookie}"} if cookie else {}
        self.line = simple_websocket.Client.connect(
            f"ws://{urlsplit(url).netloc}/socket.io/?EIO=4&transport=websocket", headers=headers)

    def say(self, text):
        """False when nobody takes it any more."""
        try:
            self.line.send(text)
            return True
        except (OSError, simple_websocket.ConnectionClosed):
            return False

    def join(self, slug, after=0, **more):
        self.say("40" + json.dumps({"forum": slug, "after": after} | more))
        return self

    def hear(self, begins="", seconds=5):
        """The next text that begins like this; None when there is none in time or the line has ended."""
        deadline = time.monotonic() + patience(seconds)
        while (left := deadline - time.monotonic()) > 0:
            try:
                text = self.line.receive(timeout=left)
            except simple_websocket.ConnectionClosed:
                return None
            if text == "2":
                self.say("3")
            elif text and text.startswith(begins):
                return text
        return None

    def news(self, seconds=5):
        """The next message of news."""
        text = self.hear('42["news"', seconds)
        return text and json.loads(text[2:])[1]

    def ended(self, seconds=5):
        """After how many seconds the site had hung up; None: it has not."""
        began = time.monotonic()
        while time.monotonic() - began < patience(seconds):
            try:
                if self.line.receive(timeout=0.1) == "2":
                    self.say("3")
            except simple_websocket.ConnectionClosed:
                return time.monotonic() - began
        return None

    def leave(self):
        with suppress(OSError, simple_websocket.ConnectionClosed):
            self.line.close()
        with suppress(OSError):
            self.line.sock.shutdown(SHUT_RDWR)
        self.line.thread.join(5)
        self.line.sock.close()


def handshake(url, **headers):
    """The status with which the site answers whoever wants a socket."""
    asked = HTTPConnection(urlsplit(url).netloc, timeout=patience(10))
    try:
        asked.request("GET", "/socket.io/?EIO=4&transport=websocket", headers={
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="} | headers)
        return asked.getresponse().status
    finally:
        asked.close()
