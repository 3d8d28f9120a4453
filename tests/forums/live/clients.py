"""Many real Socket.IO clients in a process of their own: `python -m tests.forums.live.clients`.

Commands come as lines of JSON on standard input, each is answered by one line. Clients come back by themselves, and
tell the last number that they have. They may go through a gate of this process, which can be shut.
"""

import asyncio
import contextlib
import json
import random
import resource
import sys
import time
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
import socketio
from tests.running.machine import patience


class Gate:
    """A way through TCP to the site that can be shut: all that is open is cut, and nobody comes in."""

    def __init__(self, url):
        self.target, self.open, self.server = urlsplit(url), set(), None
        self.port = 0

    async def start(self):
        self.server = await asyncio.start_server(self._through, "127.0.0.1", self.port, backlog=2048)
        self.port = self.server.sockets[0].getsockname()[1]

    async def shut(self):
        self.server.close()
        for writer in list(self.open):
            writer.transport.abort()

    async def _through(self, reader, writer):
        there, here = await asyncio.open_connection(self.target.hostname, self.target.port)
        self.open |= {writer, here}
        await asyncio.gather(self._pipe(reader, here), self._pipe(there, writer))
        self.open -= {writer, here}

    async def _pipe(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


class Client:
    """Somebody who listens, and notes every number that it is told and how late it was."""

    def __init__(self, name, url, forum, after, cookie="", language="ko", origin=None):
        self.name, self.url, self.cookie = name, url, cookie
        self.forum, self.last, self.language, self.origin = forum, after, language, origin
        self.numbers, self.waits, self.full, self.problems, self.heard = [], [], [], [], []
        self.puts = {}
        self.connects, self.stopped, self.back_at = 0, False, 0.0
        self.socket = None

    def _new(self, session):
        # as browsers do, it offers to compress
        socket = socketio.AsyncClient(reconnection=False, http_session=session,
                                      websocket_extra_options={"compress": 15})
        socket.on("news", self._news)
        socket.on("old", lambda _message: self.heard.append("old"))
        socket.on("over", lambda _message: self.heard.append("over"))
        return socket

    async def _news(self, news):
        now = time.time()
        if not self.connected_now:
            self.connected_now, self.back_at = True, now
        for event in news["events"]:
            self.numbers.append(event["number"])
            if "at" in event:
                self.full.append(event["number"])
                if news["live"] if "live" in news else len(news["events"]) < 100:
                    self.waits.append(now - datetime.fromisoformat(event["at"]).timestamp())
        for put in news["puts"]:
            self.puts[put["id"]] = put["html"]
        self.last = news["last"]

    async def run(self):
        """Listen until stopped, and come back whenever the line is cut."""
        while not self.stopped:
            headers = {"Cookie": f"session={self.cookie}"} if self.cookie else {}
            headers |= {"Origin": self.origin} if self.origin else {}
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
                self.socket, self.connected_now = self._new(session), False
                try:
                    auth = {"forum": self.forum, "after": self.last, "language": self.language}
                    await self.socket.connect(self.url, headers=headers, auth=auth, transports=["websocket"],
                                              wait_timeout=patience(10))
                    self.connects += 1
                    await self.socket.wait()
                except socketio.exceptions.ConnectionError as refused:
                    self.problems.append(str(refused))
                with contextlib.suppress(Exception):
                    await self.socket.disconnect()
            if self.stopped or "over" in self.heard or "old" in self.heard:
                return
            await asyncio.sleep(0.3 + random.random())

    def report(self):
        return {"name": self.name, "numbers": self.numbers, "full": self.full, "last": self.last,
                "connects": self.connects, "problems": self.problems[-3:], "heard": self.heard, "puts": self.puts,
                "waits": self.waits,
                "connected": self.connected_now, "back_at": self.back_at}


class Crowd:
    """All clients of this process."""

    def __init__(self):
        self.clients, self.tasks, self.gates = {}, [], []

    async def gate(self, url):
        self.gates.append(Gate(url))
        await self.gates[-1].start()
        return f"http://127.0.0.1:{self.gates[-1].port}"

    async def shut(self):
        for gate in self.gates:
            await gate.shut()

    async def mend(self):
        for gate in self.gates:
            await gate.start()

    async def join(self, clients, a_second=150):
        """Let these come, so many a second; answers when all were told something, or after a minute."""
        mine = []
        for given in clients:
            client = Client(**given)
            self.clients[client.name] = client
            client.connected_now = False
            self.tasks.append(asyncio.create_task(client.run()))
            mine.append(client)
            await asyncio.sleep(1 / a_second)
        return await self.until("connected", [client.name for client in mine])

    async def until(self, what, names=None, number=0, seconds=60):
        """The seconds until all are connected, or all have this number; None: they never were."""
        began = time.monotonic()
        mine = [self.clients[name] for name in names] if names is not None else list(self.clients.values())
        while time.monotonic() - began < patience(seconds):
            if all(client.connected_now and (what == "connected" or client.last >= number) for client in mine):
                return time.monotonic() - began
            await asyncio.sleep(0.02)
        return None

    async def report(self, names=None):
        return [client.report() for name, client in self.clients.items() if names is None or name in names]

    async def summary(self):
        """Of all: their lists, as the number of those that share each; how late things were, in ms."""
        lists = {}
        for client in self.clients.values():
            key = json.dumps(client.numbers)
            lists[key] = lists.get(key, 0) + 1
        waits = sorted(wait * 1000 for client in self.clients.values() for wait in client.waits)
        at = lambda share: waits[min(len(waits) - 1, int(len(waits) * share))] if waits else None
        return {"lists": [[json.loads(key), count] for key, count in lists.items()], "p50": at(0.5), "p99": at(0.99),
                "most": at(1), "messages": len(waits), "connects": sum(one.connects for one in self.clients.values()),
                "cpu_s": sum(resource.getrusage(resource.RUSAGE_SELF)[:2])}

    async def forget(self):
        """Count lateness anew."""
        for client in self.clients.values():
            client.waits.clear()

    async def leave(self):
        for client in self.clients.values():
            client.stopped = True
            with contextlib.suppress(Exception):
                await client.socket.disconnect()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def main():
    crowd = Crowd()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2 ** 26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        answer = await getattr(crowd, command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)
    await crowd.leave()


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20000), hard))
    asyncio.run(main())
