"""Those who do not keep to the rules, in a process of their own: `python -m tests.forums.live.hostile URL SLUG KIND…`.

They go on until standard input ends, come back at once whenever they are thrown out, and use as little of the machine
as they can: what others wait for is then the site's doing. In the end they tell how often they came.
"""

import contextlib
import json
import resource
import socket
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit
from tests.running.machine import patience

PAUSE_S = 0.02
"""Before each comes back."""
FRAMES, FRAME_S = 1000, 0.001
ASKED = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{more}\r\n"
)


def frame(data: bytes) -> bytes:
    size = len(data)
    if size < 126:
        head = bytes((0x81, 0x80 | size))
    elif size < 65536:
        head = b"\x81\xfe" + size.to_bytes(2)
    else:
        head = b"\x81\xff" + size.to_bytes(8)
    return head + bytes(4) + data


LARGE, FLOOD = frame(b"x" * 10**6), frame(b'42["after",0]')


class Hostile:
    """One of them, of one kind."""

    def __init__(self, url, slug, kind):
        self.host, self.kind, self.told = urlsplit(url).netloc, kind, Counter()
        self.join = frame(b"40" + json.dumps({"forum": slug, "after": 0}).encode())

    def run(self, stop):
        while not stop.is_set():
            self.told["came"] += 1
            with contextlib.suppress(OSError), self.come() as line:
                getattr(self, self.kind)(line, stop)
            time.sleep(PAUSE_S)

    def come(self, more=""):
        name, port = self.host.split(":")
        line = socket.create_connection((name, int(port)), timeout=patience(10))
        if self.kind == "foreign":
            more = "Origin: https://elsewhere.example\r\n"
        line.sendall(ASKED.format(host=self.host, more=more).encode())
        self.told[line.recv(4096)[9:12].decode() or "closed"] += 1
        return line

    def foreign(self, _line, _stop):
        """A page of another site: refused with the handshake."""

    def large(self, line, _stop):
        """Frames of 1 MB."""
        line.sendall(self.join)
        self._to_the_end(line, [LARGE])

    def flood(self, line, stop):
        """1,000 messages a second, each asking for everything."""
        line.sendall(self.join)
        self._to_the_end(line, (FLOOD for _number in range(FRAMES) if not stop.is_set()))

    def patient(self, line, stop):
        """Asks for everything as often as one may without being thrown out."""
        line.sendall(self.join)
        threading.Thread(target=self._read, args=[line], daemon=True).start()
        while not stop.wait(0.21):
            line.sendall(FLOOD)

    def coming(self, line, _stop):
        """Asks for everything, hangs up and comes back."""
        line.sendall(self.join)
        line.recv(4096)

    def silent(self, line, stop):
        """Never says what it came for."""
        line.settimeout(15)
        while not stop.is_set() and line.recv(4096):
            pass

    def _to_the_end(self, line, frames):
        for one in frames:
            line.sendall(one)
            self.told["frames"] += 1
            time.sleep(FRAME_S)
        line.settimeout(2)
        while line.recv(65536):
            pass

    def _read(self, line):
        with contextlib.suppress(OSError):
            while line.recv(65536):
                pass


def main(url, slug, *kinds):
    stop, all_of_them = threading.Event(), [Hostile(url, slug, kind) for kind in kinds]
    threads = [threading.Thread(target=one.run, args=[stop], daemon=True) for one in all_of_them]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join(3)
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    print(json.dumps({"cpu_s": used, "told": [[one.kind, one.told] for one in all_of_them]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
