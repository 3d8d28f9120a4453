"""A Redis of our own, on the loopback, with a password and nothing kept on disk."""

import contextlib
import socket

import config
from civic_forum.process_group import Child

from .rooms import ServiceDirectory, program

OWNER = "redis"
SETTINGS = config.ROOT / "deploy" / "redis" / "civic_forum.conf"


def configuration(port: int, password: str, folder: str) -> str:
    return f"{SETTINGS.read_text('utf-8')}\nport {port}\nrequirepass {password}\ndir {folder}\n"


class Redis(Child):
    """The server. The site goes on without it, degraded, so it is started again however often it ends."""

    def __init__(self, room: ServiceDirectory, port: int, password: str):
        self.room, self.port, self.password = room, port, password
        command = room.command(program("redis-server", "redis-server"), f"{room.inside}/redis.conf")
        super().__init__("Redis", command, (room.file,), needed=False, ends_last=True, log=room.output())

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        # In a file, because a command line can be read by everybody on the machine.
        self.room.write("redis.conf", configuration(self.port, self.password, self.room.inside))
        super().start()

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as asked:
            asked.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            reply = b""
            while more := asked.recv(200):
                reply += more
                if b"+PONG" in reply:
                    return True
        return False
